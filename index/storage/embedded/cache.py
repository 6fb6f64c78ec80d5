"""What attribution found, kept beside the library so that a killed reindex does not do it twice."""

import sqlite3
import threading
from collections.abc import Collection
from pathlib import Path

from index.model import Article, Quote
from index.storage.embedded.codec import checksum, dumps, loads, pack, statements_of, unpack
from index.storage.embedded.database import in_words, keep_a_log
from index.storage.embedded.keys import key_of
from index.storage.embedded.shorthand import short_quotes, texts_of

_SHORT = b"2"  # goes into the sums of rows that leave out what the article holds, which earlier versions pass over
_DROPPED = -1  # in the place of the attributor: nothing of the text is kept ever again, whoever still works it out
_PUT = """
INSERT OR REPLACE INTO quotes SELECT ?1, ?2, ?3, ?4
WHERE NOT EXISTS (SELECT 1 FROM quotes WHERE hash = ?1 AND attributor = ?5)
"""


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

    def get(self, article: Article, attributor: int) -> tuple[Quote, ...] | None:
        with self._lock:
            if self._connection is None and not self._path.exists():
                return None
            try:
                row = (
                    self._open()
                    .execute(
                        "SELECT sum, quotes FROM quotes WHERE hash = ? AND attributor = ?",
                        (article.content_hash, attributor),
                    )
                    .fetchone()
                )
                return None if row is None else _quotes_of(article, *row)
            except (sqlite3.Error, ValueError, LookupError, OSError):
                return None

    def put(self, article: Article, attributor: int, quotes: tuple[Quote, ...]) -> None:
        data = dumps(short_quotes(article, quotes))
        row = (article.content_hash, attributor, checksum(_SHORT + data), pack(data), _DROPPED)
        with self._lock, in_words(self._home):
            try:
                self._open().execute(_PUT, row)
            except sqlite3.OperationalError:
                raise
            except sqlite3.DatabaseError:  # damaged: what it held is worked out again
                self._remove()
                self._open().execute(_PUT, row)

    def drop(self, content_hashes: Collection[str]) -> None:
        with self._lock, in_words(self._home):
            if not self._path.exists():
                return
            try:
                connection = self._open()
                connection.execute("PRAGMA secure_delete = ON")
                marks = [(each, _DROPPED) for each in content_hashes]
                connection.executemany("INSERT OR IGNORE INTO quotes VALUES (?, ?, x'', x'')", marks)
                connection.executemany("DELETE FROM quotes WHERE hash = ? AND attributor != ?", marks)
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
                if connection.execute("DELETE FROM quotes WHERE attributor BETWEEN 0 AND ?", (oldest - 1,)).rowcount:
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


def _quotes_of(article: Article, summed: bytes, packed: bytes) -> tuple[Quote, ...] | None:
    """The statements of a row; None where it is not what was written.

    Raises:
        ValueError, LookupError: likewise.
    """
    data = unpack(packed)
    if summed not in {checksum(_SHORT + data), checksum(data)}:
        return None
    speakers, rows = loads(data)
    whole = [[_key_of(article.id, key), *rest] for key, *rest in speakers]
    kept = statements_of((whole, rows), texts_of(article))
    return tuple(map(kept.make, range(kept.count)))


def _key_of(article_id: str, written: str) -> str:
    """A speaker's key in the article; earlier versions wrote what stands behind the article's id, with its colon."""
    return article_id + written if written.startswith(":") else key_of(article_id, written)
