"""The store in a cluster: any number of processes read it, one at a time writes, and none keeps anything of its own."""

import logging
import queue
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

from opensearchpy.exceptions import NotFoundError

from index.errors import DamagedStore, EmptyLibrary, StoreError
from index.storage.base import AttributionCache, Meanwhile, Snapshot, Writer
from index.storage.opensearch import checking, replaying
from index.storage.opensearch.board import ClusterBoard
from index.storage.opensearch.cache import ClusterCache
from index.storage.opensearch.claims import ClusterClaims
from index.storage.opensearch.connection import ClusterAway, Connection
from index.storage.opensearch.corpus import ClusterCorpus
from index.storage.opensearch.engine import ClusterEngine
from index.storage.opensearch.generations import Generations, State
from index.storage.opensearch.layout import REGISTER, alias
from index.storage.opensearch.lease import Lease
from index.storage.opensearch.options import ClusterOptions
from index.storage.opensearch.reading import Reading
from index.storage.opensearch.writer import ClusterWriter
from index.storage.records import DERIVED

log = logging.getLogger(__name__)

_ATTEMPTS, _PAUSE = 2, 0.025  # to find a moment in which no change is being shown; then the state before it is read
_FOUND_WITHIN = 10.0  # seconds for that, where no state was read before
_MERGES, _BETWEEN_MERGES = 20, 2.0
_SHOWN_WITHIN = 20.0  # seconds after which a process that was showing a change is taken for dead


class ClusterStore:
    """A library in a cluster.

    Args:
        options: how to reach it.
    """

    def __init__(self, options: ClusterOptions) -> None:
        self.options = options
        self.connection = Connection(options)
        self.generations = Generations(self.connection)
        self._cache = ClusterCache(self.connection, self.generations)
        self._lock = threading.Lock()
        self._closed = False
        self._newest: tuple[tuple[int, int], Snapshot] | None = None
        self._let_go: queue.SimpleQueue[dict[str, str]] = queue.SimpleQueue()
        self._readings: weakref.WeakSet[Reading] = weakref.WeakSet()

    # -------------------------------------------------------------------------------------------------------------
    # Reading

    def snapshot(self) -> Snapshot:
        if self._closed:
            raise StoreError("The library was closed.")
        end = time.monotonic() + _FOUND_WITHIN
        attempt = 0
        while True:
            generation, state = self._answering()
            with self._lock:
                newest = self._newest
            if newest is not None and newest[0] == (generation, state.sequence):
                return newest[1]
            if not state.showing or time.time() - state.showing > _SHOWN_WITHIN:
                reading = self._held(generation, state)
                if reading is not None and (generation, state) == self._answering():
                    return self._taken_up(generation, state, reading)
            if newest is not None and attempt >= _ATTEMPTS:
                return newest[1]  # whole, as it was before what is just being shown
            if time.monotonic() > end:
                raise ClusterAway("The library changes faster than it can be read just now; try again in a moment.")
            attempt += 1
            time.sleep(_PAUSE)

    def _taken_up(self, generation: int, state: State, reading: Reading) -> Snapshot:
        snapshot = Snapshot(corpus=ClusterCorpus(reading), engine=ClusterEngine(reading))
        with self._lock:
            self._newest = (generation, state.sequence), snapshot
        self._tidy_points()
        return snapshot

    def _held(self, generation: int, state: State) -> Reading | None:
        try:
            reading = Reading(self.connection, state.sequence, generation=generation)
        except NotFoundError:
            return None  # it went just now
        weakref.finalize(reading, self._let_go.put, reading.points).atexit = False
        self._readings.add(reading)
        return reading

    def _answering(self) -> tuple[int, State]:
        found = self.generations.current()
        if found is None:
            raise EmptyLibrary("Nothing has been indexed yet: run `onrecord reindex`, or `onrecord reindex FILE...`.")
        return found

    def _tidy_points(self) -> None:
        """Gives back what the cluster held for states that nobody reads any more."""
        points: list[str] = []
        while not self._let_go.empty():
            points += self._let_go.get().values()
        if points:
            try:
                with self.connection.reading() as client:
                    client.delete_pit(body={"pit_id": points}, request_timeout=self.options.timeout)
            except Exception as error:  # noqa: BLE001 -- they end by themselves
                log.info("Old states were not given back: %s", error)

    # -------------------------------------------------------------------------------------------------------------
    # Writing

    @contextmanager
    def write(
        self,
        *,
        full: bool = False,
        meanwhile: Callable[[Meanwhile], None] | None = None,  # noqa: ARG002 -- the lease is held until all is done
    ) -> Iterator[Writer]:
        with self._leased() as lease:
            before = self._before(damaged_is_none=full)
            if before is None or full:
                with self._write_anew(before, lease) as writer:
                    yield writer
            else:
                generation, state = before
                with self._write_on(generation, replace(state, sequence=state.sequence + 1), lease) as writer:
                    yield writer

    @contextmanager
    def rollback(self) -> Iterator[Writer]:
        with self._leased() as lease:
            before = self._before()
            previous = before[1].previous if before else None
            if before is None or previous is None or previous not in self.generations.numbers():
                raise StoreError("There is no previous index to go back to: only `onrecord reindex --full` keeps one.")
            generation, now = before
            earlier = self.generations.state(previous)
            state = replace(earlier, sequence=max(now.sequence, now.base) + 1, previous=None, base=0)
            with self._write_on(previous, state, lease, answers=False) as writer:
                replaying.replay(self.connection, generation, writer, since=now.base)
                yield writer

    @contextmanager
    def _leased(self) -> Iterator[Lease]:
        with Lease(self.connection, self.generations) as lease:
            yield lease

    def _before(self, *, damaged_is_none: bool = False) -> tuple[int, State] | None:
        try:
            return self.generations.current()
        except DamagedStore:
            if damaged_is_none:
                return None
            raise

    @contextmanager
    def _write_on(
        self, generation: int, state: State, lease: Lease, *, answers: bool = True
    ) -> Iterator[ClusterWriter]:
        """A change of a generation, which answers already or does so afterwards."""

        def finish(state: State) -> None:
            lease.check()
            if answers:
                before = replace(self.generations.state(generation), showing=time.time())
                if before.sequence != state.sequence - 1:
                    raise StoreError("Another process changed the library meanwhile: run it again.")
                state = replace(state, seal=self.generations.put_state(generation, before).seal)
            self.generations.refresh(generation)
            self.generations.put_state(generation, replace(state, showing=0.0))
            if not answers:
                self.generations.answer_from(generation)

        writer = ClusterWriter(self.connection, self.generations, generation, state, finish, shown=answers)
        try:
            yield writer
        finally:
            writer.close()

    @contextmanager
    def _write_anew(self, before: tuple[int, State] | None, lease: Lease) -> Iterator[ClusterWriter]:
        """A generation beside the one that answers; it answers once it is whole."""
        numbers = self.generations.numbers()
        generation = max(numbers, default=0) + 1
        answering = before[0] if before else None
        sequence = (before[1].sequence if before else 0) + 1
        state = State(sequence=sequence, previous=answering, base=sequence)
        self.generations.make(generation, None, shown=False)

        def finish(state: State) -> None:
            lease.check()
            self.generations.refresh(generation)
            self.generations.put_state(generation, state)
            self.generations.answer_from(generation)
            self.generations.tidy(generation, answering)

        writer = ClusterWriter(
            self.connection, self.generations, generation, state, finish, earlier=answering, full=True, shown=False
        )
        try:
            if answering is not None:
                values = ClusterCorpus(Reading(self.connection, 0, held=False, generation=answering)).metas()
                for name, value in values.items():
                    if name not in DERIVED:
                        writer.set_meta(name, value)
            yield writer
        finally:
            writer.close()
            if not writer.committed:
                self.generations.drop(generation)

    def compact(self) -> None:
        with self._leased():
            before = self._before()
            if before is None:
                return
            generation, state = before
            pattern = ",".join(
                alias(self.options, family) for family in ("article", "paragraph", "statement", REGISTER)
            )
            self._merge(pattern)
            if state.previous is not None and replaying.holds_forgotten(self.connection, generation, state.previous):
                self.generations.drop(state.previous)
                self.generations.put_state(generation, replace(state, previous=None))
            self.generations.tidy(generation, state.previous)
            self.generations.refresh(generation)
        with self._lock:
            self._newest = None  # the state is the same, and its counts are not

    def _merge(self, pattern: str) -> None:
        """Merges what is left of each shard into one piece.

        Copies of a shard keep what was taken out until all of them are known to have seen it, which they tell each
        other every 30 seconds.
        """
        for _ in range(_MERGES):
            self.connection.writing(lambda client: client.indices.flush(index=pattern, params={"force": "true"}))
            self.connection.writing(
                lambda client: client.indices.forcemerge(
                    index=pattern, params={"max_num_segments": 1}, request_timeout=3600
                )
            )
            self.connection.writing(lambda client: client.indices.refresh(index=pattern))
            told = self.connection.writing(lambda client: client.indices.stats(index=pattern, metric="docs"))
            if not told["_all"]["total"]["docs"]["deleted"]:
                return
            time.sleep(_BETWEEN_MERGES)

    # -------------------------------------------------------------------------------------------------------------

    def cache(self) -> AttributionCache:
        return self._cache

    def claims(self) -> ClusterClaims:
        """Claims among all processes that share this cluster."""
        return ClusterClaims(self.connection, self.generations)

    def board(self) -> ClusterBoard:
        """Small texts that all processes share."""
        return ClusterBoard(self.connection, self.generations)

    def findings(self) -> list[tuple[str, bool, str]]:
        return checking.findings(self)

    def verify(self) -> list[tuple[str, bool, str]]:
        return checking.verify(self)

    def close(self) -> None:
        with self._lock:
            self._newest = None
            self._closed = True
        for reading in list(self._readings):  # which somebody may still hold, but nobody may read
            self._let_go.put(dict(reading.points))
        self._tidy_points()
        self.connection.close()
