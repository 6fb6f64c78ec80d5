"""Where the library rests: one seam (`base`), the stores behind it, and the function that opens one."""

from pathlib import Path

from index.storage.base import Store
from index.storage.embedded.store import EmbeddedStore

__all__ = ["open_store"]


def open_store(home: Path, *, engine: str = "auto") -> Store:
    """The library in that folder; opening reads nothing and makes nothing.

    Args:
        home: the library's folder, which the first writer makes.
        engine: what searches the paragraphs; "auto" chooses by the size of the corpus.
    """
    return EmbeddedStore(home, engine=engine)
