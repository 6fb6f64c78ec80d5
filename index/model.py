"""The nouns of On Record: frozen values that every part passes on; they import nothing of ours but errors.

Offsets are code points, half-open, into the stored text of a paragraph unless a docstring says otherwise.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import TypeVar

_Value = TypeVar("_Value")


def _quickly_sent(made: type[_Value]) -> type[_Value]:
    """Lets values of a class go from one process to another in half the time that `dataclass` takes for it."""
    names: tuple[str, ...] = made.__slots__  # type: ignore[attr-defined]  # of a dataclass with slots
    values = attrgetter(*names)

    def state(self: object) -> object:
        return values(self)

    def restore(self: object, state: tuple[object, ...]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    made.__getstate__ = state  # type: ignore[method-assign]
    made.__setstate__ = restore  # type: ignore[attr-defined]
    return made


# ---------------------------------------------------------------------------------------------------------------
# Articles


@_quickly_sent
@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A block between line breaks after cleaning.

    Attributes:
        article_id: the article that it stands in.
        number: as a reader counts: the headline is 0, then 1, 2, ...
        text: one line, no line breaks.
    """

    article_id: str
    number: int
    text: str


@_quickly_sent
@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A cleaned article.

    Attributes:
        id: stable under re-reading.
        published: ISO 8601, a day ("2022-06-16") or a time in UTC ("2022-06-16T08:30:00Z"); None when unknown.
        content_hash: hex digest over title and paragraphs: what attribution depends on.
        paragraphs: in order, numbers ascending; paragraph 0 is the headline, where there is one.
        aliases: (name as the text has it, longer name that the page's markup glued on), from cleaning.
        language: ISO 639-1 code; attribution reads "en".
    """

    id: str
    title: str
    outlet: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    language: str = "en"
    content_hash: str = ""
    paragraphs: Sequence[Paragraph] = ()
    aliases: tuple[tuple[str, str], ...] = ()

    @property
    def day(self) -> date | None:
        """The day of publication, None when unknown."""
        return day_of(self.published)

    def paragraph(self, number: int) -> Paragraph | None:
        """The paragraph of that number, or None."""
        for place in (number, number - 1):  # where it nearly always is: with a headline, and without one
            if 0 <= place < len(self.paragraphs) and self.paragraphs[place].number == number:
                return self.paragraphs[place]
        return next((p for p in self.paragraphs if p.number == number), None)


def day_of(published: str | None) -> date | None:
    """The day in an ISO 8601 day or time; None for None or for anything else."""
    if not published:
        return None
    try:
        return date.fromisoformat(published[:10])
    except ValueError:
        return None


# ---------------------------------------------------------------------------------------------------------------
# Who said what


class SpeakerKind(StrEnum):
    """What makes a statement."""

    PERSON = "person"
    ORGANISATION = "organisation"
    DOCUMENT = "document"
    UNNAMED = "unnamed"


class QuoteKind(StrEnum):
    """How much of a statement stands inside quotation marks."""

    DIRECT = "direct"  # all inside quotation marks
    MIXED = "mixed"  # partly
    INDIRECT = "indirect"  # none


@_quickly_sent
@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A slice of one paragraph: `paragraph.text[start:end] == text`."""

    paragraph: int
    start: int
    end: int
    text: str


@_quickly_sent
@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Somebody, or something, that makes statements.

    Attributes:
        id: within one article a key that never changes ("ARTICLE:heather-nauert"); over the corpus a person's id.
        name: the fullest name that is printed ("Heather Nauert"); as printed for the unnamed ("a senior official").
        role: as printed ("State Department spokeswoman"), None when none is.
        aliases: other names as printed, without the name itself.
    """

    id: str
    name: str
    role: str | None = None
    kind: SpeakerKind = SpeakerKind.PERSON
    aliases: tuple[str, ...] = ()


@_quickly_sent
@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One statement: who, in which words, and how the article puts it.

    Attributes:
        content: the words said, in reading order; several spans when the cue splits them or they run over paragraphs.
        cue: "said", "according to"; None when the statement only continues an earlier one.
        source: the mention of the speaker ("she", "spokeswoman Heather Nauert"); None when none is printed.
        speaker: None when nobody could be named.
        also: the further speakers of a conjoined source.
        when: as printed ("Wednesday"), or an ISO day when it could be resolved.
        manner: how it was put: "said", "denied", "asked", ...
        attitude: a plan or belief with no reported speech; kept out of "what did X say".
        confidence: probability that speaker and words belong together, 0..1.
    """

    kind: QuoteKind
    content: tuple[Span, ...]
    cue: Span | None = None
    source: Span | None = None
    speaker: Speaker | None = None
    also: tuple[Speaker, ...] = ()
    when: str | None = None
    manner: str = "said"
    attitude: bool = False
    confidence: float = 1.0

    @property
    def speakers(self) -> tuple[Speaker, ...]:
        """The speaker and the further ones, in printed order."""
        return ((self.speaker,) if self.speaker else ()) + self.also

    @property
    def paragraph(self) -> int:
        """The number of the paragraph in which the words begin."""
        return self.content[0].paragraph


# ---------------------------------------------------------------------------------------------------------------
# Asking


class Intent(StrEnum):
    """What a question asks for."""

    SAID = "said"  # what did X say (about T)
    WHO_SAID = "who_said"  # who said "..."
    DID_SAY = "did_say"  # did X say "..."
    COMPARE = "compare"  # what X and Y said about T, side by side
    TIMELINE = "timeline"  # what X said about T over time
    WHO_SPOKE = "who_spoke"  # who spoke about T
    PLAIN = "plain"  # any other question


class Verdict(StrEnum):
    """Whether somebody said it, as far as the index knows."""

    WORD_FOR_WORD = "word_for_word"
    IN_SUBSTANCE = "in_substance"
    SAID_BY_OTHER = "said_by_other"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a person typed.

    Attributes:
        text: as typed.
        context: earlier questions of the same conversation, oldest first.
        asked: the question's now; articles published after that day are not seen.
        latest: the last day that the index covers: a month or a day without a year is the last one until then.
    """

    text: str
    asked: date
    latest: date | None = None
    context: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """Where to read it: a label ("The Hill, 13 December 2017, paragraph 4") and, when known, an address.

    Attributes:
        url: the article's address with a text fragment for the sentence; None when the article has none.
        reference: ARTICLE#NUMBER for `onrecord show`.
    """

    label: str
    url: str | None
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleCard:
    """What an answer tells of an article without its text.

    Attributes:
        note: one sentence when the article was withdrawn, or says something else than when it first came in.
    """

    id: str
    title: str
    outlet: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    note: str | None = None

    @property
    def day(self) -> date | None:
        """The day of publication, None when unknown."""
        return day_of(self.published)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph read back from the store, with its quotes; every span was found again in the stored text.

    Attributes:
        quotes: those that answer the question first.
        answering: how many of `quotes` answer the question.
        also_in: other articles that carry the same passage.
    """

    score: float
    article: ArticleCard
    paragraph: Paragraph
    quotes: tuple[Quote, ...]
    citation: Citation
    answering: int = 0
    also_in: tuple[ArticleCard, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Passages that belong together in a side-by-side or a timeline; `passages` are indexes into the answer's."""

    label: str
    passages: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The question as understood, passages best first, and, when there are none, why and what is near.

    Attributes:
        understood: one line for a person: "What Heather Nauert said about talks".
        speaker: who was asked about; for "who said", who was found.
        since, until: both days inclusive.
        reason: one sentence when nothing was found.
        did_you_mean: near speakers' names or questions to ask instead.
    """

    question: str
    intent: Intent
    understood: str
    speaker: Speaker | None = None
    speakers: tuple[Speaker, ...] = ()
    topic: str | None = None
    since: date | None = None
    until: date | None = None
    outlet: str | None = None
    passages: tuple[Passage, ...] = ()
    groups: tuple[Group, ...] = ()
    verdict: Verdict | None = None
    reason: str | None = None
    did_you_mean: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.passages)


# ---------------------------------------------------------------------------------------------------------------
# What the library tells of itself


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEntry:
    """A speaker over the whole corpus, as a list of speakers shows one.

    Attributes:
        keys: the speakers within articles that this person is.
        articles: in how many articles.
        statements: how many statements, plans and beliefs aside.
        roles: (role as printed, first day, last day that it was printed), most frequent first; days None when undated.
    """

    speaker: Speaker
    keys: Set[str] = frozenset()
    articles: int = 0
    statements: int = 0
    roles: tuple[tuple[str, date | None, date | None], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """What the index holds."""

    articles: int
    paragraphs: int
    statements: int
    speakers: int
    first_day: date | None = None
    last_day: date | None = None
    outlets: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexReport:
    """What a reindex did.

    Attributes:
        failed: (item, reason in words), in reading order; `failures` counts them all where the list was cut.
        notes: sentences that an administrator should read (a source no longer configured, an article not in English).
    """

    sources: tuple[str, ...]
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    failures: int = 0
    notes: tuple[str, ...] = ()
    articles: int = 0
    paragraphs: int = 0
    statements: int = 0
    seconds: float = 0.0
    finished: datetime | None = None
