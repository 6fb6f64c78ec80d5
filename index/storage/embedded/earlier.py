"""What a full change keeps of the generation whose place it takes: small values, and what had changed when."""

import logging
import sqlite3
from pathlib import Path

from index.errors import StoreError
from index.storage.embedded import database
from index.storage.embedded.formats import format_in
from index.storage.records import DERIVED

log = logging.getLogger(__name__)


def last_change(connection: sqlite3.Connection, article_id: str) -> tuple[int, bytes, str | None] | None:
    """The last change of what an article says, with the text's checksum and why it was withdrawn; None for no article.

    Args:
        connection: of a file in any format.
        article_id: as SQLite can take it.
    """
    if database.format_of(connection) == 1:
        query = "SELECT sequence, body_sum, NULL FROM articles WHERE id = ?"
    else:
        query = (
            "SELECT c.sequence, a.body_sum, h.withdrawn FROM articles AS a JOIN changes AS c ON c.id = a.id "
            "LEFT JOIN histories AS h ON h.article = a.row WHERE a.id = ?"
        )
    found: tuple[int, bytes, str | None] | None = connection.execute(query, (article_id,)).fetchone()
    return found


class Earlier:
    """An earlier generation, read beside the change; what is damaged in it counts as absent.

    Args:
        corpus: its SQLite file; None when there is none.
    """

    def __init__(self, corpus: Path | None) -> None:
        self._connection: sqlite3.Connection | None = None
        if corpus is not None:
            try:
                self._connection = database.open_to_read(corpus)
                self._connection.execute("BEGIN")
            except (sqlite3.Error, StoreError, OSError) as error:
                log.warning("Nothing of the index before is carried over, because it can't be read: %s", error)
                self.close()

    def last_change(self, article_id: str) -> tuple[int, bytes, str | None] | None:
        """As the function of that name."""
        if self._connection is None:
            return None
        try:
            return last_change(self._connection, article_id)
        except sqlite3.Error:
            return None

    def carry_values(self, target: sqlite3.Connection) -> None:
        """Brings over the small values that do not tell of one derivation."""
        if self._connection is None:
            return
        try:
            for name, value in self._connection.execute("SELECT name, value FROM meta").fetchall():
                if name not in DERIVED:
                    target.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))
        except sqlite3.DatabaseError as error:
            log.warning("Small values of the index before can't be read: %s", error)

    def carry_removals(self, target: sqlite3.Connection, sequence: int) -> None:
        """Notes what was removed before, and as removed by this change what it did not put again."""
        if self._connection is None:
            return
        try:
            rows = self._connection.execute(format_in(self._connection).changes)
            for article_id, before, removed in rows:
                target.execute(
                    "INSERT OR IGNORE INTO changes VALUES (?, ?, 1, NULL)",
                    (article_id, before if removed else sequence),
                )
        except sqlite3.DatabaseError as error:
            log.warning("Removals of the index before can't be read: %s", error)

    def close(self) -> None:
        """Lets go of the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
