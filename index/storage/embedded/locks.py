"""Two rights in a library's folder: to change it, and to make a generation beside the one that answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import LibraryBusy
from index.storage.embedded.database import in_words

_MOMENT = 0.5  # seconds: somebody may be clearing away what a killed change has left


class Locks:
    """Who may do what; a process that ends gives its rights back. Who needs both takes the one to build first.

    Args:
        home: the library's folder; made with the first right.
    """

    def __init__(self, home: Path) -> None:
        self._home = home

    @contextmanager
    def changing(self, *, patience: float = 0.0) -> Iterator[None]:
        """The right to change what answers, and to say which generation does.

        Args:
            patience: seconds for which another process's change is waited for.

        Raises:
            LibraryBusy: another process has it.
        """
        words = f"Another process is writing to the library in {self._home}: try again when it has finished."
        with self._held("writer.lock", patience, words):
            yield

    @contextmanager
    def building(self, *, patience: float = _MOMENT) -> Iterator[None]:
        """The right to make a generation for as long as that takes; changes go on beside it.

        Raises:
            LibraryBusy: as `changing`.
        """
        words = f"Another process derives the whole library in {self._home} anew: try again when it has finished."
        with self._held("full.lock", patience, words):
            yield

    @contextmanager
    def _held(self, name: str, patience: float, words: str) -> Iterator[None]:
        with in_words(self._home):
            self._home.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self._home / name, timeout=patience)
            try:
                lock.acquire()
            except Timeout:
                raise LibraryBusy(words) from None
        try:
            yield
        finally:
            lock.release()
