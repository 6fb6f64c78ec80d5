"""Polls every source in its time, until it is stopped, and lands what came; one bad source never delays another."""

import heapq
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from index.errors import EmptyLibrary, LibraryBusy
from index.ingest.web.landing import Landed, is_polled, land
from index.ingest.web.polling import Reading
from index.ingest.web.running import Web
from index.ingest.web.schedule import is_due
from index.people import Aliases
from index.storage.base import Store
from index.storage.records import SourceState

log = logging.getLogger(__name__)

_TICK = 1.0  # seconds between two looks at what has to be done
_BUSY_TRIES = 30  # ticks that are waited for another process to finish writing
_LOOK = 5.0  # seconds at most until a source that was added elsewhere is noticed
_HELD = timedelta(minutes=5)  # for which polls that brought nothing are kept back, to be written together
_MOST_AT_ONCE = 50  # readings that land as one change
_NO_TIME = datetime.min.replace(tzinfo=UTC)  # of a source that was never polled: it is due


class Watch:
    """Polls until it is stopped.

    Args:
        store: the library.
        web: open.
        clock: gives times in UTC.
        pause: waits so many seconds, or less when it is stopped.
        aliases: reads what the administrator says of who is who.
        told: called with what became of each poll.
    """

    def __init__(
        self,
        store: Store,
        web: Web,
        *,
        clock: Callable[[], datetime],
        pause: Callable[[float], None],
        aliases: Callable[[], Aliases | None] = lambda: None,
        told: Callable[[Landed], None] = lambda _: None,
    ) -> None:
        self._store = store
        self._web = web
        self._clock = clock
        self._pause = pause
        self._aliases = aliases
        self._told = told
        self._states: dict[str, SourceState] = {}
        self._times: list[tuple[datetime, str]] = []  # a heap: when each source is due, and times that no longer hold
        self._sequence = -1
        self._flying: dict[Future[Reading], str] = {}
        self._waiting: list[Reading] = []
        self._oldest: datetime | None = None  # when the first of those that wait came in

    def run(self, stop: threading.Event) -> None:
        """Polls and lands until it is stopped; what came until then is landed."""
        while not stop.is_set():
            self.step()
        self.finish()

    def finish(self) -> None:
        """Lands what has come, where nobody else is writing; what still flies is left."""
        self._take({future for future in self._flying if future.done()})
        while self._waiting:
            left = len(self._waiting)
            self.land(everything=True)
            if len(self._waiting) == left:
                return

    def step(self) -> None:
        """Starts what is due, takes what has come, lands it, and waits for more."""
        self._look()
        now = self._clock()
        for state in self._due(now):
            self._flying[self._web.poll(state)] = state.name
        if self._flying:
            done, _ = wait(self._flying, timeout=_TICK, return_when=FIRST_COMPLETED)
            self._take(done)
            self.land()
            return
        self.land()
        seconds = (self._times[0][0] - now).total_seconds() if self._times else _LOOK
        self._pause(max(seconds, 0.01))

    def land(self, *, everything: bool = False) -> None:
        """Writes what came: at once where there are articles, now and then where there are none."""
        if not self._waiting:
            return
        held = self._clock() - (self._oldest or self._clock())
        news = any(reading.entries or reading.error for reading in self._waiting)
        if not (everything or news or held >= _HELD or len(self._waiting) >= _MOST_AT_ONCE):
            return
        batch = self._waiting[:_MOST_AT_ONCE]
        try:
            landed, _ = land(self._store, batch, clock=self._clock, aliases=self._aliases())
        except LibraryBusy:
            log.info("another process is writing; %d polls wait", len(self._waiting))
            self._pause(_TICK)
            return
        if self._store.snapshot().corpus.sequence() == self._sequence + 1:
            self._sequence += 1  # nobody else has written: there is nothing to look for
        self._waiting = self._waiting[_MOST_AT_ONCE:]
        self._oldest = self._clock() if self._waiting else None
        for one in landed:
            self._told(one)

    def _due(self, now: datetime) -> list[SourceState]:
        """Those whose time has come, and that are not being polled."""
        flying = set(self._flying.values())
        found = []
        while self._times and self._times[0][0] <= now:
            _, name = heapq.heappop(self._times)
            state = self._states.get(name)
            if state is not None and name not in flying and is_due(state, now):
                flying.add(name)
                found.append(state)
        return found

    def _take(self, done: set[Future[Reading]]) -> None:
        for future in done:
            name = self._flying.pop(future)
            reading = future.result()
            if name in self._states:
                self._states[name] = reading.state
                heapq.heappush(self._times, _time_of(reading.state))
                self._waiting.append(reading)
                self._oldest = self._oldest or self._clock()

    def _look(self) -> None:
        """Notices sources that were added or removed, by this process or another."""
        try:
            corpus = self._store.snapshot().corpus
        except EmptyLibrary:
            return
        if corpus.sequence() == self._sequence:
            return
        self._sequence = corpus.sequence()
        kept = {state.name: state for state in corpus.sources() if is_polled(state)}
        self._web.forget(self._states.keys() - kept.keys())
        self._states = {name: _later(state, self._states.get(name)) for name, state in kept.items()}
        self._times = [_time_of(state) for state in self._states.values()]
        heapq.heapify(self._times)


def poll_all(
    store: Store,
    web: Web,
    states: Sequence[SourceState],
    *,
    new: bool = False,
    clock: Callable[[], datetime],
    aliases: Aliases | None = None,
    pause: Callable[[float], None],
) -> Iterator[Landed]:
    """Polls sources once, all together, and lands each as soon as it has come.

    Args:
        store: the library.
        web: open.
        states: the sources.
        new: whether they become configured ones.
        clock: gives times in UTC.
        aliases: what the administrator says of who is who.
        pause: waits so many seconds, for another process to finish writing.

    Raises:
        LibraryBusy: another process is writing, for long.
        StoreError: the library can't be read or written.
    """
    flying = {web.poll(state) for state in states}
    while flying:
        done, flying = wait(flying, return_when=FIRST_COMPLETED)
        readings = [future.result() for future in done]
        for tries in range(_BUSY_TRIES):
            try:
                landed, _ = land(store, readings, new=new, clock=clock, aliases=aliases)
                break
            except LibraryBusy:
                if tries + 1 == _BUSY_TRIES:
                    raise
                pause(_TICK)
        yield from landed


def _time_of(state: SourceState) -> tuple[datetime, str]:
    return state.next_poll or _NO_TIME, state.name


def _later(kept: SourceState, known: SourceState | None) -> SourceState:
    """The state as it is kept, or as this process knows it, when that is newer."""
    if known is None or known.last_poll is None or (kept.last_poll is not None and kept.last_poll >= known.last_poll):
        return kept
    return replace(known, articles=kept.articles, statements=kept.statements)
