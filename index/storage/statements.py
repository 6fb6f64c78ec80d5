"""The statements of an article as it is read back, each made when it is looked at: most of an article's never are."""

from collections.abc import Callable, Iterator, Sequence
from typing import overload

from index.model import Quote


class Statements(Sequence[Quote]):
    """Statements that a store keeps in a form of its own; equal to a tuple of the same ones.

    Args:
        count: how many there are.
        make: gives the one at a place, the same for the same place.
        within: gives the places of those of which words stand in a paragraph, by its number.
    """

    __slots__ = ("_count", "_made", "_make", "_within")

    def __init__(self, count: int, make: Callable[[int], Quote], within: Callable[[int], list[int]]) -> None:
        self._count = count
        self._make = make
        self._within = within
        self._made: dict[int, Quote] = {}

    def within(self, number: int) -> list[Quote]:
        """Those of which words stand in the paragraph of that number, in order."""
        return [self[place] for place in self._within(number)]

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> Quote: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Quote, ...]: ...
    def __getitem__(self, place: int | slice) -> Quote | tuple[Quote, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(*place.indices(self._count)))
        place = range(self._count)[place]  # raises what a tuple would
        made = self._made.get(place)
        if made is None:
            made = self._made[place] = self._make(place)
        return made

    def __iter__(self) -> Iterator[Quote]:
        return (self[place] for place in range(self._count))

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, tuple | Statements) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))
