"""Where the library rests: one seam (`base`), the stores behind it, and the function that opens one."""

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from index.storage.base import Store

if TYPE_CHECKING:
    from index.settings import IndexSettings

__all__ = ["Board", "Claims", "board_in", "claims_in", "open_store"]


def open_store(home: Path, *, engine: str = "auto", settings: "IndexSettings | None" = None) -> Store:
    """The library in that folder, or in a cluster; opening reads nothing and makes nothing.

    Args:
        home: the library's folder, which the first writer makes.
        engine: what searches the paragraphs; "auto" chooses by the size of the corpus; "opensearch" is in a cluster.
        settings: where the cluster is; the environment's where none are given.
    """
    if engine == "opensearch":
        from index.settings import load_settings  # noqa: PLC0415 -- imported when a store is opened: a process that
        from index.storage.opensearch.options import options_of  # noqa: PLC0415 -- attributes wants the seam alone,
        from index.storage.opensearch.store import ClusterStore  # noqa: PLC0415 -- and each store takes 0.2 s

        return ClusterStore(options_of(settings or load_settings()))
    from index.storage.embedded.store import EmbeddedStore  # noqa: PLC0415 -- as above

    return EmbeddedStore(home, engine=engine)


class Claims(Protocol):
    """Claims that lapse, so that a process that died hinders nobody for long."""

    def claim(self, name: str, seconds: float) -> bool:
        """Whether this process may do what the name stands for, for so many seconds from now; claims it anew if so.

        Raises:
            StoreError: where they are kept can't be reached.
        """
        ...


class Board(Protocol):
    """Small texts that all processes share: a kind and a name each; a change by one is what all others see.

    Every method raises `StoreError` where they can't be reached.
    """

    def get(self, kind: str, name: str) -> str | None:
        """The text as it is now."""
        ...

    def change(self, kind: str, name: str, by: Callable[[str | None], str | None], *, owner: str = "") -> str | None:
        """Puts what `by` makes of a text in its place, or takes it down where that is None; gives what stands now.

        Args:
            kind: of text.
            name: of the text.
            by: called again with the newest text when somebody else was quicker, so that no change gets lost.
            owner: by which many are found together; one that is there keeps its own.
        """
        ...

    def all(self, kind: str, *, owner: str | None = None, since: float = 0.0) -> dict[str, str]:
        """The texts of a kind by name; only an owner's, or those changed since then (seconds since 1970)."""
        ...

    def known(self, kind: str, names: Collection[str]) -> set[str]:
        """Which of the names are there."""
        ...

    def pin(self, kind: str, names: Iterable[str], *, owner: str = "") -> None:
        """Puts names up, with no text."""
        ...

    def unpin(self, kind: str, names: Iterable[str]) -> None:
        """Takes names down."""
        ...

    def clear(self, kind: str, *, owner: str | None = None, before: float | None = None) -> None:
        """Takes down all of a kind; only an owner's, or what was put up before then."""
        ...


@runtime_checkable
class _Shared(Protocol):
    def claims(self) -> Claims: ...

    def board(self) -> Board: ...


def claims_in(store: Store) -> Claims | None:
    """Claims among all processes that share the store; None for one that keeps none."""
    return store.claims() if isinstance(store, _Shared) else None


def board_in(store: Store) -> Board | None:
    """What all processes that share the store keep together; None for one that keeps nothing of the kind."""
    return store.board() if isinstance(store, _Shared) else None
