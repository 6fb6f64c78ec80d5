"""Speakers' keys as the tables and indexes keep them: without the article's id, with which nearly all of them begin."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import accumulate
from typing import TypeVar

_WHOLE = "="  # begins what stands for a key that is not of its article


def slug_of(key: str) -> str:
    """What stands behind the last colon of a speaker's key: often the same in all articles that name somebody."""
    return key.rpartition(":")[2]


def short_of(article_id: str, key: str) -> str:
    """A key within an article, in as few letters as it takes."""
    begin, colon, slug = key.rpartition(":")
    return slug if colon and begin == article_id and not slug.startswith(_WHOLE) else _WHOLE + key


def key_of(article_id: str, short: str) -> str:
    """The key that `short_of` was given."""
    return f"{article_id}:{short}" if is_own(short) else short[1:]


def is_own(short: str) -> bool:
    """Whether the key begins with its article's id."""
    return not short.startswith(_WHOLE)


def ways_to_write(key: str) -> tuple[tuple[str, str], str]:
    """A key of any article: (the article whose own it can be, its short form there), and its form anywhere else."""
    begin, colon, slug = key.rpartition(":")
    own = (begin, slug) if colon and is_own(slug) else ("", "")
    return own, _WHOLE + key


NOWHERE = 0  # for a row, where a person's key is of an article that is not stored
_T = TypeVar("_T")
IdsOf = Callable[[Iterable[int]], dict[int, str]]


class KeptKeys(Set[str]):
    """The keys of a person, written out when they are looked at: some have thousands, and few are ever asked for.

    Args:
        entry: the bytes from which they were read: the same keys for the same bytes.
        steps: rows of articles by short form of a key, each as its distance to the one before.
        ids_of: gives the ids of articles by row; without, there are no keys.
        written: keys written out before, for those that share them.
    """

    __slots__ = ("_ids_of", "_steps", "_written", "entry")

    def __init__(
        self,
        entry: bytes,
        steps: Mapping[str, Sequence[int]],
        ids_of: IdsOf = lambda _: {},
        written: list[frozenset[str]] | None = None,
    ) -> None:
        self.entry = entry
        self._steps = steps
        self._ids_of = ids_of
        self._written = [] if written is None else written

    @classmethod
    def of(cls, entry: bytes, steps: Mapping[str, Sequence[int]]) -> "KeptKeys":
        """Keys as they stand in an entry.

        Raises:
            TypeError, AttributeError: the steps are no such thing.
        """
        for each in steps.values():
            sum(each)
        return cls(entry, steps)

    def read_by(self, ids_of: IdsOf) -> "KeptKeys":
        """The same, for another reader."""
        return KeptKeys(self.entry, self._steps, ids_of, self._written)

    def rows(self) -> Iterator[tuple[str, set[int]]]:
        """Each short form with the rows of the articles in which the key has it."""
        return ((short, set(accumulate(steps))) for short, steps in self._steps.items())

    def _all(self) -> frozenset[str]:
        if not self._written:
            found = [(short, row) for short, rows in self.rows() for row in rows]
            ids = {**self._ids_of({row for _, row in found} - {NOWHERE}), NOWHERE: ""}
            self._written.append(frozenset(key_of(ids[row], short) for short, row in found if row in ids))
        return self._written[0]

    def __contains__(self, key: object) -> bool:
        if not self._written and isinstance(key, str):
            slug = key.rpartition(":")[2]
            if slug not in self._steps and _WHOLE + key not in self._steps:
                return False  # nobody of that name
        return key in self._all()

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __bool__(self) -> bool:
        return bool(self._steps)

    def __hash__(self) -> int:
        return hash(self._all())

    def __repr__(self) -> str:
        return repr(self._all())

    @classmethod
    def _from_iterable(cls, it: Iterable[_T]) -> Set[_T]:  # of sets put together
        return frozenset(it)
