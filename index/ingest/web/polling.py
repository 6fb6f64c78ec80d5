"""Asks one source once: what it lists is compared with the library, and only what is new or changed is read."""

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from index.errors import SourceError
from index.ingest.sources import Entry
from index.ingest.web.articles import (
    Gone,
    dated,
    read_again,
    read_item,
    read_page,
    status_words,
    taken_back,
)
from index.ingest.web.feeds import read_feed
from index.ingest.web.fetching import Fetched, Fetcher
from index.ingest.web.items import Item, Listing
from index.ingest.web.schedule import SHORTEST, failed, succeeded
from index.ingest.web.sitemaps import read_sitemap
from index.ingest.web.unpacking import unpacked
from index.ingest.web.urls import article_id
from index.ingest.web.wanted import Wanted
from index.storage.base import Corpus
from index.storage.records import SourceState, StoredArticle

log = logging.getLogger(__name__)

MOST_PAGES = 60  # that one poll reads; what is left comes with the next
_AT_ONCE = 4  # pages of one source
_SITEMAPS = 3  # of an index, the newest
_GIVE_UP = 4  # pages that fail in a row, after which the others wait for the next poll
_TRIES = 4
_RETRY = timedelta(minutes=30)  # until a page that failed is tried again; doubled each time
_REVISITS = tuple(timedelta(hours=hours) for hours in (1, 6, 24, 72))  # when an article's page is looked at again
_ACCEPT = {
    "feed": "application/rss+xml,application/atom+xml,application/feed+json,application/xml;q=0.9,*/*;q=0.5",
    "sitemap": "application/xml,text/xml;q=0.9,*/*;q=0.5",
    "page": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1",
}
_MAX_UNPACKED = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one poll gave.

    Attributes:
        state: the source's, after it.
        entries: what is to be put; never an error: those are in `missed`.
        missed: (item, reason) of what could not be read.
        listed: how many items the source listed; None when it said that nothing changed.
        error: why the source itself could not be read.
    """

    state: SourceState
    entries: tuple[Entry, ...] = ()
    missed: tuple[tuple[str, str], ...] = ()
    listed: int | None = None
    error: str | None = None


@dataclass(slots=True)
class _Tried:
    """An item that gave no article: not tried again before its time, unless the feed says something else of it."""

    mark: str
    tries: int
    not_before: datetime


@dataclass(slots=True)
class _Memory:
    """What is remembered of a source while this process runs; bounded by what the source lists at once."""

    tried: dict[str, _Tried] = field(default_factory=dict)
    window: tuple[tuple[str, str], ...] = ()  # key and link of what it listed last


class Poller:
    """Polls sources; all methods are for one event loop.

    Args:
        fetcher: open.
        corpus: the library as it is, None when there is none yet.
        clock: gives times in UTC.
    """

    def __init__(self, fetcher: Fetcher, corpus: Callable[[], Corpus | None], *, clock: Callable[[], datetime]) -> None:
        self._fetcher = fetcher
        self._corpus = corpus
        self._clock = clock
        self._memory: dict[str, _Memory] = {}

    def forget(self, names: Iterable[str]) -> None:
        """Lets go of what is remembered of sources."""
        for name in names:
            self._memory.pop(name, None)

    async def poll(self, state: SourceState) -> Reading:
        """Asks a source whether there is anything new, and reads it. Never raises but for a cancellation."""
        try:
            fetched = await self._fetcher.fetch(
                state.address or state.name,
                etag=state.etag,
                last_modified=state.last_modified,
                accept=_ACCEPT.get(state.kind, "*/*"),
                cut=state.kind != "page",
            )
            return await self.take(state, fetched)
        except SourceError as error:
            return Reading(state=failed(state, self._clock(), error.reason), error=error.reason)
        except Exception as error:  # whatever one source does, the others are polled
            log.warning("polling %s failed", state.name, exc_info=True)
            reason = f"it can't be read ({type(error).__name__})"
            return Reading(state=failed(state, self._clock(), reason), error=reason)

    def gave_up(self, state: SourceState, reason: str) -> Reading:
        """What a poll gave that was ended from outside."""
        return Reading(state=failed(state, self._clock(), reason), error=reason)

    async def take(self, state: SourceState, fetched: Fetched) -> Reading:
        """Reads what a source answered.

        Raises:
            SourceError: it can't be read.
        """
        now = self._clock()
        if fetched.status == 410 and state.kind == "page":
            return self._page_gone(state, now)
        if fetched.status not in {200, 304}:
            reason = status_words(fetched.status)
            return Reading(state=failed(state, now, reason, wait_until=fetched.wait_until), error=reason)
        state = replace(state, address=_moved(state, fetched))
        if fetched.status == 200:
            state = replace(state, etag=fetched.etag, last_modified=fetched.last_modified)
        if state.kind == "page":
            return await self._page(state, fetched, now)
        if fetched.status == 304:
            entries = await self._revisited(state, self._memory_of(state).window, now)
            return Reading(state=succeeded(state, now, news=bool(entries), at_least=fetched.fresh_for), entries=entries)
        return await self._listed(state, fetched, now)

    # -----------------------------------------------------------------------------------------------------------
    # Feeds and sitemaps

    async def _listed(self, state: SourceState, fetched: Fetched, now: datetime) -> Reading:
        listing = await self._listing(state, fetched)
        memory = self._memory_of(state)
        keys = {item.key for item in listing.items}
        memory.tried = {key: tried for key, tried in memory.tried.items() if key in keys}
        memory.window = tuple((item.key, item.link) for item in listing.items if item.link)
        corpus = self._corpus()
        wanted = Wanted(state.name, listing, corpus)
        items = [(item, before) for item, before in wanted.items() if not self._is_waiting(memory, item, now)]
        entries, missed, postponed = await self._read(state, listing, items, wanted, now)
        entries += await self._revisited(
            state, memory.window, now, without={item.key for item, _ in items} | wanted.elsewhere
        )
        state = replace(state, title=_line(listing.title) or state.title)
        state = succeeded(state, now, news=bool(entries or postponed), at_least=max(listing.hint, fetched.fresh_for))
        if postponed:
            state = replace(
                state, etag=None, last_modified=None, next_poll=now + timedelta(seconds=SHORTEST)
            )  # the rest comes with the next poll, which has to list it again
        elif any(tried.tries < _TRIES for tried in memory.tried.values()):
            state = replace(state, etag=None, last_modified=None)
        return Reading(state=state, entries=entries, missed=missed, listed=len(listing.items))

    async def _listing(self, state: SourceState, fetched: Fetched) -> Listing:
        read = read_sitemap if state.kind == "sitemap" else read_feed
        try:
            body = unpacked(fetched.body, most=_MAX_UNPACKED)
            listing = await asyncio.to_thread(read, body, fetched.url, charset=fetched.charset)
        except ValueError as error:
            raise SourceError(state.name, str(error)) from error
        items = {item.key: item for item in listing.items}
        for url in listing.further[:_SITEMAPS]:
            try:
                further = await self._fetcher.fetch(url, accept=_ACCEPT["sitemap"], cut=True)
                body = unpacked(further.body, most=_MAX_UNPACKED)
                found = await asyncio.to_thread(read_sitemap, body, further.url, charset=further.charset)
                items.update((item.key, item) for item in found.items)
            except (SourceError, ValueError) as error:
                log.info("%s, listed by %s, can't be read: %s", url, state.name, error)
        return replace(listing, items=tuple(items.values()))

    async def _read(
        self,
        state: SourceState,
        listing: Listing,
        items: Sequence[tuple[Item, StoredArticle | None]],
        wanted: Wanted,
        now: datetime,
    ) -> tuple[tuple[Entry, ...], tuple[tuple[str, str], ...], bool]:
        """Entries, what could not be read, and whether something was left for the next poll."""
        memory = self._memory_of(state)
        slots = asyncio.Semaphore(_AT_ONCE)
        failing = 0
        postponed = len(items) > MOST_PAGES
        missed: list[tuple[str, str]] = []

        async def one(item: Item, before: StoredArticle | None) -> Entry | None:
            nonlocal failing, postponed
            async with slots:
                if failing >= _GIVE_UP:
                    return None
                try:
                    found = await read_item(item, listing, self._fetcher, now=now, before=before)
                except SourceError as error:
                    missed.append((item.link or item.key, error.reason))
                    self._note(memory, item, now, lasting=True)
                    return None
            if found.record is None:
                failing += not found.lasting
                missed.append((item.link or item.key, found.reason))
                self._note(memory, item, now, lasting=found.lasting)
                return None
            failing = 0
            entry = wanted.entry(item, found.record)
            if entry is None:
                self._note(memory, item, now, lasting=True)
            else:
                memory.tried.pop(item.key, None)
            return entry

        tasks = [one(item, before) for item, before in items[:MOST_PAGES]]
        entries = [entry for entry in await asyncio.gather(*tasks) if entry is not None]
        once = {entry.article_id: entry for entry in reversed(entries)}
        return tuple(reversed(once.values())), tuple(missed), postponed

    async def _revisited(
        self,
        state: SourceState,
        window: Sequence[tuple[str, str]],
        now: datetime,
        *,
        without: frozenset[str] | set[str] = frozenset(),
    ) -> tuple[Entry, ...]:
        """What became of articles whose pages are due to be looked at again."""
        corpus = self._corpus()
        if corpus is None or state.last_poll is None or not window:
            return ()
        known = corpus.items(state.name, [key for key, _ in window if key not in without])
        stored = corpus.articles([item.article_id for item in known.values()])
        entries = []
        for key, link in window:
            before = stored.get(known[key].article_id) if key in known else None
            if before is None or not _is_revisit(before, state.last_poll, now) or before.item != key:
                continue
            record = await read_again(link, self._fetcher, now=now, before=before)
            if record is not None and record.model_dump_json(exclude_defaults=True) != before.raw:
                entries.append(Entry(item=key, place=key, found=record, article_id=before.article.id))
        return tuple(entries)

    def _is_waiting(self, memory: _Memory, item: Item, now: datetime) -> bool:
        tried = memory.tried.get(item.key)
        return tried is not None and tried.mark == item.mark and (tried.tries >= _TRIES or now < tried.not_before)

    def _note(self, memory: _Memory, item: Item, now: datetime, *, lasting: bool) -> None:
        tried = memory.tried.get(item.key)
        tries = _TRIES if lasting else (tried.tries if tried and tried.mark == item.mark else 0) + 1
        memory.tried[item.key] = _Tried(item.mark, tries, now + _RETRY * 2 ** (tries - 1))

    def _memory_of(self, state: SourceState) -> _Memory:
        return self._memory.setdefault(state.name, _Memory())

    # -----------------------------------------------------------------------------------------------------------
    # Single pages

    async def _page(self, state: SourceState, fetched: Fetched, now: datetime) -> Reading:
        if fetched.status == 304:
            return Reading(state=succeeded(state, now, news=False, at_least=fetched.fresh_for))
        record = dated(await read_page(state.name, self._fetcher, fetched), now)
        before = self._stored_page(state)
        news = before is None or record.model_dump_json(exclude_defaults=True) != before.raw
        identity = before.article.id if before else article_id(record.url or state.name)
        entry = Entry(item=state.name, place=state.name, found=record, article_id=identity)
        state = replace(state, title=record.title or state.title)
        return Reading(
            state=succeeded(state, now, news=news, at_least=fetched.fresh_for),
            entries=(entry,) if news else (),
            listed=1,
        )

    def _page_gone(self, state: SourceState, now: datetime) -> Reading:
        gone = Gone(state.name, status_words(410))
        before = self._stored_page(state)
        record = taken_back(before, gone.sentence)
        entries: tuple[Entry, ...] = ()
        if before is not None and record is not None and before.withdrawn is None:
            entries = (Entry(item=state.name, place=state.name, found=record, article_id=before.article.id),)
        return Reading(state=failed(state, now, gone.reason), entries=entries, error=gone.reason)

    def _stored_page(self, state: SourceState) -> StoredArticle | None:
        corpus = self._corpus()
        known = corpus.items(state.name, [state.name]).get(state.name) if corpus else None
        return corpus.articles([known.article_id]).get(known.article_id) if corpus and known else None


def _is_revisit(stored: StoredArticle, last_poll: datetime, now: datetime) -> bool:
    return stored.stored is not None and any(last_poll < stored.stored + after <= now for after in _REVISITS)


def _moved(state: SourceState, fetched: Fetched) -> str | None:
    return fetched.moved if fetched.moved and fetched.moved != state.name else state.address


def _line(text: str | None) -> str | None:
    return " ".join(text.split())[:200] or None if text else None
