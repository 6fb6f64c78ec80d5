"""Applies a few records to an open library as one small change, in time that does not grow with the library."""

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from index.ingest.catching_up import CatchingUp
from index.ingest.change import DERIVED_ANEW, Change, library_before, now, versions
from index.ingest.derivation import Job
from index.ingest.sources import Entry
from index.model import ReindexReport
from index.people import Aliases
from index.storage.base import Store
from index.storage.records import SourceState


def apply_records(
    store: Store,
    source: SourceState,
    entries: Sequence[Entry],
    *,
    gone: Collection[str] = (),
    clock: Callable[[], datetime] = now,
    aliases: Aliases | None = None,
    values: Mapping[str, str] | None = None,
) -> ReindexReport:
    """Puts what was read of one source, and nothing else: what polling calls for each reading.

    An entry whose record is stored already, unchanged, costs a look-up. Statements of a few articles are worked out in
    this process. A library that an earlier version derived is derived anew on the way.

    Args:
        store: the library; nobody else changes what answers while this runs, everybody reads.
        source: the source's state after this reading: it takes the place of the one of that name, or comes last.
            `articles` and `statements` are counted here.
        entries: what was read; an entry that could not be is reported, and what it gave before stays.
        gone: items of the source whose articles go.
        clock: gives times in UTC.
        aliases: what the administrator says of who is who; None for what was said at the change before.
        values: small values to keep, by name, with the change.

    Returns:
        What was done; `sources` holds the one source.

    Raises:
        LibraryBusy: another process is writing: try again later.
        StoreError: the library can't be read or written; it stays as it was.
    """
    began = time.monotonic()
    before = library_before(store)
    outdated = before is not None and before.meta("versions") != versions()
    catching_up = CatchingUp(store)
    with store.write(full=outdated, meanwhile=catching_up) as writer:
        before = library_before(store)  # again: another process may have written until now
        change = Change(before, writer, store, full=outdated, clock=clock, aliases=aliases)
        catching_up.begin(change)
        states = {state.name: state for state in before.sources()} if before else {}
        states[source.name] = source
        change.selection.configured = frozenset(states)
        change.derive(_jobs(change, source.name, entries, gone))
        change.resolve_people()
        change.set_sources(states.values())
        writer.set_meta("versions", versions())
        for name, value in (values or {}).items():
            writer.set_meta(name, value)
        writer.commit()
    if outdated:
        change.tally.notes.append(DERIVED_ANEW)
    report = change.tally.report((source.name,))
    return replace(report, seconds=round(time.monotonic() - began, 3), finished=clock())


def _jobs(change: Change, source: str, entries: Sequence[Entry], gone: Collection[str]) -> Iterator[Job]:
    reading = change.selection.begin(source, {*gone, *(entry.item for entry in entries)})
    for entry in entries:
        job = reading.job(entry)
        if job is not None:
            yield job
        else:
            change.step(entry.item)
    change.remove(reading.gone())
    yield from change.selection.carried()
