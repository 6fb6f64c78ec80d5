"""Every store and engine that keeps the contract; a new one is one line here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from index.storage import open_store
from index.storage.base import Store
from tests.storage.reference import exact, one_byte


@dataclass(frozen=True)
class Kept:
    open: Callable[[Path], Store]
    length: Callable[[int], int] = exact  # how the engine keeps a document's length


STORES = {
    "okapi": Kept(lambda home: open_store(home, engine="okapi")),
    "tantivy": Kept(lambda home: open_store(home, engine="tantivy"), length=one_byte),
}
