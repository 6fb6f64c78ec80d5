"""Open connections to one generation, each lent to one snapshot at a time, and the articles that all of them share."""

import sqlite3
from collections import deque
from contextlib import suppress
from pathlib import Path

from index.storage.embedded import database
from index.storage.embedded.shelf import Shelf

_KEPT = 8


class Pool:
    """Connections to read with.

    Args:
        path: the SQLite file.
        generation: the generation's name.

    Attributes:
        shelf: articles that were read last.
    """

    def __init__(self, path: Path, generation: str) -> None:
        self.generation = generation
        self.shelf = Shelf()
        self._path = path
        self._idle: deque[sqlite3.Connection] = deque()
        self._closed = False

    def take(self) -> sqlite3.Connection:
        """A connection outside any transaction."""
        try:
            return self._idle.pop()
        except IndexError:
            return database.open_to_read(self._path)

    def give(self, connection: sqlite3.Connection) -> None:
        """Takes a connection back; runs when a snapshot is let go, wherever that is, so it waits for no lock."""
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
            if not (self._closed or len(self._idle) >= _KEPT or isinstance(connection, database.Unwatched)):
                self._idle.append(connection)
                if not self._closed:
                    return
        with suppress(ValueError):
            self._idle.remove(connection)
        connection.close()

    def close(self) -> None:
        """Closes those that are not lent; the lent ones are closed when they come back."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()
