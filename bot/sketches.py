"""Knows words again without keeping them: a few hashes of what stands next to what, alike for nearly the same words."""

import hashlib
import re
from collections.abc import Collection

MARKS = 8  # of a statement, at most
_GRAM = 4  # words that a mark is made of
_WORD = re.compile(r"\w+")


def sketch(words: str, speaker: str = "") -> tuple[int, ...]:
    """The marks of a statement: the same for the same words by the same speaker, most of them for nearly the same.

    The smallest hashes of four neighbouring words each, as in Broder's min-wise sketches.
    """
    tokens = _WORD.findall(words.lower())
    grams = {" ".join(tokens[n : n + _GRAM]) for n in range(max(len(tokens) - _GRAM + 1, 1))}
    return tuple(sorted(_mark(f"{speaker.lower()}\n{gram}") for gram in grams)[:MARKS])


def is_known(marks: tuple[int, ...], known: Collection[int]) -> bool:
    """Whether so many marks were met before that the words were."""
    return 2 * sum(mark in known for mark in marks) >= len(marks)


def _mark(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=7).digest(), "big")
