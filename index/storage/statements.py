"""An article's paragraphs and statements as they are read back, each made when it is looked at: most never are."""

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar, overload

from index.model import Paragraph, Quote, Speaker

_T = TypeVar("_T")


class _Made(Sequence[_T]):
    """What is made when it is looked at, each once; equal to a tuple of the same."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: dict[int, _T] = {}

    @abstractmethod
    def _make(self, place: int) -> _T: ...

    @overload
    def __getitem__(self, place: int) -> _T: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[_T, ...]: ...
    def __getitem__(self, place: int | slice) -> _T | tuple[_T, ...]:
        if isinstance(place, slice):
            return tuple(self[each] for each in range(*place.indices(len(self))))
        made = self._made.get(place)
        if made is None:
            place = range(len(self))[place]  # raises what a tuple would
            if place not in self._made:
                self._made[place] = self._make(place)
            made = self._made[place]
        return made

    def __iter__(self) -> Iterator[_T]:
        return (self[place] for place in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, tuple | _Made) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))


class Paragraphs(_Made[Paragraph]):
    """Paragraphs of one article.

    Args:
        article_id: the article's.
        rows: number and text of each, ascending.
    """

    __slots__ = ("_article_id", "_rows")

    def __init__(self, article_id: str, rows: Sequence[Sequence[int | str]]) -> None:
        super().__init__()
        self._article_id = article_id
        self._rows = rows

    def _make(self, place: int) -> Paragraph:
        number, text = self._rows[place]
        return Paragraph(article_id=self._article_id, number=int(number), text=str(text))

    def __len__(self) -> int:
        return len(self._rows)

    def texts(self) -> list[str]:
        """The text of each."""
        return [str(text) for _, text in self._rows]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Statements in a form of the store's own.

    Attributes:
        count: how many there are.
        make: gives the one at a place, the same for the same place.
        within: gives the places of those of which words stand in a paragraph, by its number.
        speaking: gives of each its speaker and the words of its source, "" for none.
        speakers: gives all who speak, each at least once.
    """

    count: int
    make: Callable[[int], Quote]
    within: Callable[[int], list[int]]
    speaking: Callable[[], list[tuple[Speaker | None, str]]]
    speakers: Callable[[], Sequence[Speaker]]


class Statements(_Made[Quote]):
    """Statements that a store keeps in a form of its own.

    Args:
        load: gives them; called when they are looked at first.
    """

    __slots__ = ("_kept", "_load")

    def __init__(self, load: Callable[[], Kept]) -> None:
        super().__init__()
        self._load = load
        self._kept: Kept | None = None

    @property
    def kept(self) -> Kept:
        """How the store keeps them."""
        if self._kept is None:
            self._kept = self._load()
        return self._kept

    def _make(self, place: int) -> Quote:
        return self.kept.make(place)

    def within(self, number: int) -> list[Quote]:
        """Those of which words stand in the paragraph of that number, in order."""
        return [self[place] for place in self.kept.within(number)]

    def __len__(self) -> int:
        return self.kept.count
