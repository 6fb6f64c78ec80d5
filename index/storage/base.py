"""The seam that every store keeps: a Corpus that is the truth, an Engine that finds, a Writer that changes both.

Nothing of SQLite, rank-bm25, tantivy or a cluster shows through it. Engines take analysed terms, so that all of them
see the same tokens; one BM25 serves them all: k1 1.2, b 0.75, idf ln(1 + (N - df + .5) / (df + .5)).
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from index.model import Article, Coverage, PersonEntry, Quote
from index.storage.records import (
    Change,
    Document,
    Filters,
    Hit,
    Mention,
    PersonRow,
    Signature,
    SourceState,
    StoredArticle,
    StoredItem,
    Unit,
)

# ---------------------------------------------------------------------------------------------------------------
# Reading


class Corpus(Protocol):
    """The truth: articles with what was derived from them, where they came from, and who is who."""

    def sequence(self) -> int:
        """The number of the last change applied; 0 for an empty corpus."""
        ...

    def article(self, article_id: str) -> StoredArticle | None:
        """One article, or None.

        Raises:
            DamagedStore: its stored bytes are not what was written.
        """
        ...

    def articles(self, article_ids: Iterable[str], *, records: bool = True) -> dict[str, StoredArticle]:
        """Those of the articles that are stored and sound, by id, in one read; a damaged one is logged and left out.

        Args:
            article_ids: which ones.
            records: whether the raw records are wanted; without them a store may give "{}" in their place, and unpack
                statements when they are looked at: damaged ones are logged and left out, and `damage` doesn't tell.
        """
        ...

    def article_ids(self) -> Iterator[str]:
        """All ids in ascending order, streamed."""
        ...

    def changes(self, since: int) -> Iterator[Change]:
        """Each article that came, went or says something else since that change, once, ascending by sequence.

        A full change counts only what it made different; deriving statements anew is no change of an article.
        """
        ...

    def items(self, source: str, only: Collection[str] | None = None) -> dict[str, StoredItem]:
        """What each item of that source became, by item; `only` some of them, where given."""
        ...

    def sources(self) -> tuple[SourceState, ...]:
        """The configured sources, in the order in which they were named; empty when none was ever named."""
        ...

    def coverage(self) -> Coverage:
        """What the index holds."""
        ...

    def mentions(self) -> Iterator[Mention]:
        """Every speaker within every article, streamed, by article and key."""
        ...

    def person(self, person_id: str) -> PersonEntry | None:
        """One person by id."""
        ...

    def person_of(self, key: str) -> PersonEntry | None:
        """The person that a speaker within an article is."""
        ...

    def people_named(self, folded: str) -> tuple[PersonEntry, ...]:
        """Persons with exactly this folded name among theirs, most statements first."""
        ...

    def people_like(self, folded: str, limit: int = 25) -> tuple[PersonEntry, ...]:
        """Persons with a name word that begins like this or that is spelt nearly so; best first, then most statements.

        An empty string gives the persons with most statements.
        """
        ...

    def people_in_role(self, words: frozenset[str], limit: int = 25) -> tuple[PersonEntry, ...]:
        """Persons one of whose roles holds all these folded words, most statements first."""
        ...

    def meta(self, name: str) -> str | None:
        """A small value that a writer kept ("report", "forgotten", ...), or None."""
        ...


class Engine(Protocol):
    """Finds units by analysed terms."""

    name: str

    def search(
        self,
        unit: Unit,
        terms: Mapping[str, float],
        *,
        boosts: Mapping[str, float],
        filters: Filters | None = None,
        k: int = 10,
    ) -> list[Hit]:
        """The k best units that hold at least one of the terms in a boosted field, best first, ties by id.

        Args:
            unit: what to find.
            terms: analysed term to weight.
            boosts: field to weight; a score is the sum over fields and terms of boost x weight x BM25.
            filters: pushed down, so that k hits come back where k exist.
            k: at most so many.
        """
        ...

    def browse(self, unit: Unit, *, filters: Filters, k: int = 10) -> list[Hit]:
        """Units that pass the filters, newest day first (undated last), then by article id, number and id; score 0."""
        ...

    def df(self, unit: Unit, field: str, term: str) -> int:
        """In how many units of that kind the field holds the term."""
        ...

    def count(self, unit: Unit) -> int:
        """How many units of that kind there are."""
        ...


def count_together(engine: Engine, unit: Unit, field: str, terms: Collection[str]) -> None:
    """Tells an engine for which terms it is about to be asked `df`, so that one far away is asked once for all."""
    if hasattr(engine, "dfs"):
        engine.dfs(unit, field, terms)


# ---------------------------------------------------------------------------------------------------------------
# Writing


class Copies(Protocol):
    """Signatures of articles and the groups that their copies form, as a change makes them."""

    def sign(self, article_id: str, signature: Signature) -> None:
        """Keeps the signature of an article that this change has put; taking the article out drops it."""
        ...

    def signature(self, article_id: str) -> Signature | None:
        """The signature of an article, None when it has none."""
        ...

    def near(self, signature: Signature, *, days: int) -> list[tuple[str, Signature]]:
        """Articles that may be copies, most shared keys first; undated ones for an undated one only.

        Args:
            signature: of the article.
            days: how many days before and after it they are looked for.
        """
        ...

    def torn(self) -> frozenset[str]:
        """Groups from which this change has taken an article or replaced it."""
        ...

    def members(self, group: str) -> list[str]:
        """The articles of a group, by id."""
        ...

    def groups_of(self, article_ids: Collection[str]) -> dict[str, str]:
        """The group of each of the articles that are stored; "" for none."""
        ...

    def set_groups(self, groups: Mapping[str, str]) -> None:
        """Says to which group articles belong; "" takes one out of its group."""
        ...


class Writer(Protocol):
    """One change of the library: everything between opening and `commit` becomes visible at once, or not at all."""

    def put(
        self, stored: StoredArticle, documents: Sequence[Document], *, families: Mapping[str, str] | None = None
    ) -> None:
        """Adds an article, or replaces the one with its id.

        Args:
            stored: the article.
            documents: its units.
            families: speaker's key to family, for those who resolve only the persons that a change can touch.
        """
        ...

    def remove(self, article_id: str) -> None:
        """Takes an article out (a tombstone stays); nothing happens when it is not there."""
        ...

    def set_sources(self, sources: Sequence[SourceState]) -> None:
        """Replaces the configured sources."""
        ...

    def set_people(self, rows: Iterable[PersonRow], *, families: frozenset[str] | None = None) -> None:
        """Replaces the table of persons, or only those of some families."""
        ...

    def touched(self) -> frozenset[str]:
        """Families with mentions that this change has added or taken away so far."""
        ...

    def families(self) -> Iterator[str] | None:
        """All families of mentions and persons, ascending, as this change makes them; None where nobody can tell."""
        ...

    def set_meta(self, name: str, value: str) -> None:
        """Keeps a small value; a full change and a rollback carry it over, but for those in `DERIVED`."""
        ...

    def mentions(self, *, families: frozenset[str] | None = None) -> Iterator[Mention]:
        """As `Corpus.mentions`, over what this change would make of it; only those of some families, where given."""
        ...

    def copies(self) -> Copies | None:
        """What finds copies of wire stories; None for a store that keeps no signatures."""
        ...

    def settle(self) -> None:
        """Says that likely no more articles come or go, so that what takes long may begin."""
        ...

    def commit(self) -> int:
        """Makes the change durable, then visible, and gives its sequence number.

        Raises:
            StoreError: the disk is full or the folder can't be written; the library stays as it was.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanwhile:
    """What others changed while a full change was made, as it was put into the new state.

    Attributes:
        writer: of the new state; the articles, removals and small values are in.
        new: the new state, as it was before them.
        old: the state that has them, and still answers.
        put: ids of the articles that were put.
        gone: ids of those that were removed.
        differing: gives the ids of the articles that the full change itself made different.
    """

    writer: Writer
    new: Corpus
    old: Corpus
    put: Sequence[str]
    gone: Sequence[str]
    differing: Callable[[], Sequence[str]]


class AttributionCache(Protocol):
    """What attribution found, by (content hash, attributor version); survives a writer that was killed."""

    def get(self, article: Article, attributor: int) -> tuple[Quote, ...] | None:
        """The statements of an article of that content, as this one's; None when nobody has found them."""
        ...

    def put(self, article: Article, attributor: int, quotes: tuple[Quote, ...]) -> None: ...

    def drop(self, content_hashes: Collection[str]) -> None:
        """Forgets what was found in texts of these hashes, so that nothing of it stays on the disk.

        Where others may put meanwhile, because everything is derived anew, nothing of these texts is kept later either.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One consistent state: corpus and engine of the same sequence."""

    corpus: Corpus
    engine: Engine


class Store(Protocol):
    """Corpus and engine of one library, for any number of reading threads and one writer at a time."""

    def snapshot(self) -> Snapshot:
        """The newest state that a writer committed; cheap when nothing changed, picked up without a restart.

        Raises:
            EmptyLibrary: nothing was ever committed.
            StoreError: it can't be opened.
        """
        ...

    def write(
        self, *, full: bool = False, meanwhile: Callable[[Meanwhile], None] | None = None
    ) -> AbstractContextManager[Writer]:
        """Opens a change; leaving the block without `commit` leaves everything as it was.

        Args:
            full: start from nothing, beside the old state, which is kept for `rollback`. A store may let others change
                the old state for as long as that takes; what they did is brought over by `commit`.
            meanwhile: does with that what a store can't, as to say who is who; called once or more, or not at all.

        Raises:
            LibraryBusy: another process is writing, or makes a full change.
        """
        ...

    def rollback(self) -> AbstractContextManager[Writer]:
        """Opens a change that goes back to the state before the last full one, with what came after it replayed.

        Removed articles stay removed. As with any change, nothing happens before `commit`; persons are those of the
        earlier state until `set_people` is called.

        Raises:
            LibraryBusy: another process is writing, or makes a full change.
            StoreError: there is nothing to go back to.
        """
        ...

    def compact(self) -> None:
        """Makes the engine's files anew from the corpus and gives back what removed articles took on the disk.

        An earlier state kept for `rollback` goes too, when it still holds what has been forgotten since.

        Raises:
            LibraryBusy: another process is writing, or makes a full change.
        """
        ...

    def verify(self) -> list[tuple[str, bool, str]]:
        """Reads everything: (what was checked, whether it is well, in words, with the command that repairs it)."""
        ...

    def cache(self) -> AttributionCache: ...

    def findings(self) -> list[tuple[str, bool, str]]:
        """For `doctor`: (what was checked, whether it is well, in words, with the fix where it isn't)."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineChoice:
    """Which engine serves, and why, for `doctor`."""

    name: str
    why: str
    limits: Mapping[str, int] = field(default_factory=dict)
