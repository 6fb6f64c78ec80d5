"""The embedded store: one folder, one writer at a time, any number of readers that each see one state.

HOME/current        names the generation that answers; replaced atomically
HOME/g000001/       a generation: corpus.sqlite and its engine's files
HOME/attribution.sqlite, HOME/writer.lock
"""

import json
import logging
import os
import shutil
import sqlite3
import threading
import weakref
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import DamagedStore, EmptyLibrary, LibraryBusy, StoreError
from index.storage.base import AttributionCache, Snapshot, Writer
from index.storage.embedded import database
from index.storage.embedded.cache import SqliteCache
from index.storage.embedded.corpus import SqliteCorpus
from index.storage.embedded.okapi import LazyOkapi, OkapiSlot
from index.storage.embedded.writer import SqliteWriter

log = logging.getLogger(__name__)

_FORMAT = 1
_FILE = "corpus.sqlite"
_KEPT_CONNECTIONS = 8


class EmbeddedStore:
    """A library in one folder.

    Args:
        home: the folder; made by the first writer.
        engine: what searches; "auto" chooses by the size of the corpus.
    """

    def __init__(self, home: Path, *, engine: str = "auto") -> None:
        self._home = home
        self._engine = engine
        self._cache = SqliteCache(home)
        self._lock = threading.Lock()
        self._pool: _Pool | None = None
        self._slots: dict[tuple[str, int], OkapiSlot] = {}
        self._closed = False

    # -------------------------------------------------------------------------------------------------------------
    # Reading

    def snapshot(self) -> Snapshot:
        with database.in_words(self._home):
            for attempt in range(5):
                generation = self._current()
                if generation is None:
                    raise EmptyLibrary(
                        "Nothing has been indexed yet: run `onrecord reindex`, or `onrecord reindex FILE...`."
                    )
                try:
                    return self._snapshot_of(generation)
                except sqlite3.OperationalError:
                    # Writers may have replaced the generation, twice, since its name was read.
                    if attempt == 4 or self._current() == generation:
                        raise
        raise AssertionError("the last attempt returns or raises")

    def _snapshot_of(self, generation: str) -> Snapshot:
        pool = self._pool_of(generation)
        connection = pool.take()
        try:
            connection.execute("BEGIN")
            corpus = SqliteCorpus(self._home, connection)
        except BaseException:
            connection.close()
            raise
        weakref.finalize(corpus, pool.give, connection).atexit = False
        return Snapshot(corpus=corpus, engine=LazyOkapi(self._slot(generation, corpus.sequence()), corpus.documents))

    def _pool_of(self, generation: str) -> "_Pool":
        with self._lock:
            if self._closed:
                raise StoreError(f"The library in {self._home} was closed.")
            if self._pool is None or self._pool.generation != generation:
                if self._pool is not None:
                    self._pool.close()
                self._pool = _Pool(self._home / generation / _FILE, generation)
            return self._pool

    def _slot(self, generation: str, sequence: int) -> OkapiSlot:
        with self._lock:
            key = (generation, sequence)
            if key not in self._slots:
                self._slots = {key: OkapiSlot()}
            return self._slots[key]

    def _current(self) -> str | None:
        """The generation that answers, None when nothing was ever committed."""
        try:
            pointer = json.loads((self._home / "current").read_bytes())
            found, generation = pointer["format"], str(pointer["generation"])
        except FileNotFoundError:
            return None
        except (ValueError, LookupError, TypeError) as error:
            raise DamagedStore(
                f"The index in {self._home} is damaged (its pointer can't be read): run `onrecord reindex --full`."
            ) from error
        if found != _FORMAT:
            raise database.newer(self._home, found, _FORMAT)
        return generation

    # -------------------------------------------------------------------------------------------------------------
    # Writing

    @contextmanager
    def write(self, *, full: bool = False) -> Iterator[Writer]:
        with self._locked():
            try:
                generation = self._current()
            except DamagedStore:
                if not full:
                    raise
                generation = None
            change = self._write_anew(generation) if generation is None or full else self._write_on(generation)
            with change as writer:
                yield writer

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with database.in_words(self._home):
            self._home.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._home / "writer.lock", timeout=0)
            try:
                lock.acquire()
            except Timeout:
                raise LibraryBusy(
                    f"Another process is writing to the library in {self._home}: try again when it has finished."
                ) from None
        try:
            yield
        finally:
            lock.release()

    @contextmanager
    def _write_on(self, generation: str) -> Iterator[Writer]:
        """A change of the generation that answers: a transaction beside its readers."""
        with database.in_words(self._home):
            connection = database.open_to_write(self._home / generation / _FILE)
            try:
                connection.execute("BEGIN IMMEDIATE")
                sequence = SqliteCorpus(self._home, connection).sequence() + 1
            except BaseException:
                connection.close()
                raise
        try:
            yield SqliteWriter(self._home, connection, sequence, lambda: connection.execute("COMMIT"))
        finally:
            connection.close()

    @contextmanager
    def _write_anew(self, before: str | None) -> Iterator[Writer]:
        """A new generation beside the one that answers; `current` names it once it is whole and on the disk."""
        with database.in_words(self._home):
            sequence = self._last_sequence(before) + 1
            generation = self._next_generation()
            folder = self._home / generation
            folder.mkdir()
            connection = database.create(folder / _FILE)
            connection.execute("BEGIN")

        def finish() -> None:
            connection.execute("COMMIT")
            connection.execute("PRAGMA journal_mode = WAL").fetchone()
            connection.close()
            _flush(folder / _FILE)
            _flush(folder)
            self._point_to(generation)
            self._tidy({generation, before})

        writer = SqliteWriter(self._home, connection, sequence, finish)
        try:
            yield writer
        finally:
            connection.close()
            if not writer.committed:
                shutil.rmtree(folder, ignore_errors=True)

    def _last_sequence(self, generation: str | None) -> int:
        """Of the generation; a number beyond all that it can have had when that can't be read."""
        if generation is None:
            return 0
        try:
            connection = database.open_to_read(self._home / generation / _FILE)
            try:
                return SqliteCorpus(self._home, connection).sequence()
            finally:
                connection.close()
        except (sqlite3.Error, StoreError) as error:
            log.warning("The state of %s can't be read (%s): it is written anew.", generation, error)
            return int(generation[1:]) * 1_000_000

    def _next_generation(self) -> str:
        numbers = [int(path.name[1:]) for path in self._home.glob("g??????") if path.name[1:].isdigit()]
        return f"g{max(numbers, default=0) + 1:06d}"

    def _point_to(self, generation: str) -> None:
        waiting = self._home / "current.new"
        waiting.write_text(json.dumps({"format": _FORMAT, "generation": generation}) + "\n")
        _flush(waiting)
        waiting.replace(self._home / "current")
        _flush(self._home)

    def _tidy(self, kept: set[str | None]) -> None:
        for path in self._home.glob("g??????"):
            if path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)

    # -------------------------------------------------------------------------------------------------------------

    def cache(self) -> AttributionCache:
        return self._cache

    def findings(self) -> list[tuple[str, bool, str]]:
        try:
            snapshot = self.snapshot()
            coverage = snapshot.corpus.coverage()
        except StoreError as error:
            return [("index", False, str(error))]
        said = f"{coverage.articles:,} articles, {coverage.paragraphs:,} paragraphs in {self._home}"
        return [("index", True, said), ("engine", True, "okapi (rank-bm25), in memory")]

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._pool is not None:
                self._pool.close()
            self._slots = {}
        self._cache.close()


class _Pool:
    """Open connections to one generation, each lent to one snapshot at a time."""

    def __init__(self, path: Path, generation: str) -> None:
        self.generation = generation
        self._path = path
        self._idle: deque[sqlite3.Connection] = deque()
        self._closed = False

    def take(self) -> sqlite3.Connection:
        try:
            return self._idle.pop()
        except IndexError:
            return database.open_to_read(self._path)

    def give(self, connection: sqlite3.Connection) -> None:
        """Takes a connection back; runs when a snapshot is let go, so it must not wait for a lock."""
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
            if not self._closed and len(self._idle) < _KEPT_CONNECTIONS:
                self._idle.append(connection)
                if not self._closed:
                    return
        with suppress(ValueError):
            self._idle.remove(connection)
        connection.close()

    def close(self) -> None:
        self._closed = True
        while self._idle:
            self._idle.pop().close()


def _flush(path: Path) -> None:
    """Makes a file, or a folder's list of files, safe on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
