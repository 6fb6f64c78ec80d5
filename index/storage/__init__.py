"""Where the library rests: one seam (`base`), the stores behind it, and the function that opens one."""

from pathlib import Path
from typing import Protocol, runtime_checkable

from index.settings import IndexSettings, load_settings
from index.storage.base import Store
from index.storage.embedded.store import EmbeddedStore

__all__ = ["Claims", "claims_in", "open_store"]


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


class Claims(Protocol):
    """Claims that lapse, so that a process that died hinders nobody for long."""

    def claim(self, name: str, seconds: float) -> bool:
        """Whether this process may do what the name stands for, for so many seconds from now; claims it anew if so.

        Raises:
            StoreError: where they are kept can't be reached.
        """
        ...


@runtime_checkable
class _Shared(Protocol):
    def claims(self) -> Claims: ...


def claims_in(store: Store) -> Claims | None:
    """Claims among all processes that share the store; None for one that keeps none."""
    return store.claims() if isinstance(store, _Shared) else None
