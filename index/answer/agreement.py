"""Sees which names the best paragraphs agree on: what answers "who", "which" or "where" is seldom printed only once."""

import math
import re
from collections import defaultdict
from collections.abc import Collection, Sequence

from index.text.analyzer import STOP_WORDS, fold, stem

DEPTH = 24  # paragraphs that vote, each by the root of its rank
_NAME = re.compile(  # a word with a capital that does not begin a sentence
    r"(?<=[a-z,;:’'\"”“)(\-–—$] )[\"“‘'(]?([A-Z][\w&.-]*\w|[A-Z])"
)


def agreement(texts: Sequence[str], asked: Collection[str]) -> list[float]:
    """For each text how far the names that it adds to the question stand in the other best ones too, 0..1.

    Args:
        texts: the paragraphs, best first.
        asked: terms of the question, which are no news.
    """
    named = [_names(text, asked) for text in texts]
    votes: dict[str, float] = defaultdict(float)
    for place, names in enumerate(named[:DEPTH]):
        for name in names:
            votes[name] += 1 / math.sqrt(1 + place)
    whole = sum(1 / math.sqrt(1 + place) for place in range(min(DEPTH, len(texts))))
    return [sum(sorted((votes[name] for name in names), reverse=True)[:2]) / 2 / whole for names in named]


def _names(text: str, asked: Collection[str]) -> set[str]:
    words = {fold(match[1]).removesuffix("'s") for match in _NAME.finditer(text)}
    return {word for word in words if word not in STOP_WORDS and stem(word) not in asked}
