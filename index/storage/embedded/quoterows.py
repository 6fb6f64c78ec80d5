"""The rows of an article's statements as the codec wrote them, of which only those are parsed that are looked at."""

import re
from collections.abc import Iterator
from typing import Any

from index.storage.embedded.codec import loads

_BEGIN = re.compile(  # can't stand within a string, in which the quotation marks would have a backslash before them
    rb"""
    \["(?:direct|mixed|indirect)",\[        # the kind, and the spans of the words
    ((?:\[\d+,\d+,\d+\],?)*)                # as many of them as leave out their words
    """,
    re.VERBOSE,
)
_CLOSING = ord("]")  # behind the spans, where all of them leave out their words
_END = 2  # bytes behind the last row


class QuoteRows:
    """Rows as `quotes_row` gives them.

    Args:
        data: as `dumps` wrote it: a list of speakers and one of rows.
    """

    __slots__ = ("_begins", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._begins = list(_BEGIN.finditer(data))

    def speakers(self) -> Any:  # noqa: ANN401 -- rows of whatever JSON holds
        """The rows of the speakers."""
        end = self._begins[0].start() - 2 if self._begins else self._data.rindex(b",[]]")
        return loads(self._data[1:end])

    def within(self, number: int) -> list[int]:
        """The places of the rows with a span in the paragraph of that number."""
        begin = b"[%d," % number
        return [
            place
            for place, found in enumerate(self._begins)
            if begin in found[1]
            or (self._data[found.end()] != _CLOSING and any(span[0] == number for span in self[place][1]))
        ]

    def __len__(self) -> int:
        return len(self._begins)

    def __getitem__(self, place: int) -> list[Any]:
        last = place == len(self) - 1
        end = len(self._data) - _END if last else self._begins[place + 1].start() - 1
        row: list[Any] = loads(self._data[self._begins[place].start() : end])
        return row

    def __iter__(self) -> Iterator[Any]:
        return iter(loads(self._data)[1])  # sooner than one by one
