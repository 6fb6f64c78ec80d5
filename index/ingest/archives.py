"""Takes web archives in, in many small changes that each note how far reading is: killed, it goes on from there.

A page is known by its address and the digest of its bytes, so that reading an archive again passes over what the
library holds without looking at it; an archive that was read to its end is not opened again until it changes.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from index.errors import NewsError, SourceError
from index.ingest.applying import apply_records
from index.ingest.change import Progress, library_before, now
from index.ingest.files import ARCHIVES, explained, open_source
from index.ingest.sources import Entry
from index.ingest.warc import Archive, Archived, entry_of, pages
from index.model import ReindexReport
from index.people import Aliases
from index.storage.base import Store
from index.storage.records import POLLED, SourceState

_META = "archives"
_BATCH = 100  # pages that are looked at for one change
_FAR = 5_000  # pages passed over, after which it is noted how far reading is


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """How far an archive was read.

    Attributes:
        mark: tells whether the file is the one that was read.
        offset: of the record to go on with.
        done: whether it was read to its end.
    """

    mark: str
    offset: int = 0
    done: bool = False


def with_archives(names: Sequence[str]) -> list[str]:
    """The names, and behind each folder the web archives that lie in it: each of them is a source of its own.

    Raises:
        SourceError: nothing that is read has such a name.
    """
    found = (
        [name, *_archives_in(Path(source.name))] for name, source in zip(names, map(open_source, names), strict=True)
    )
    return list(dict.fromkeys(each for several in found for each in several))


def _archives_in(path: Path) -> list[str]:
    found = []
    for folder, subfolders, names in os.walk(path):
        subfolders[:] = sorted(name for name in subfolders if not name.startswith("."))
        chosen = sorted(name for name in names if name.lower().endswith(ARCHIVES) and not name.startswith("."))
        found += [str(Path(folder, name)) for name in chosen]
    return found


def take_in_all(
    store: Store,
    names: Sequence[str] | None,
    *,
    progress: Callable[[Progress], None],
    clock: Callable[[], datetime],
    aliases: Aliases | None,
    anew: bool = False,
) -> ReindexReport | None:
    """Takes in those of the named sources that are archives, or those configured; None when there are none.

    Raises:
        SourceError: one that is no source yet can't be opened; one that is, and can't be, is passed over.
        NewsError: interrupted; what was taken in so far is kept. Otherwise as `take_in`.
    """
    before = library_before(store)
    states = {state.name: state for state in before.sources() if state.kind not in POLLED} if before else {}
    if names is None:
        names = with_archives(list(states))
    archives = [source for source in map(open_source, names) if isinstance(source, Archive)]
    archives = [source for source in archives if source.name not in states or _is_there(source)]
    total: ReindexReport | None = None
    try:
        for archive in archives:
            report = take_in(store, archive, progress=progress, clock=clock, aliases=aliases, anew=anew)
            total = together(total, report) if total else report
    except KeyboardInterrupt:
        raise NewsError("Interrupted: what was taken in so far is kept; run it again to go on from there.") from None
    return total


def _is_there(archive: Archive) -> bool:
    try:
        archive.check()
    except SourceError:
        return False
    return True


def take_in(
    store: Store,
    archive: Archive,
    *,
    progress: Callable[[Progress], None] = lambda _: None,
    clock: Callable[[], datetime] = now,
    aliases: Aliases | None = None,
    anew: bool = False,
) -> ReindexReport:
    """Reads what an archive holds and the library doesn't.

    Args:
        store: the library.
        archive: the archive.
        progress: called after each change.
        clock: gives times in UTC.
        aliases: what the administrator says of who is who.
        anew: from the archive's beginning, however far it was read.

    Returns:
        What was done, of all its changes together.

    Raises:
        SourceError: it can't be opened.
        LibraryBusy: another process is writing.
        StoreError: the library can't be read or written.
    """
    archive.check()
    stat = archive.path.stat()
    mark = f"{stat.st_size}:{stat.st_mtime_ns}"
    before = library_before(store)
    reached = _reached(before.meta(_META) if before else None).get(archive.name)
    known_as = {state.name: state for state in before.sources()}.get(archive.name) if before else None
    if anew or known_as is None or reached is None or reached.mark != mark:
        reached = Reached(mark=mark)
    elif known_as.last_error:
        reached = replace(reached, done=False)  # what was wrong is looked at again
    total = ReindexReport(sources=(archive.name,))
    if reached.done:
        return total
    known = {hash(item) for item in before.items(archive.name)} if before else set()
    state = SourceState(name=archive.name, kind=archive.kind)
    error: str | None = None
    without = 0
    with archive.path.open("rb") as stream:
        reading = pages(stream, size=stat.st_size, start=reached.offset, known=known)
        while not reached.done:
            batch, last, error = _batch(reading)
            found = [entry for page in batch if (entry := entry_of(page)) is not None]
            without += len(batch) - len(found)
            found = _own(store, archive.name, found)
            reached = replace(reached, offset=reached.offset if last is None else last, done=last is None)
            state = replace(state, last_error=error) if error else replace(state, last_success=clock())
            once = {entry.article_id: entry for entry in found}  # of a page that stands twice the later one
            values = {_META: _with(store, archive.name, reached)}
            report = apply_records(store, state, list(once.values()), clock=clock, aliases=aliases, values=values)
            total = together(total, report)
            known.update(hash(entry.item) for entry in found)
            item = f"{archive.path.name}, {reached.offset / 1e6:,.0f} MB"
            progress(Progress(done=total.added + total.changed, item=item))
    if error:
        total = replace(total, failed=(*total.failed, (archive.name, error)), failures=total.failures + 1)
    if without:
        total = replace(total, notes=(*total.notes, _told(archive.name, without)))
    return total


def _own(store: Store, name: str, entries: Sequence[Entry]) -> list[Entry]:
    """Those whose article no other source has given: of a page that two archives hold, the first one that is read."""
    before = library_before(store)
    if before is None:
        return list(entries)
    live = {state.name for state in before.sources()} - {name}
    stored = before.articles([entry.article_id for entry in entries])
    return [each for each in entries if each.article_id not in stored or stored[each.article_id].source not in live]


def _batch(reading: Iterator[Archived]) -> tuple[list[Archived], int | None, str | None]:
    """The next pages to look at, where to go on after them (None at the end), and why there are no more."""
    batch: list[Archived] = []
    last: int | None = None
    try:
        for page in islice(reading, _FAR):
            last = page.offset
            if page.data is not None:
                batch.append(page)
                if len(batch) == _BATCH:
                    break
    except ValueError as error:
        return batch, None, str(error)
    except OSError as error:
        return batch, None, explained(error)
    return batch, last, None


def _told(name: str, without: int) -> str:
    return f"{name}: {'1 page' if without == 1 else f'{without:,} pages'} showed no article."


def together(one: ReindexReport, other: ReindexReport) -> ReindexReport:
    """What two changes did, the later one last: it tells what the library holds."""
    counts: dict[str, Any] = {
        name: getattr(one, name) + getattr(other, name)
        for name in ("added", "changed", "unchanged", "removed", "failed", "failures", "seconds")
    }
    return replace(other, **counts, notes=tuple(dict.fromkeys((*one.notes, *other.notes))))


def _reached(value: str | None) -> dict[str, Reached]:
    try:
        told = json.loads(value or "{}")
        return {name: Reached(mark=each[0], offset=each[1], done=each[2]) for name, each in told.items()}
    except (ValueError, AttributeError, LookupError, TypeError):
        return {}


def _with(store: Store, name: str, reached: Reached) -> str:
    before = library_before(store)
    all_reached = _reached(before.meta(_META) if before else None) | {name: reached}
    return json.dumps({each: [one.mark, one.offset, one.done] for each, one in all_reached.items()})
