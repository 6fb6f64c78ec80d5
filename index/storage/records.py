"""What goes into a store and comes out: articles as they lie there, what is searched for, what is found."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from index.model import Article, PersonEntry, Quote, Speaker, SpeakerKind
from index.storage.statements import Paragraphs, Statements


class Unit(StrEnum):
    """What is found: whole articles, paragraphs, or single statements (a paragraph often holds others' words too)."""

    ARTICLE = "article"
    PARAGRAPH = "paragraph"
    STATEMENT = "statement"


Terms = tuple[str, ...] | str  # a string holds terms without blanks, parted by single ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One unit as an engine indexes it.

    Attributes:
        id: ARTICLE, ARTICLE#NUMBER or ARTICLE#NUMBER.K (the K-th statement of the article, from 0).
        number: the paragraph's number; 0 for an article.
        fields: analysed terms by field; which fields there are is the caller's choice ("body", "title", ...).
        day: of publication, for filters; None when unknown.
        outlet: lower-cased, for filters.
        speakers: keys of those who speak in this unit.
        attitude: a statement that is a plan or belief with no reported speech.
    """

    unit: Unit
    id: str
    article_id: str
    number: int
    fields: Mapping[str, Terms]
    day: date | None = None
    outlet: str | None = None
    speakers: frozenset[str] = frozenset()
    attitude: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a hit must satisfy; None means anything.

    Attributes:
        speakers: at least one of these keys speaks in the unit.
        since, until: day of publication, both inclusive.
        undated: whether a unit without a day passes `since` and `until`.
        outlet: equal after lower-casing.
        articles: the unit stands in one of these articles.
        holding: its field "body" holds at least one of these terms.
        attitude: statements only: equal to this.
    """

    speakers: Set[str] | None = None
    since: date | None = None
    until: date | None = None
    undated: bool = True
    outlet: str | None = None
    articles: frozenset[str] | None = None
    holding: frozenset[str] | None = None
    attitude: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A found unit; `score` is comparable within one search only."""

    id: str
    article_id: str
    number: int
    score: float


REVISIONS = 20  # earlier versions of an article that are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An earlier version of an article.

    Attributes:
        content_hash: of that version.
        replaced: when another version took its place.
        lost: the words of statements that stood in it and stand in its successor no more.
    """

    content_hash: str
    replaced: datetime
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What became of an article: `sequence` is that of the last change of what it says, or of its removal."""

    article_id: str
    sequence: int
    removed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as the corpus keeps it.

    Attributes:
        raw: the record as the source handed it over, JSON.
        source: the configured source that gave it; `item`: the file, line or entry within that source.
        raw_hash: hex digest of the record, by which a reindex sees that nothing changed.
        attributor: the version that derived `quotes`; 0 when it was not attributed.
        sequence: of the change that wrote it; given by the store.
        damage: given by the store: one sentence when the article can be read but its statements can't; else None.
        stored: when it first came in; None when that was before anybody noted it.
        revisions: its earlier versions, oldest first, at most `REVISIONS`.
        withdrawn: one sentence when the publisher took it back, else None.
        group: the id of the first article of its wire-copy group; empty when it is in none.
    """

    article: Article
    quotes: Sequence[Quote]
    raw: str = "{}"
    source: str = ""
    item: str = ""
    raw_hash: str = ""
    attributor: int = 0
    sequence: int = 0
    damage: str | None = None
    stored: datetime | None = None
    revisions: tuple[Revision, ...] = ()
    withdrawn: str | None = None
    group: str = ""

    def quotes_within(self, number: int) -> list[Quote]:
        """The statements of which words stand in the paragraph of that number."""
        if isinstance(self.quotes, Statements):
            return self.quotes.within(number)
        return [quote for quote in self.quotes if any(span.paragraph == number for span in quote.content)]

    def texts(self) -> list[str]:
        """The paragraphs' texts, in order."""
        paragraphs = self.article.paragraphs
        return paragraphs.texts() if isinstance(paragraphs, Paragraphs) else [each.text for each in paragraphs]

    def speaking(self) -> list[tuple[Speaker | None, str]]:
        """Of each statement its speaker and the words of its source, "" for none."""
        if isinstance(self.quotes, Statements):
            return self.quotes.kept.speaking()
        return [(quote.speaker, quote.source.text if quote.source else "") for quote in self.quotes]

    def speakers(self) -> Sequence[Speaker]:
        """All who speak in the article, each at least once."""
        if isinstance(self.quotes, Statements):
            return self.quotes.kept.speakers()
        return [speaker for quote in self.quotes for speaker in quote.speakers]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredItem:
    """What a source's item became: enough to skip it when it has not changed."""

    article_id: str
    raw_hash: str
    attributor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """A configured source and its health.

    Attributes:
        name: as the administrator wrote it, made absolute for files; of the web, the address.
        kind: "folder", "file", "archive", or one of `POLLED`.
        last_success, last_error: None before the first.
        title: what a polled source calls itself.
        address: where it has moved for good; None when it has not.
        etag, last_modified: the validators of the last answer, sent with the next request.
        last_poll, next_poll: when it was asked last, and when it will be asked next.
        interval: seconds between polls, as adapted so far; 0 before the first.
        failures: polls that failed in a row; 0 once one went well.
        failing_since: when the first of them was.
    """

    name: str
    kind: str
    articles: int = 0
    statements: int = 0
    last_success: datetime | None = None
    last_error: str | None = None
    title: str | None = None
    address: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    last_poll: datetime | None = None
    next_poll: datetime | None = None
    interval: float = 0.0
    failures: int = 0
    failing_since: datetime | None = None


POLLED = frozenset({"feed", "sitemap", "page"})  # kinds of sources that are asked over the web, each in its own time


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A speaker within one article, as people.py resolves it to a person.

    Attributes:
        family: what all mentions share that can ever be one person (a surname), as whoever put the article named it.
    """

    key: str
    article_id: str
    name: str
    kind: SpeakerKind
    role: str | None = None
    aliases: tuple[str, ...] = ()
    day: date | None = None
    statements: int = 0
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person as people.py hands it to the store.

    Attributes:
        names: folded forms under which `people_named` finds the entry (full name, surname, aliases).
        role_terms: folded words of each role, for `people_in_role`.
        family: that of its mentions.
    """

    entry: PersonEntry
    names: frozenset[str]
    role_terms: tuple[frozenset[str], ...] = ()
    family: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """What the copies of an article are found by, as whoever puts the article made it.

    Attributes:
        day: of publication, as `date.toordinal`; 0 when unknown.
        keys: 32-bit numbers of which copies share some.
        body: what two articles are compared by; of no meaning to a store.
    """

    day: int
    keys: tuple[int, ...]
    body: bytes


DERIVED = frozenset({"versions", "report", "aliases"})  # small values that tell of one derivation, and go back with it
