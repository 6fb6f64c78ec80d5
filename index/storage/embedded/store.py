"""The embedded store: one folder, one writer at a time, any number of readers that each see one state.

HOME/current                   names the generation that answers; replaced atomically
HOME/g000001/corpus.sqlite     a generation: its corpus ...
HOME/g000001/engine-000000001  ... and the engine's files as of one change
HOME/attribution.sqlite, HOME/writer.lock
"""

import logging
import shutil
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from index.errors import DamagedStore, EmptyLibrary, LibraryBusy, StoreError
from index.storage.base import AttributionCache, Engine, Snapshot, Writer
from index.storage.embedded import checking, database, files, replaying
from index.storage.embedded.cache import SqliteCache
from index.storage.embedded.corpus import SqliteCorpus
from index.storage.embedded.earlier import Earlier
from index.storage.embedded.engines import OKAPI_UP_TO, EngineFiles
from index.storage.embedded.generations import Generations, Pointer
from index.storage.embedded.pool import Pool
from index.storage.embedded.tantivy.engine import TantivyEngine, TantivyIndexes
from index.storage.embedded.writer import SqliteWriter

if TYPE_CHECKING:
    from index.storage.embedded.okapi import OkapiSlot

log = logging.getLogger(__name__)

_ATTEMPTS = 5  # to read a state that writers keep replacing


class EmbeddedStore:
    """A library in one folder.

    Args:
        home: the folder; made by the first writer.
        engine: what searches; "auto" chooses by the size of the corpus.
        okapi_up_to: paragraphs up to which "auto" is okapi.
    """

    def __init__(self, home: Path, *, engine: str = "auto", okapi_up_to: int = OKAPI_UP_TO) -> None:
        self._home = home
        self._engine = engine
        self._okapi_up_to = okapi_up_to
        self._generations = Generations(home)
        self._cache = SqliteCache(home)
        self._lock = threading.Lock()
        self._pool: Pool | None = None
        self._okapi: tuple[tuple[str, int], OkapiSlot] | None = None
        self._tantivy: tuple[Path, TantivyIndexes] | None = None
        self._closed = False

    # -------------------------------------------------------------------------------------------------------------
    # Reading

    def snapshot(self) -> Snapshot:
        with database.in_words(self._home):
            for _ in range(_ATTEMPTS - 1):
                try:
                    return self._snapshot()
                except (sqlite3.OperationalError, FileNotFoundError) as error:
                    # Writers may have replaced the generation or the engine's files since their name was read.
                    log.info("Reading %s once more: %s", self._home, error)
            return self._snapshot()

    def _snapshot(self) -> Snapshot:
        pointer = self._generations.current()
        if pointer is None:
            raise EmptyLibrary("Nothing has been indexed yet: run `onrecord reindex`, or `onrecord reindex FILE...`.")
        pool = self._pool_of(pointer.generation)
        connection = pool.take()
        try:
            connection.execute("BEGIN")
            corpus = SqliteCorpus(self._home, connection, pool.shelf)
        except BaseException:
            connection.close()
            raise
        weakref.finalize(corpus, pool.give, connection).atexit = False
        return Snapshot(corpus=corpus, engine=self._engine_of(pointer.generation, corpus))

    def _engine_of(self, generation: str, corpus: SqliteCorpus) -> Engine:
        with self._lock:
            if corpus.engine == "tantivy" and self._engine != "okapi":
                folder = self._home / generation / corpus.folder
                if self._tantivy is None or self._tantivy[0] != folder:
                    self._tantivy = folder, TantivyIndexes(folder)
                    self._okapi = None
                return TantivyEngine(self._tantivy[1], corpus)
            from index.storage.embedded.okapi import LazyOkapi, OkapiSlot  # noqa: PLC0415 -- a big library needs no numpy

            key = generation, corpus.last_put()
            if self._okapi is None or self._okapi[0] != key:
                self._okapi = key, OkapiSlot()
                self._tantivy = None
            return LazyOkapi(self._okapi[1], corpus.documents)

    def _pool_of(self, generation: str) -> Pool:
        with self._lock:
            if self._closed:
                raise StoreError(f"The library in {self._home} was closed.")
            if self._pool is None or self._pool.generation != generation:
                if self._pool is not None:
                    self._pool.close()
                self._pool = Pool(self._generations.corpus(generation), generation)
            return self._pool

    # -------------------------------------------------------------------------------------------------------------
    # Writing

    @contextmanager
    def write(self, *, full: bool = False) -> Iterator[Writer]:
        with self._locked(), ExitStack() as stack:
            pointer = self._pointer(damaged_is_none=full)
            if pointer is not None:
                self._generations.tidy(pointer)  # of changes that were killed
            if pointer is None or full:
                writer = stack.enter_context(self._write_anew(pointer))
            else:
                writer = stack.enter_context(self._write_on(self._in_this_format(pointer).generation))
            yield writer

    @contextmanager
    def rollback(self) -> Iterator[Writer]:
        with self._locked(), ExitStack() as stack:
            pointer = self._pointer(damaged_is_none=False)
            previous = pointer.previous if pointer else None
            if pointer is None or previous is None or not self._generations.corpus(previous).exists():
                raise StoreError("There is no previous index to go back to: only `onrecord reindex --full` keeps one.")
            sequence = max(self._last_sequence(pointer.generation), pointer.base) + 1
            target = Pointer(generation=self._brought_up(previous))
            writer = stack.enter_context(self._write_on(target.generation, sequence=sequence, then=target))
            replaying.replay(self._generations.corpus(pointer.generation), writer, since=pointer.base)
            yield writer

    def compact(self) -> None:
        with self._locked():
            pointer = self._pointer(damaged_is_none=False)
            if pointer is None:
                return
            pointer = self._in_this_format(pointer)
            with self._write_on(pointer.generation, anew=True) as writer:
                writer.commit()
            with database.in_words(self._home):
                connection = database.open_to_write(self._generations.corpus(pointer.generation))
                try:
                    connection.execute("VACUUM")
                    connection.execute("PRAGMA busy_timeout = 0")  # while somebody reads, the log is cut another time
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
                    (folder,) = connection.execute("SELECT folder FROM state").fetchone()
                    oldest = "SELECT min(attributor) FROM articles WHERE attributor > 0"
                    (attributor,) = connection.execute(oldest).fetchone()
                finally:
                    connection.close()
            if attributor is not None:  # later ones than any article has may be of a full reindex that was stopped
                self._cache.prune(attributor)
            engines = EngineFiles(self._home / pointer.generation, self._engine, self._okapi_up_to)
            engines.discard(folder)  # those before still hold the removed; who is about to open them looks again
            if pointer.previous and self._forgotten(pointer.previous) != self._forgotten(pointer.generation):
                pointer = replace(pointer, previous=None)
                self._generations.point_to(pointer)
            self._generations.tidy(pointer)

    def _forgotten(self, generation: str) -> str | None:
        """What a generation has forgotten, as it keeps it; None too when that can't be read."""
        try:
            connection = database.open_to_read(self._generations.corpus(generation))
            try:
                return SqliteCorpus(self._home, connection).meta("forgotten")
            finally:
                connection.close()
        except (sqlite3.Error, StoreError, OSError):
            return None

    def _pointer(self, *, damaged_is_none: bool) -> Pointer | None:
        with database.in_words(self._home):
            try:
                return self._generations.current()
            except DamagedStore:
                if damaged_is_none:
                    return None
                raise

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
    def _write_on(
        self, generation: str, *, sequence: int | None = None, then: Pointer | None = None, anew: bool = False
    ) -> Iterator[SqliteWriter]:
        """A change of a generation: a transaction beside its readers.

        Args:
            generation: which one.
            sequence: the change's number; the next one when None.
            then: what `current` says afterwards; None for what it says now.
            anew: the engine's files are made from the stored documents.
        """
        engines = EngineFiles(self._home / generation, self._engine, self._okapi_up_to, anew=anew)
        with database.in_words(self._home):
            connection = database.open_to_write(self._generations.corpus(generation))
            try:
                database.cut_log(connection, self._generations.corpus(generation))
                connection.execute("BEGIN IMMEDIATE")
                state = SqliteCorpus(self._home, connection)
            except BaseException:
                connection.close()
                raise

        def finish() -> None:
            connection.execute("COMMIT")
            if then is not None:
                self._generations.point_to(then)
            engines.tidy()
            database.cut_log(connection, self._generations.corpus(generation))

        number = sequence or state.sequence() + 1
        writer = SqliteWriter(self._home, connection, number, engines, finish, recount=anew)
        try:
            yield writer
        finally:
            connection.close()
            if not writer.committed:
                engines.discard(state.folder)

    @contextmanager
    def _write_anew(self, before: Pointer | None) -> Iterator[SqliteWriter]:
        """A new generation beside the one that answers; `current` names it once it is whole and on the disk."""
        sequence = (self._last_sequence(before.generation) if before else 0) + 1
        previous = before.generation if before else None

        def named(generation: str) -> None:
            pointer = Pointer(generation=generation, previous=previous, base=sequence)
            self._generations.point_to(pointer)
            self._generations.tidy(pointer)

        earlier = Earlier(self._generations.corpus(previous) if previous else None)
        try:
            with self._new_generation(sequence, named, earlier) as writer:
                yield writer
        finally:
            earlier.close()

    @contextmanager
    def _new_generation(
        self, sequence: int, finished: Callable[[str], object], earlier: Earlier | None = None
    ) -> Iterator[SqliteWriter]:
        """A change that starts from nothing, in a folder of its own.

        Args:
            sequence: the change's number.
            finished: called with the folder's name once all is on the disk.
            earlier: the generation whose place it takes.
        """
        with database.in_words(self._home):
            generation = self._generations.new()
            folder = self._home / generation
            folder.mkdir()
            connection = database.create(self._generations.corpus(generation))
            connection.execute("BEGIN")
            if earlier is not None:
                earlier.carry_values(connection)

        def finish() -> None:
            connection.execute("COMMIT")
            database.keep_a_log(connection)
            connection.close()
            files.flush(self._generations.corpus(generation))
            files.flush(folder)
            finished(generation)

        engines = EngineFiles(folder, self._engine, self._okapi_up_to, along=True)
        writer = SqliteWriter(self._home, connection, sequence, engines, finish, earlier)
        try:
            yield writer
        finally:
            connection.close()
            if not writer.committed:
                engines.discard("")
                shutil.rmtree(folder, ignore_errors=True)

    def _in_this_format(self, pointer: Pointer) -> Pointer:
        """Sees to it that the generation that answers is written in the present format."""
        generation = self._brought_up(pointer.generation)
        if generation != pointer.generation:
            pointer = replace(pointer, generation=generation)
            with database.in_words(self._home):
                self._generations.point_to(pointer)
                self._generations.tidy(pointer)
        return pointer

    def _brought_up(self, generation: str) -> str:
        """The generation itself, or the name of a new one that holds the same in the present format."""
        path = self._generations.corpus(generation)
        with database.in_words(self._home):
            connection = database.open_to_read(path)
            try:
                if database.format_of(connection) == database.SCHEMA:
                    return generation
                sequence = SqliteCorpus(self._home, connection).sequence()
            finally:
                connection.close()
        names: list[str] = []
        with self._new_generation(sequence, names.append) as writer, database.in_words(self._home):
            try:
                replaying.write_over(path, writer)
            except (ValueError, LookupError, TypeError, AttributeError) as error:  # not what was packed
                raise database.damaged(self._home, str(error)) from error
            writer.commit()
        return names[0]

    def _last_sequence(self, generation: str) -> int:
        """Of the generation; a number beyond all that it can have had when that can't be read."""
        try:
            connection = database.open_to_read(self._generations.corpus(generation))
            try:
                return SqliteCorpus(self._home, connection).sequence()
            finally:
                connection.close()
        except (sqlite3.Error, StoreError) as error:
            log.warning("The state of %s can't be read: %s", generation, error)
            return int(generation[1:]) * 1_000_000

    # -------------------------------------------------------------------------------------------------------------

    def cache(self) -> AttributionCache:
        return self._cache

    def findings(self) -> list[tuple[str, bool, str]]:
        return checking.findings(self, self._home, self._engine, self._okapi_up_to)

    def verify(self) -> list[tuple[str, bool, str]]:
        return checking.verify(self, self._home)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            if self._pool is not None:
                self._pool.close()
            self._okapi = self._tantivy = None
        self._cache.close()
