"""Entries that wait to be sent: in memory, and past some size in a file of this machine."""

import tempfile
from collections.abc import Iterable, Iterator
from typing import IO

from index.storage.opensearch import bulk
from index.storage.opensearch.connection import Connection

_IN_MEMORY = 32 * 2**20  # bytes before it goes into a file


class Spool:
    """Lines of entries, in order.

    Args:
        connection: where they are sent.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lines: IO[str] = tempfile.SpooledTemporaryFile(  # noqa: SIM115 -- closed by `close`
            _IN_MEMORY, "w+", encoding="utf-8", newline="\n"
        )

    @property
    def is_large(self) -> bool:
        """Whether it is worth sending."""
        return self._lines.tell() >= _IN_MEMORY // 8

    def write(self, line: str) -> None:
        """Adds an entry."""
        self._lines.write(line)

    def pour(self) -> None:
        """Sends what was gathered."""
        self._lines.seek(0)
        bulk.send(self._connection, _entries(self._lines))
        self._lines.seek(0)
        self._lines.truncate()

    def close(self) -> None:
        """Lets go of what was gathered."""
        self._lines.close()


def _entries(lines: Iterable[str]) -> Iterator[str]:
    """Each entry with its fields, from lines."""
    for line in lines:
        yield line if line.startswith('{"delete"') else line + next(iter(lines))
