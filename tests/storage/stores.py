"""Every store and engine that keeps the contract; a new one is one line here."""

import itertools
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.storage import open_store
from index.storage.base import Store
from tests.storage.reference import exact, one_byte

CLUSTER = os.environ.get("ONRECORD_TEST_OPENSEARCH", "")
needs_cluster = pytest.mark.skipif(
    not CLUSTER, reason="needs a real OpenSearch cluster: `make test-opensearch` starts one and runs these tests"
)


@dataclass(frozen=True)
class Kept:
    open: Callable[[Path], Store]
    length: Callable[[int], int] = exact  # how the engine keeps a document's length
    empty: int = 0  # the length of a field without terms
    outlived: int = 1_000  # full changes that a held snapshot outlives


def open_cluster(home: Path, **options) -> Store:
    """A library of the test cluster that is this folder's."""
    from index.storage.opensearch.options import ClusterOptions
    from index.storage.opensearch.store import ClusterStore

    given = {"timeout": 30.0, "replicas": 0, "period": "all"} | options
    return ClusterStore(ClusterOptions(urls=tuple(CLUSTER.split(",")), prefix=prefix_of(home), **given))


def prefix_of(home: Path) -> str:
    """With which the names of this folder's indices begin."""
    return _PREFIXES.setdefault(home, f"t{os.getpid()}-{next(_NUMBERS)}")


def drop_cluster(home: Path) -> None:
    """Takes away what a test left in the cluster."""
    store = open_cluster(home)
    found = store.connection.writing(lambda client: client.indices.get_alias(index=f"{prefix_of(home)}-*"))
    if found:
        store.connection.writing(lambda client: client.indices.delete(index=",".join(found)))
    store.close()


_PREFIXES: dict[Path, str] = {}
_NUMBERS = itertools.count(1)

EMBEDDED = {
    "okapi": Kept(lambda home: open_store(home, engine="okapi")),
    "tantivy": Kept(lambda home: open_store(home, engine="tantivy"), length=one_byte),
}
STORES = EMBEDDED | {"opensearch": Kept(open_cluster, length=one_byte, empty=1, outlived=1)}
PARAMETERS = [
    *EMBEDDED,
    pytest.param("opensearch", marks=[pytest.mark.opensearch, needs_cluster]),
]
on_files = pytest.mark.parametrize("kept", EMBEDDED, indirect=True)  # for what only files can suffer
