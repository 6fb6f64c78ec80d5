"""The parts in which the index of a large library is made, so that few large segments are left of it.

Tantivy merges segments once eight are of like size, and till then each search goes through them one by one. Parts are
small enough to count as equally large, whatever they hold, and are shown to it at the end: then it makes one of them.
"""

import ctypes
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import tantivy

from index.storage.embedded.tantivy.segments import gather, sweep

FIRST = 64_000  # documents of the first part: a library that has no more needs no others
FURTHER = 10_000  # documents of each further one; up to so many tantivy holds segments for equally large
_ARENA_MAX = -8  # how `mallopt` names the number of arenas

Open = Callable[[Path], tantivy.IndexWriter]


class Parts:
    """The parts of one index; the first is the folder itself.

    Args:
        folder: where the index will be.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._room = FIRST
        self._filled: list[tuple[Path, list[int]]] = []  # with rows of articles that were removed since
        self.place = folder

    def removed(self, row: int) -> None:
        """Takes note of an article that is no longer to be in any part before this one."""
        for _, rows in self._filled:
            rows.append(row)

    def added(self) -> bool:
        """Takes note of a document in this part; whether this is full now, and another one is to be begun."""
        self._room -= 1
        return self._room <= 0

    def begin(self) -> None:
        """Goes on to the next part; the one before was closed."""
        self._filled.append((self.place, []))
        self.place = self._folder / f"part-{len(self._filled)}"
        self.place.mkdir()
        self._room = FURTHER

    def join(self, open_writer: Open) -> None:
        """Makes one index of all parts, which were closed; the other opens a writer in a folder."""
        if not self._filled:
            return
        for place, rows in self._filled:
            if rows:
                writer = open_writer(place)
                for row in rows:
                    writer.delete_documents_by_term("article", row)
                close(writer)
        parts = [*(place for place, _ in self._filled[1:]), self.place]
        gather(self._folder, parts)
        for part in parts:
            shutil.rmtree(part)
        close(open_writer(self._folder))
        sweep(self._folder)


def share_arenas() -> None:
    """Lets threads share memory that was freed: the many that come and go with parts would keep 80 MB of it."""
    with suppress(OSError, AttributeError, TypeError):  # where the C library is none of GNU's
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)


def close(writer: tantivy.IndexWriter) -> None:
    """Brings what was written to the disk, merges that tantivy thinks fit included."""
    writer.commit()
    writer.wait_merging_threads()
