"""Runs polls on a thread of their own, so that whoever writes the library stays synchronous."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import Future
from datetime import datetime
from types import TracebackType
from typing import Any, Self, TypeVar

from index.errors import EmptyLibrary
from index.ingest.web.fetching import Fetcher
from index.ingest.web.polling import Poller, Reading
from index.storage.base import Corpus, Store
from index.storage.records import SourceState

_AT_ONCE = 48  # sources that are polled at once
_PATIENCE = 600.0  # seconds that a poll may take, pages and all

Result = TypeVar("Result")


class Web:
    """A fetcher and a poller on an event loop of their own; use it as a context.

    Args:
        store: for what is known already.
        fetcher: made on the loop.
        clock: gives times in UTC.
    """

    def __init__(self, store: Store, fetcher: Callable[[], Fetcher], *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._make = fetcher
        self._clock = clock
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="web", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self.run(self._open())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Does something on the loop and waits for it."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    def poll(self, state: SourceState) -> "Future[Reading]":
        """Begins to poll a source."""
        return asyncio.run_coroutine_threadsafe(self._poll(state), self._loop)

    def forget(self, names: Iterable[str]) -> None:
        """Lets go of what is remembered of sources."""
        self._loop.call_soon_threadsafe(self.poller.forget, list(names))

    async def _open(self) -> None:
        self.fetcher = await self._make().__aenter__()
        self.poller = Poller(self.fetcher, self._corpus, clock=self._clock)
        self._slots = asyncio.Semaphore(_AT_ONCE)

    async def _close(self) -> None:
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self.fetcher.__aexit__()
        await self._loop.shutdown_default_executor()

    async def _poll(self, state: SourceState) -> Reading:
        async with self._slots:
            try:
                async with asyncio.timeout(_PATIENCE):
                    return await self.poller.poll(state)
            except TimeoutError:
                return self.poller.gave_up(state, f"it took longer than {_PATIENCE / 60:.0f} minutes")

    def _corpus(self) -> Corpus | None:
        try:
            return self._store.snapshot().corpus
        except EmptyLibrary:
            return None
