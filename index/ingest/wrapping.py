"""Joins the lines of a text that was wrapped at a fixed width, as old wires and mail archives are."""

from collections.abc import Iterator
from itertools import pairwise

from index.ingest.characters import LINE_BREAK
from index.ingest.traced import Traced

_NARROWEST, _WIDEST = 40, 100  # code points of a wrapped line that another one follows
_FEWEST = 4  # breaks within paragraphs, below which nothing can be told
_ENOUGH = 0.8  # of them are of the wrapping kind
_ENDS = tuple(".!?:;\"”'’)]…-–—")


def unwrapped(lines: list[Traced], raw: str) -> list[Traced]:
    """The paragraphs of a wrapped text, which blank lines separate; any other text's lines as they are."""
    if not lines or max(len(line.text) for line in lines) > _WIDEST:
        return lines
    blocks = list(_blocks(lines, raw))
    inner = [line.text for block in blocks for line in block[:-1]]
    wrapping = sum(len(text) >= _NARROWEST and not text.endswith(_ENDS) for text in inner)
    if len(blocks) < 2 or len(inner) < _FEWEST or wrapping < _ENOUGH * len(inner):
        return lines
    return [_joined(block) for block in blocks]


def _blocks(lines: list[Traced], raw: str) -> Iterator[list[Traced]]:
    """Lines between which no line is blank."""
    block: list[Traced] = []
    for line in lines:
        if block:
            gap = raw[block[-1].pieces[-1].raw_end : line.pieces[0].raw_start]
            if len(LINE_BREAK.findall(gap)) > 1:
                yield block
                block = []
        block.append(line)
    yield block


def _joined(block: list[Traced]) -> Traced:
    parts = block[:1]
    for before, line in pairwise(block):
        parts.append(Traced.replaced(" ", before.pieces[-1].raw_end, line.pieces[0].raw_start))
        parts.append(line)
    return Traced.joined(parts)
