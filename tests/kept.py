"""Where tests of what stands above the store keep a library: in a folder, or in a cluster (`make test-opensearch`)."""

import atexit
import os
from pathlib import Path

import pytest

from index.settings import IndexSettings
from index.storage import open_store
from index.storage.base import Store
from tests.storage.stores import CLUSTER, drop_cluster, prefix_of

IN_CLUSTER = bool(CLUSTER) and os.environ.get("ONRECORD_TEST_ENGINE") == "opensearch"

on_files = pytest.mark.skipif(IN_CLUSTER, reason="it is about files, which a library in a cluster does not have")


def settings_for(home: Path, **given) -> IndexSettings:
    """Settings of a library of this folder's own."""
    if IN_CLUSTER:
        atexit.register(drop_cluster, home)
        given |= {
            "engine": "opensearch",
            "opensearch_urls": CLUSTER,
            "opensearch_prefix": prefix_of(home),
            "opensearch_timeout": 30,
            "opensearch_replicas": 0,
            "opensearch_period": "all",
        }
    return IndexSettings(_env_file=None, home=home, **given)


def store_at(home: Path) -> Store:
    """The store of this folder's own."""
    settings = settings_for(home)
    return open_store(home, engine=settings.engine, settings=settings)
