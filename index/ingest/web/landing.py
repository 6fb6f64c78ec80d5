"""Puts what several polls gave into the library as one small change; an article that two of them carry comes once."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from index.ingest.catching_up import CatchingUp
from index.ingest.change import Change, library_before, now, versions
from index.ingest.derivation import Job
from index.ingest.sources import Entry
from index.ingest.web.polling import Reading
from index.model import ReindexReport
from index.people import Aliases
from index.storage.base import Corpus, Store
from index.storage.records import POLLED, SourceState


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """What became of one poll.

    Attributes:
        state: the source as it is kept now; `error`: why it could not be read.
        added, changed: articles.
        statements: how many more the library holds of this source than before.
        missed: (item, reason) of what could not be read.
        listed: how many items it listed; None when it said that nothing changed.
        kept: whether it is a configured source now.
    """

    state: SourceState
    added: int = 0
    changed: int = 0
    statements: int = 0
    missed: tuple[tuple[str, str], ...] = ()
    listed: int | None = None
    error: str | None = None
    kept: bool = True


def land(
    store: Store,
    readings: Sequence[Reading],
    *,
    new: bool = False,
    clock: Callable[[], datetime] = now,
    aliases: Aliases | None = None,
) -> tuple[list[Landed], ReindexReport]:
    """Applies readings.

    Args:
        store: the library.
        readings: of different sources; one of a source that is none any more is dropped.
        new: whether sources that aren't configured yet become so; one that could not be read does not.
        clock: gives times in UTC.
        aliases: what the administrator says of who is who.

    Raises:
        LibraryBusy: another process is writing; nothing was changed.
        StoreError: the library can't be read or written; it stays as it was.
    """
    began = time.monotonic()
    if new:
        _readmit(store, readings)
    before = library_before(store)
    outdated = before is not None and before.meta("versions") != versions()
    catching_up = CatchingUp(store)
    with store.write(full=outdated, meanwhile=catching_up) as writer:
        before = library_before(store)
        states = {state.name: state for state in before.sources()} if before else {}
        refused = [one for one in readings if new and one.error is not None and one.state.name not in states]
        readings = [one for one in readings if one not in refused and (new or one.state.name in states)]
        if not any(reading.entries for reading in readings) and not outdated:
            states.update((one.state.name, _counted(one.state, states)) for one in readings)
            writer.set_sources(list(states.values()))
            if before is None:
                writer.set_meta("versions", versions())
            if readings:
                writer.commit()
            landed = [_landed(one, states[one.state.name]) for one in readings] + [_refused(one) for one in refused]
            return landed, _nothing(readings, before, clock())
        change = Change(before, writer, store, full=outdated, clock=clock, aliases=aliases)
        catching_up.begin(change)
        old = dict(states)
        states.update((one.state.name, one.state) for one in readings)
        change.selection.configured = frozenset(states)
        counts: dict[str, tuple[int, int]] = {}
        change.derive(_jobs(change, before, readings, frozenset(old), counts))
        change.resolve_people()
        change.set_sources(states.values())
        writer.set_meta("versions", versions())
        writer.commit()
    kept = {state.name: state for state in store.snapshot().corpus.sources()}
    landed = [_refused(one) for one in refused]
    for one in readings:
        state = kept.get(one.state.name, one.state)
        had = old[one.state.name].statements if one.state.name in old else 0
        added, changed = counts.get(one.state.name, (0, 0))
        landed.append(
            replace(_landed(one, state), added=added, changed=changed, statements=max(state.statements - had, 0))
        )
    report = change.tally.report(tuple(one.state.name for one in readings))
    return landed, replace(report, seconds=round(time.monotonic() - began, 3), finished=clock())


def drop_source(
    store: Store, name: str, *, articles: bool, aliases: Aliases | None = None, clock: Callable[[], datetime] = now
) -> int:
    """Takes a source from the configured ones, and its articles out of the library where that is wanted.

    Returns:
        How many articles went.

    Raises:
        LibraryBusy: another process is writing; nothing was changed.
        StoreError: the library can't be read or written; it stays as it was.
    """
    with store.write() as writer:
        before = library_before(store)
        if before is None:
            return 0
        left = [state for state in before.sources() if state.name != name]
        if not articles:
            writer.set_sources(left)
            writer.commit()
            return 0
        change = Change(before, writer, store, full=False, clock=clock, aliases=aliases)
        change.selection.configured = frozenset(state.name for state in left)
        gone = change.selection.gone_with(name)
        change.remove(gone)
        change.resolve_people()
        change.set_sources(left)
        writer.commit()
        return len(gone)


def _jobs(
    change: Change,
    before: Corpus | None,
    readings: Iterable[Reading],
    live: frozenset[str],
    counts: dict[str, tuple[int, int]],
) -> Iterator[Job]:
    tally = change.tally
    taken: set[str] = set()
    for one in readings:
        name = one.state.name
        for item, reason in one.missed:
            tally.failed(item, reason)
        entries = list(_own(one, before, live, taken))
        reading = change.selection.begin(name, {entry.item for entry in entries})
        added, changed = tally.added, tally.changed
        for entry in entries:
            job = reading.job(entry)
            if job is not None:
                yield job
            else:
                change.step(entry.item)
        counts[name] = (tally.added - added, tally.changed - changed)
    yield from change.selection.carried()


def _own(reading: Reading, before: Corpus | None, live: frozenset[str], taken: set[str]) -> Iterator[Entry]:
    """The entries whose article no other source has given, until now or in this change."""
    ids = [entry.article_id for entry in reading.entries]
    stored = before.articles(ids) if before else {}
    for entry in reading.entries:
        known = stored.get(entry.article_id)
        elsewhere = known is not None and known.source != reading.state.name and known.source in live
        if not elsewhere and entry.article_id not in taken:
            taken.add(entry.article_id)
            yield entry


def _readmit(store: Store, readings: Sequence[Reading]) -> None:
    """Counts what the library still holds of sources that were dropped once and are named again."""
    before = library_before(store)
    if before is None:
        return
    configured = {state.name for state in before.sources()}
    again = []
    for one in readings:
        held = before.items(one.state.name) if one.state.name not in configured and one.error is None else {}
        if held:
            stored = before.articles([item.article_id for item in held.values()]).values()
            statements = sum(not quote.attitude for article in stored for quote in article.quotes)
            again.append(replace(one.state, articles=len(held), statements=statements))
    if again:
        with store.write() as writer:
            writer.set_sources([*before.sources(), *again])
            writer.commit()


def _counted(state: SourceState, states: dict[str, SourceState]) -> SourceState:
    known = states.get(state.name)
    return replace(state, articles=known.articles, statements=known.statements) if known else state


def _landed(reading: Reading, state: SourceState) -> Landed:
    return Landed(state=state, missed=reading.missed, listed=reading.listed, error=reading.error)


def _refused(reading: Reading) -> Landed:
    return Landed(state=reading.state, error=reading.error, kept=False)


def _nothing(readings: Sequence[Reading], before: Corpus | None, at: datetime) -> ReindexReport:
    """The report of polls that brought no article."""
    covered = before.coverage() if before else None
    missed = tuple(one for reading in readings for one in reading.missed)
    return ReindexReport(
        sources=tuple(reading.state.name for reading in readings),
        failed=missed,
        failures=len(missed),
        articles=covered.articles if covered else 0,
        paragraphs=covered.paragraphs if covered else 0,
        statements=covered.statements if covered else 0,
        finished=at,
    )


def is_polled(state: SourceState) -> bool:
    """Whether a source is asked over the web."""
    return state.kind in POLLED
