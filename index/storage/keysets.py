"""Keys of several speakers put together, without writing out those that a store keeps in short forms."""

from collections.abc import Iterable, Iterator, Set
from typing import TypeVar

_T = TypeVar("_T")


class Together(Set[str]):
    """All that stand in some sets.

    Args:
        parts: the sets.
    """

    __slots__ = ("parts",)

    def __init__(self, parts: Iterable[Set[str]]) -> None:
        self.parts = tuple(part for part in parts if not isinstance(part, frozenset) or part)

    def __contains__(self, key: object) -> bool:
        return any(key in part for part in self.parts)

    def __iter__(self) -> Iterator[str]:
        return iter(frozenset().union(*self.parts))

    def __len__(self) -> int:
        return len(frozenset().union(*self.parts))

    def __bool__(self) -> bool:
        return any(self.parts)

    def __hash__(self) -> int:
        return self._hash()

    @classmethod
    def _from_iterable(cls, it: Iterable[_T]) -> Set[_T]:
        return frozenset(it)
