"""What attribution found, kept beside the library so that a killed reindex does not do it twice."""

import sqlite3
import threading
from collections.abc import Collection
from pathlib import Path

from index.model import Quote
from index.storage.embedded.codec import checksum, dumps, loads, pack, quotes_of, quotes_row, unpack
from index.storage.embedded.database import in_words, keep_a_log


class SqliteCache:
    """Quotes by (content hash, attributor version) in a file of its own; whatever is damaged in it counts as absent.

    Args:
        home: the library's folder; made by the first `put`.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "attribution.sqlite"
        self._home = home
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None

    def get(self, content_hash: str, attributor: int) -> tuple[Quote, ...] | None:
        with self._lock:
            if self._connection is None and not self._path.exists():
                return None
            try:
                row = (
                    self._open()
                    .execute(
                        "SELECT sum, quotes FROM quotes WHERE hash = ? AND attributor = ?", (content_hash, attributor)
                    )
                    .fetchone()
                )
                if row is None:
                    return None
                data = unpack(row[1])
                return quotes_of(loads(data)) if checksum(data) == row[0] else None
            except (sqlite3.Error, ValueError, OSError):
                return None

    def put(self, content_hash: str, attributor: int, quotes: tuple[Quote, ...]) -> None:
        data = dumps(quotes_row(quotes))
        row = (content_hash, attributor, checksum(data), pack(data))
        with self._lock, in_words(self._home):
            try:
                self._open().execute("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?, ?)", row)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # damaged: what it held is worked out again
                self._remove()
                self._open().execute("INSERT OR REPLACE INTO quotes VALUES (?, ?, ?, ?)", row)

    def drop(self, content_hashes: Collection[str]) -> None:
        with self._lock, in_words(self._home):
            if not self._path.exists():
                return
            try:
                connection = self._open()
                connection.execute("PRAGMA secure_delete = ON")
                connection.executemany("DELETE FROM quotes WHERE hash = ?", [(each,) for each in content_hashes])
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # damaged: it goes as a whole
                self._remove()

    def prune(self, oldest: int) -> None:
        """Forgets what versions of the attributor before that one found, and gives back what it took on the disk."""
        with self._lock, in_words(self._home):
            if not self._path.exists():
                return
            try:
                connection = self._open()
                if connection.execute("DELETE FROM quotes WHERE attributor < ?", (oldest,)).rowcount:
                    connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # damaged: it goes as a whole
                self._remove()

    def close(self) -> None:
        with self._lock:
            self._close()

    def _remove(self) -> None:
        self._close()
        for path in self._home.glob(self._path.name + "*"):
            path.unlink(missing_ok=True)

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> sqlite3.Connection:
        if self._connection is None:
            self._home.mkdir(parents=True, exist_ok=True)
            connection = sqlite3.connect(self._path, timeout=10, isolation_level=None, check_same_thread=False)
            try:
                keep_a_log(connection)
                connection.executescript(
                    "PRAGMA synchronous = NORMAL;"
                    "CREATE TABLE IF NOT EXISTS quotes (hash TEXT, attributor INTEGER, sum BLOB, quotes BLOB, "
                    "PRIMARY KEY (hash, attributor)) WITHOUT ROWID;"
                )
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection
