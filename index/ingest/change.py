"""One change under way: what its sources hold, what becomes of it, and who is who afterwards."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from index.errors import DamagedStore, EmptyLibrary, StoreError
from index.ingest.attributing import attribute_all, sparing_garbage
from index.ingest.cleaning import CLEANING_VERSION
from index.ingest.derivation import Derivation, Job
from index.ingest.documents import DOCUMENTS_VERSION
from index.ingest.forgotten import Forgotten
from index.ingest.grouping import WIRECOPY_VERSION, Grouping
from index.ingest.selection import Selection
from index.ingest.tally import Tally
from index.people import PEOPLE_VERSION, Aliases, renew_people
from index.storage.base import Corpus, Store, Writer
from index.storage.records import SourceState
from index.text.analyzer import ANALYZER_VERSION
from index.text.attribution import ATTRIBUTOR_VERSION

DERIVED_ANEW = "Everything was derived anew, because On Record derives it differently now."


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a change is.

    Attributes:
        done: items done with; `total`: how many there are, None when that can't be told beforehand.
        item: the last one.
    """

    done: int
    total: int | None = None
    item: str = ""


def now() -> datetime:
    """The clock of a change that is given none."""
    return datetime.now(UTC)


def versions() -> str:
    """What the derived parts of a library depend on besides its articles."""
    return (
        f"cleaning {CLEANING_VERSION}, analyzer {ANALYZER_VERSION}, documents {DOCUMENTS_VERSION}, "
        f"attributor {ATTRIBUTOR_VERSION}, people {PEOPLE_VERSION}, copies {WIRECOPY_VERSION}"
    )


def library_before(store: Store, *, replaceable: bool = False) -> Corpus | None:
    """The library as it is, None when there is none, or when it can't be read and may be replaced.

    Raises:
        StoreError: it can't be read; damage loses the names of the sources too, so that they have to be given.
    """
    try:
        return store.snapshot().corpus
    except EmptyLibrary:
        return None
    except StoreError as error:
        if replaceable:
            return None
        if isinstance(error, DamagedStore):
            raise DamagedStore(f"{error} Name the sources with it: onrecord reindex --full SOURCE...") from error
        raise


class Change:
    """A change of the library.

    Args:
        before: the library as it is, None when there is none.
        writer: open on the store.
        store: for its cache.
        full: everything is derived, also what hasn't changed.
        fresh: even statements that the cache knows.
        progress: called after each item that is done with.
        clock: gives times in UTC.
        aliases: what the administrator says of who is who; None for what was said at the change before.
        forgotten: what is kept nowhere; None for what the library has forgotten.

    Attributes:
        total: how many items there are, None when that can't be told.
        clock: as given.
        aliases: what is taken to be said of who is who.
    """

    def __init__(
        self,
        before: Corpus | None,
        writer: Writer,
        store: Store,
        *,
        full: bool,
        fresh: bool = False,
        progress: Callable[[Progress], None] = lambda _: None,
        clock: Callable[[], datetime] = now,
        aliases: Aliases | None = None,
        forgotten: Forgotten | None = None,
    ) -> None:
        self.tally = Tally()
        if before and not full:
            self.tally.start_from(before)
        self.selection = Selection(before, self.tally, full=full, forgotten=forgotten)
        self.total: int | None = None
        self.done = 0
        said = Aliases.of_json(before.meta("aliases")) if before else Aliases()
        self.aliases = said if aliases is None else aliases
        self._everyone = full or before is None or self.aliases != said
        self.clock = clock
        self._writer = writer
        self._progress = progress
        self.grouping = Grouping(writer.copies())
        self._derivation = Derivation(
            writer,
            store.cache(),
            self.tally,
            fresh=fresh,
            stored=self.step,
            clock=clock,
            forgotten=self.selection.forgotten,
            grouping=self.grouping,
        )

    def derive(self, jobs: Iterator[Job], *, processes: int | None = None) -> None:
        """Works out each job's statements, from the cache or anew, and puts its article."""
        pending = self._derivation.uncached(jobs)
        found = attribute_all(pending, lambda job: job.cleaned.article, processes=processes)
        with sparing_garbage(), closing(found):
            for job, attributed in found:
                self._derivation.put(job, attributed)

    def remove(self, article_ids: Sequence[str]) -> None:
        """Takes articles out."""
        for article_id in article_ids:
            self._writer.remove(article_id)
        self.tally.removed += len(article_ids)

    def step(self, item: str) -> None:
        """Tells of an item that is done with."""
        self.done += 1
        total = None if self.total is None else max(self.total, self.done)
        self._progress(Progress(done=self.done, total=total, item=item))

    def resolve_people(self) -> None:
        """Says who is who, and which articles are copies, of those alone whom the change can have touched."""
        self.grouping.finish()
        self._writer.settle()
        with sparing_garbage():
            renew_people(self._writer, self.aliases, families=None if self._everyone else self._writer.touched())
        self._writer.set_meta("aliases", self.aliases.as_json())

    def set_sources(self, states: Iterable[SourceState]) -> None:
        """Makes these the configured sources, with what the library holds of them."""
        counted = []
        for state in states:
            articles, statements = self.tally.of_source(state.name)
            as_before = (articles, statements) == (state.articles, state.statements)  # so are most, of a thousand
            counted.append(state if as_before else replace(state, articles=articles, statements=statements))
        self._writer.set_sources(counted)
