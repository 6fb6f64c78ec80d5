"""One of several workers that together read the same sources: which items are its own follows from their names alone.

Statements are worked out before the library is locked, and every batch is a change of its own; so any number of
workers can run beside each other, and one that was killed goes on where it stopped when it is started again.
"""

import hashlib
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice

from index.errors import LibraryBusy, SourceError
from index.ingest.applying import apply_records
from index.ingest.archives import with_archives
from index.ingest.attributing import attribute_all
from index.ingest.change import Progress, now
from index.ingest.cleaning import Cleaned, clean
from index.ingest.files import open_source
from index.ingest.sources import Entry, Source
from index.ingest.warc import Archive, entry_of
from index.model import ReindexReport
from index.people import Aliases
from index.storage.base import Store
from index.storage.records import SourceState
from index.text.attribution import ATTRIBUTOR_VERSION

BATCH = 500  # articles of one change
_PATIENCE = 900.0  # seconds for which a worker waits for its turn to write


def belongs(item: str, shard: int, of: int) -> bool:
    """Whether an item is for the worker of that number, from 0, of so many; the same on every machine, for ever."""
    digest = hashlib.blake2b(item.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % of == shard


def ingest(
    store: Store,
    sources: Sequence[str],
    *,
    shard: int = 0,
    of: int = 1,
    batch: int = BATCH,
    progress: Callable[[Progress], None] = lambda _: None,
    clock: Callable[[], datetime] = now,
    aliases: Aliases | None = None,
    processes: int | None = None,
) -> ReindexReport:
    """Adds what is new or changed in a worker's share of the sources; nothing is removed.

    Args:
        store: the library, at which others may be at work.
        sources: files and folders, the same for all workers.
        shard: the worker's number, from 0.
        of: how many workers there are.
        batch: articles of one change.
        progress: called after each batch.
        clock: gives times in UTC.
        aliases: what the administrator says of who is who.
        processes: how many attribute; as many as there are processors by default.

    Returns:
        What all batches did, and what the library held after the last.

    Raises:
        SourceError: a source can't be read.
        LibraryBusy: others wrote for a quarter of an hour without a gap.
        StoreError: the library can't be read or written.
    """
    reports: list[ReindexReport] = []
    done = 0
    for source in map(open_source, with_archives(sources)):
        source.check()
        for entries in _batches(_share(source, shard, of), batch):
            _attribute(store, entries, processes)
            state = SourceState(name=source.name, kind=source.kind, last_success=clock())
            change = partial(apply_records, store, state, entries, clock=clock, aliases=aliases)
            reports.append(_in_turn(change))
            done += len(entries)
            progress(Progress(done=done, item=entries[-1].item))
    return _total(tuple(sources), reports)


def _share(source: Source, shard: int, of: int) -> Iterator[Entry]:
    if not isinstance(source, Archive):
        yield from (entry for entry in source.read() if belongs(entry.item, shard, of))
        return
    for page in source.pages():
        if page.data is not None and belongs(page.item, shard, of) and (entry := entry_of(page)) is not None:
            yield entry


def _batches(entries: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    rest = iter(entries)
    while portion := list(islice(rest, size)):
        yield portion


def _attribute(store: Store, entries: Sequence[Entry], processes: int | None) -> None:
    """Works out the statements that nobody has yet, before anybody has to wait for this worker."""
    cache = store.cache()

    def fresh() -> Iterator[Cleaned]:
        for entry in entries:
            if isinstance(entry.found, SourceError):
                continue
            try:
                cleaned = clean(entry.found, article_id=entry.article_id)
            except SourceError:
                continue  # told when the batch is applied
            article = cleaned.article
            if article.language == "en" and cache.get(article, ATTRIBUTOR_VERSION) is None:
                yield cleaned

    with closing(attribute_all(fresh(), lambda cleaned: cleaned.article, processes=processes)) as found:
        for cleaned, attributed in found:
            if not isinstance(attributed, str):
                cache.put(cleaned.article, ATTRIBUTOR_VERSION, attributed)


def _in_turn(change: Callable[[], ReindexReport]) -> ReindexReport:
    """Makes a change as soon as nobody else is writing.

    Raises:
        LibraryBusy: somebody was for too long.
    """
    end = time.monotonic() + _PATIENCE
    pause = 0.05
    while True:
        try:
            return change()
        except LibraryBusy:
            if time.monotonic() > end:
                raise
            time.sleep(pause * (0.5 + random.random()))  # noqa: S311 -- so that waiting workers do not come as one
            pause = min(1.5 * pause, 2.0)


def _total(sources: tuple[str, ...], reports: Sequence[ReindexReport]) -> ReindexReport:
    counted = {
        name: sum(getattr(report, name) for report in reports)
        for name in ("added", "changed", "unchanged", "removed", "failures")
    }
    return replace(
        reports[-1] if reports else ReindexReport(sources=sources),
        sources=sources,
        failed=tuple(each for report in reports for each in report.failed),
        notes=tuple(dict.fromkeys(note for report in reports for note in report.notes)),
        seconds=round(sum(report.seconds for report in reports), 3),
        **counted,
    )
