"""Brings the library up to date with its sources: what is new, changed or gone, applied as one change.

A source that can't be read, and a file of it that can't, change nothing. Killed or interrupted, everything stays as it
was; what attribution found so far is cached, so that running again goes on from there.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime

from index.errors import DamagedStore, EmptyLibrary, NewsError, SourceError, StoreError
from index.ingest.attributing import attribute_all
from index.ingest.cleaning import CLEANING_VERSION
from index.ingest.derivation import Derivation, Job
from index.ingest.documents import DOCUMENTS_VERSION
from index.ingest.files import open_source
from index.ingest.selection import Selection
from index.ingest.sources import Source
from index.ingest.tally import Tally
from index.model import ReindexReport
from index.people import resolve
from index.storage.base import Corpus, SourceState, Store, Writer
from index.text.analyzer import ANALYZER_VERSION
from index.text.attribution import ATTRIBUTOR_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a reindex is.

    Attributes:
        done: items done with; `total`: how many there are, None when that can't be told beforehand.
        item: the last one.
    """

    done: int
    total: int | None = None
    item: str = ""


def now() -> datetime:
    """The clock of a reindex that is given none."""
    return datetime.now(UTC)


def versions() -> str:
    """What the derived parts of a library depend on besides its articles."""
    return (
        f"cleaning {CLEANING_VERSION}, analyzer {ANALYZER_VERSION}, documents {DOCUMENTS_VERSION}, "
        f"attributor {ATTRIBUTOR_VERSION}"
    )


def reindex(
    store: Store,
    sources: Sequence[str] | None = None,
    *,
    defaults: Sequence[str] = (),
    full: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
    clock: Callable[[], datetime] = now,
    processes: int | None = None,
) -> ReindexReport:
    """Reads the sources and applies what changed.

    Args:
        store: the library to change.
        sources: become the configured ones; None: those configured, or the defaults when none ever were.
        defaults: names of sources.
        full: derive everything anew, beside the old; also done when a version of what derives has changed.
        progress: called after each item that is done with.
        clock: gives times in UTC.
        processes: how many attribute; as many as there are processors by default.

    Raises:
        SourceError: a source named for the first time can't be read; nothing was changed.
        LibraryBusy: another process is writing.
        StoreError: the library can't be read or written; it stays as it was.
        NewsError: interrupted; nothing was changed.
    """
    began = time.monotonic()
    before = _before(store, replaceable=full and bool(sources))
    outdated = before is not None and before.meta("versions") != versions()
    committing = False
    try:
        with store.write(full=full or outdated) as writer:
            before = _before(
                store, replaceable=full and bool(sources)
            )  # again: another process may have written until now
            change = _Change(before, writer, store, full=full or outdated, fresh=full, progress=progress, clock=clock)
            change.configure(sources or None, defaults)
            change.apply(processes)
            if outdated:
                change.tally.notes.append("Everything was derived anew, because On Record derives it differently now.")
            report = replace(change.report(), seconds=round(time.monotonic() - began, 3), finished=clock())
            writer.set_meta("versions", versions())
            writer.set_meta("report", json.dumps(asdict(report), default=str))
            committing = True
            writer.commit()
    except KeyboardInterrupt:
        if committing:
            raise NewsError("Interrupted at the last moment: run it again to see that nothing is missing.") from None
        raise NewsError("Interrupted: nothing was changed, the library answers as before.") from None
    return report


def _before(store: Store, *, replaceable: bool) -> Corpus | None:
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


class _Change:
    """One change under way: which sources there are, what they hold, and what becomes of it."""

    def __init__(
        self,
        before: Corpus | None,
        writer: Writer,
        store: Store,
        *,
        full: bool,
        fresh: bool,
        progress: Callable[[Progress], None],
        clock: Callable[[], datetime],
    ) -> None:
        self.tally = Tally()
        if before and not full:
            self.tally.start_from(before)
        self._writer = writer
        self._progress = progress
        self._clock = clock
        self._old_states = {state.name: state for state in before.sources()} if before else {}
        self._states: list[SourceState] = []
        self._sources: list[Source] = []
        self._derivation = Derivation(writer, store.cache(), self.tally, fresh=fresh, stored=self._step)
        self._selection = Selection(before, self.tally, full=full)
        self._done = 0
        self._total: int | None = None

    def configure(self, names: Sequence[str] | None, defaults: Sequence[str]) -> None:
        """Decides which sources are read.

        Raises:
            SourceError: a name stands for nothing that can be read and was not a source before.
        """
        found = {source.name: source for source in map(open_source, names or list(self._old_states) or defaults)}
        for source in found.values():
            outer = next((s for s in found.values() if s is not source and s.covers(source.name)), None)
            if outer is not None:
                self.tally.notes.append(f"{source.name} was left out, because it lies in {outer.name}.")
                continue
            if source.name not in self._old_states:
                source.check()
            self._sources.append(source)
        counts = [source.count() for source in self._sources]
        self._total = None if None in counts else sum(count or 0 for count in counts)

    def apply(self, processes: int | None) -> None:
        """Reads every source, removes what is gone, and resolves the people."""
        self._selection.configured = frozenset(source.name for source in self._sources)
        pending = self._derivation.uncached(self._jobs())
        with closing(attribute_all(pending, lambda job: job.cleaned.article, processes=processes)) as found:
            for job, attributed in found:
                self._derivation.put(job, attributed)
        self._writer.set_people(resolve(self._writer.mentions()))
        self._writer.set_sources([self._counted(state) for state in self._states])

    def report(self) -> ReindexReport:
        """What was done, times aside."""
        return self.tally.report(tuple(source.name for source in self._sources))

    def _jobs(self) -> Iterator[Job]:
        """Everything that has to be derived, source by source; the rest is skipped or removed on the way."""
        for source in self._sources:
            yield from self._source(source)
        for state in self._old_states.values():
            if state.name not in self._selection.configured and state.kind in {"file", "folder"}:
                gone = self._selection.gone_with(state.name)
                self._remove(gone)
                self.tally.notes.append(f"{state.name} is no longer a source; its {len(gone):,} articles went.")
        yield from self._selection.carried()

    def _source(self, source: Source) -> Iterator[Job]:
        old = self._old_states.get(source.name)
        reading = self._selection.begin(source)
        error: str | None = None
        try:
            for entry in source.read():
                job = reading.job(entry)
                if job is not None:
                    yield job
                else:
                    self._step(entry.item)
        except SourceError as failure:
            error = failure.reason
            self.tally.failed(failure.item, failure.reason)
        else:
            self.tally.notes.extend(source.notes)
            if source.enumerable:
                self._remove(reading.gone())
        if error is None:
            state = SourceState(name=source.name, kind=source.kind, last_success=self._clock())
        else:
            state = replace(old or SourceState(name=source.name, kind=source.kind), last_error=error)
        self._states.append(state)

    def _remove(self, article_ids: Sequence[str]) -> None:
        for article_id in article_ids:
            self._writer.remove(article_id)
        self.tally.removed += len(article_ids)

    def _step(self, item: str) -> None:
        self._done += 1
        total = None if self._total is None else max(self._total, self._done)
        self._progress(Progress(done=self._done, total=total, item=item))

    def _counted(self, state: SourceState) -> SourceState:
        articles, statements = self.tally.of_source(state.name)
        return replace(state, articles=articles, statements=statements)
