"""Where the library rests: one seam (`base`), the stores behind it, and the function that opens one."""

from pathlib import Path

from index.settings import IndexSettings, load_settings
from index.storage.base import Store
from index.storage.embedded.store import EmbeddedStore

__all__ = ["open_store"]


def open_store(home: Path, *, engine: str = "auto", settings: IndexSettings | None = None) -> Store:
    """The library in that folder, or in a cluster; opening reads nothing and makes nothing.

    Args:
        home: the library's folder, which the first writer makes.
        engine: what searches the paragraphs; "auto" chooses by the size of the corpus; "opensearch" is in a cluster.
        settings: where the cluster is; the environment's where none are given.
    """
    if engine == "opensearch":
        from index.storage.opensearch.options import options_of  # noqa: PLC0415 -- most need no cluster, and its
        from index.storage.opensearch.store import ClusterStore  # noqa: PLC0415 -- client takes 0.2 s to import

        return ClusterStore(options_of(settings or load_settings()))
    return EmbeddedStore(home, engine=engine)
