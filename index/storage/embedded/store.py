"""The embedded store: one folder, one writer at a time, any number of readers that each see one state.

HOME/current                   names the generation that answers; replaced atomically
HOME/g000001/corpus.sqlite     a generation: its corpus ...
HOME/g000001/engine-000000001  ... and the engine's files as of one change
HOME/attribution.sqlite, HOME/writer.lock, HOME/full.lock
"""

import logging
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import EmptyLibrary, StoreError
from index.storage.base import AttributionCache, Engine, Snapshot, Writer
from index.storage.embedded import checking, database, replaying
from index.storage.embedded.cache import SqliteCache
from index.storage.embedded.changing import CatchUp, Changing
from index.storage.embedded.corpus import SqliteCorpus
from index.storage.embedded.engines import OKAPI_UP_TO, EngineFiles
from index.storage.embedded.generations import Pointer
from index.storage.embedded.pool import Pool
from index.storage.embedded.tantivy.engine import TantivyEngine, TantivyIndexes

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
        self._changing = Changing(home, engine, okapi_up_to)
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
        pointer = self._changing.generations.current()
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
                self._pool = Pool(self._changing.generations.corpus(generation), generation)
            return self._pool

    # -------------------------------------------------------------------------------------------------------------
    # Writing

    def write(self, *, full: bool = False, meanwhile: CatchUp | None = None) -> AbstractContextManager[Writer]:
        return self._changing.write_beside(meanwhile) if full else self._changing.write()

    @contextmanager
    def rollback(self) -> Iterator[Writer]:
        with self._changing.alone(), ExitStack() as stack:
            pointer = self._changing.pointer(damaged_is_none=False)
            previous = pointer.previous if pointer else None
            if pointer is None or previous is None or not self._changing.generations.corpus(previous).exists():
                raise StoreError("There is no previous index to go back to: only `onrecord reindex --full` keeps one.")
            sequence = max(self._changing.last_sequence(pointer.generation), pointer.base) + 1
            target = Pointer(generation=self._changing.brought_up(previous))
            writer = stack.enter_context(self._changing.write_on(target.generation, sequence=sequence, then=target))
            replaying.replay(self._changing.generations.corpus(pointer.generation), writer, since=pointer.base)
            yield writer

    def compact(self) -> None:
        with self._changing.alone():
            pointer = self._changing.pointer(damaged_is_none=False)
            if pointer is None:
                return
            pointer = self._changing.in_this_format(pointer)
            with self._changing.write_on(pointer.generation, anew=True) as writer:
                writer.commit()
            with database.in_words(self._home):
                connection = database.open_to_write(self._changing.generations.corpus(pointer.generation))
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
                self._changing.generations.point_to(pointer)
            self._changing.generations.tidy(pointer)

    def _forgotten(self, generation: str) -> str | None:
        """What a generation has forgotten, as it keeps it; None too when that can't be read."""
        try:
            connection = database.open_to_read(self._changing.generations.corpus(generation))
            try:
                return SqliteCorpus(self._home, connection).meta("forgotten")
            finally:
                connection.close()
        except (sqlite3.Error, StoreError, OSError):
            return None

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
