"""Brings the library up to date with its sources: what is new, changed or gone, applied as one change.

A source that can't be read, and a file of it that can't, change nothing. Killed or interrupted, everything stays as it
was; what attribution found so far is cached, so that running again goes on from there.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial

from index.errors import NewsError, SourceError
from index.ingest.archives import take_in_all, together, with_archives
from index.ingest.catching_up import CatchingUp
from index.ingest.change import DERIVED_ANEW, Change, Progress, library_before, now, versions
from index.ingest.derivation import Job
from index.ingest.files import open_source
from index.ingest.sources import Source
from index.ingest.warc import Archive
from index.model import ReindexReport
from index.people import Aliases
from index.storage.base import Corpus, Meanwhile, Store, Writer
from index.storage.records import POLLED, SourceState

__all__ = ["Progress", "now", "reindex", "versions"]


def reindex(
    store: Store,
    sources: Sequence[str] | None = None,
    *,
    defaults: Sequence[str] = (),
    full: bool = False,
    progress: Callable[[Progress], None] = lambda _: None,
    clock: Callable[[], datetime] = now,
    aliases: Aliases | None = None,
    processes: int | None = None,
) -> ReindexReport:
    """Reads the sources and applies what changed.

    Args:
        store: the library to change.
        sources: become the configured ones; None: those configured, or the defaults when none ever were.
        defaults: names of sources.
        full: derive everything anew, beside the old, which others may change until then; also done when a version of
            what derives has changed.
        progress: called after each item that is done with.
        clock: gives times in UTC.
        aliases: what the administrator says of who is who; None for what was said at the change before.
        processes: how many attribute; as many as there are processors by default.

    Raises:
        SourceError: a source named for the first time can't be read; nothing was changed.
        LibraryBusy: another process is writing; of a full one: another process derives everything anew.
        StoreError: the library can't be read or written; it stays as it was.
        NewsError: interrupted; nothing was changed.
    """
    began = time.monotonic()
    before = library_before(store, replaceable=full and bool(sources))
    chosen = sources or (defaults if before is None or not before.sources() else None)
    named = with_archives(chosen) if chosen else None
    taking_in = partial(take_in_all, store, named, progress=progress, clock=clock, aliases=aliases)
    lost = full and before is None  # there is nothing to take archives into yet
    archived = None if lost else taking_in()
    if archived is not None:
        before = library_before(store, replaceable=full and bool(sources))
    outdated = before is not None and before.meta("versions") != versions()
    committing = False
    catching_up = CatchingUp(store)
    report = ReindexReport(sources=())

    def tell(writer: Writer) -> None:
        nonlocal report
        report = run.report() if archived is None else together(archived, run.report())
        report = replace(report, seconds=round(time.monotonic() - began, 3), finished=clock())
        writer.set_meta("report", json.dumps(asdict(report), default=str))

    def catch_up(since: Meanwhile) -> None:
        catching_up(since)
        tell(since.writer)

    try:
        with store.write(full=full or outdated, meanwhile=catch_up) as writer:
            before = library_before(
                store, replaceable=full and bool(sources)
            )  # again: another process may have written until now
            change = Change(
                before,
                writer,
                store,
                full=full or outdated,
                fresh=full,
                progress=progress,
                clock=clock,
                aliases=aliases,
            )
            catching_up.begin(change)
            run = _Reindex(before, change, clock)
            run.configure(named)
            run.apply(processes)
            if outdated:
                run.tally.notes.append(DERIVED_ANEW)
            writer.set_meta("versions", versions())
            tell(writer)
            committing = True
            writer.commit()
    except KeyboardInterrupt:
        if committing:
            raise NewsError("Interrupted at the last moment: run it again to see that nothing is missing.") from None
        raise NewsError("Interrupted: nothing was changed, the library answers as before.") from None
    if lost and (archived := taking_in(anew=True)) is not None:
        report = together(report, archived)
    return report


class _Reindex:
    """The sources of a change: which there are, what they hold, and what is gone."""

    def __init__(self, before: Corpus | None, change: Change, clock: Callable[[], datetime]) -> None:
        self.tally = change.tally
        self._change = change
        self._selection = change.selection
        self._clock = clock
        self._old_states = {state.name: state for state in before.sources()} if before else {}
        self._states: list[SourceState] = []
        self._sources: list[Source] = []

    def configure(self, names: Sequence[str] | None) -> None:
        """Decides which sources are read.

        Raises:
            SourceError: a name stands for nothing that can be read and was not a source before.
        """
        read = [state.name for state in self._old_states.values() if state.kind not in POLLED]
        found = {source.name: source for source in map(open_source, names or read)}
        for source in found.values():
            outer = next((s for s in found.values() if s is not source and s.covers(source.name)), None)
            if outer is not None and source.kind != Archive.kind:
                self.tally.notes.append(f"{source.name} was left out, because it lies in {outer.name}.")
                continue
            if source.name not in self._old_states:
                source.check()
            self._sources.append(source)
        counts = [source.count() for source in self._sources]
        self._change.total = None if None in counts else sum(count or 0 for count in counts)

    def apply(self, processes: int | None) -> None:
        """Reads every source, removes what is gone, and resolves the people."""
        polled = [state for state in self._old_states.values() if state.kind in POLLED]  # each in its own time
        self._selection.configured = frozenset([*(one.name for one in self._sources), *(one.name for one in polled)])
        self._change.derive(self._jobs(), processes=processes)
        self._change.resolve_people()
        self._change.set_sources([*self._states, *polled])

    def report(self) -> ReindexReport:
        """What was done, times aside."""
        return self.tally.report(tuple(source.name for source in self._sources))

    def _jobs(self) -> Iterator[Job]:
        """Everything that has to be derived, source by source; the rest is skipped or removed on the way."""
        for source in self._sources:
            yield from self._source(source)
        for state in self._old_states.values():
            if state.name not in self._selection.configured and state.kind in {"file", "folder", "archive"}:
                gone = self._selection.gone_with(state.name)
                self._change.remove(gone)
                self.tally.notes.append(f"{state.name} is no longer a source; {_articles(len(gone))} went with it.")
        yield from self._selection.carried()

    def _source(self, source: Source) -> Iterator[Job]:
        old = self._old_states.get(source.name)
        reading = self._selection.begin(source.name)
        error: str | None = None
        try:
            for entry in source.read():
                job = reading.job(entry)
                if job is not None:
                    yield job
                else:
                    self._change.step(entry.item)
        except SourceError as failure:
            error = failure.reason
            self.tally.failed(failure.item, failure.reason)
        else:
            self.tally.notes.extend(source.notes)
            if source.enumerable:
                self._change.remove(reading.gone())
        if error is None and source.kind == Archive.kind and old is not None:
            state = old  # taking it in has said how that went
        elif error is None:
            state = SourceState(name=source.name, kind=source.kind, last_success=self._clock())
        else:
            state = replace(old or SourceState(name=source.name, kind=source.kind), last_error=error)
        self._states.append(state)


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"
