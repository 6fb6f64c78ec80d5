"""Text that remembers where in its raw form every character stood, however it is cut and joined."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Piece(NamedTuple):
    """A stretch of cleaned text that comes from one stretch of raw text, code points, half-open.

    Where both are equally long, character answers to character; else the stretch answers to the stretch as a whole.
    """

    start: int
    end: int
    raw_start: int
    raw_end: int

    @property
    def aligned(self) -> bool:
        return self.end - self.start == self.raw_end - self.raw_start


@dataclass(frozen=True, slots=True)
class Traced:
    """A text and the pieces that it is made of: in order, without gaps in `text`, ascending in the raw text."""

    text: str
    pieces: tuple[Piece, ...]

    @classmethod
    def verbatim(cls, text: str, raw_start: int) -> "Traced":
        """Text that stands in the raw text as it is."""
        return cls.replaced(text, raw_start, raw_start + len(text))

    @classmethod
    def replaced(cls, text: str, raw_start: int, raw_end: int) -> "Traced":
        """Text that stands for a stretch of the raw text, perhaps none."""
        return cls(text, (Piece(0, len(text), raw_start, raw_end),) if text else ())

    @classmethod
    def joined(cls, parts: Iterable["Traced"]) -> "Traced":
        """The parts one after the other; they ascend in the raw text."""
        texts: list[str] = []
        pieces: list[Piece] = []
        at = 0
        for part in parts:
            texts.append(part.text)
            pieces.extend(Piece(p.start + at, p.end + at, p.raw_start, p.raw_end) for p in part.pieces)
            at += len(part.text)
        return cls("".join(texts), tuple(pieces))

    def slice(self, start: int, end: int) -> "Traced":
        """The characters from `start` to `end`."""
        pieces = []
        for index in range(self._piece_at(start), len(self.pieces)):
            p = self.pieces[index]
            left, right = max(p.start, start), min(p.end, end)
            if left >= right:
                break
            raw_start, raw_end = p.raw_start, p.raw_end
            if p.aligned:
                raw_start, raw_end = raw_start + left - p.start, raw_end - (p.end - right)
            pieces.append(Piece(left - start, right - start, raw_start, raw_end))
        return Traced(self.text[start:end], tuple(pieces))

    def strip(self) -> "Traced":
        """Without the spaces at both ends."""
        left = len(self.text) - len(self.text.lstrip())
        right = len(self.text.rstrip())
        return self if (left, right) == (0, len(self.text)) else self.slice(left, max(left, right))

    def without(self, spans: Iterable[tuple[int, int]]) -> "Traced":
        """The text with these stretches cut out; they ascend and don't overlap."""
        kept, at = [], 0
        for start, end in spans:
            kept.append(self.slice(at, start))
            at = end
        return Traced.joined([*kept, self.slice(at, len(self.text))]) if kept else self

    def raw(self, start: int, end: int) -> tuple[int, int] | None:
        """Where the characters from `start` to `end` stood, first to last; None for no characters."""
        stretches = self.raw_pieces(start, end)
        return (stretches[0][0], stretches[-1][1]) if stretches else None

    def raw_pieces(self, start: int, end: int) -> list[tuple[int, int]]:
        """The raw stretches of the characters from `start` to `end`, piece by piece."""
        return [(p.raw_start, p.raw_end) for p in self.slice(start, end).pieces]

    def _piece_at(self, offset: int) -> int:
        return max(bisect_right(self.pieces, offset, key=lambda p: p.start) - 1, 0)
