"""Decides whether there is an answer at all, from how much of the question the best candidates hold."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from index.answer.reading import Candidate
from index.answer.terms import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What speaks for an answer; also the weights, one for each.

    Attributes:
        always: 1.
        content, paragraph, near, article: shares of the topic that the best candidates hold at best.
        few: 1 for a speaker with a single statement, falling with their number.
        short: 1 for a topic of one word, falling with their number.
    """

    always: float = 1.0
    content: float = 0.0
    paragraph: float = 0.0
    near: float = 0.0
    article: float = 0.0
    few: float = 0.0
    short: float = 0.0


def grounds(candidates: Sequence[Candidate], terms: Terms, *, statements: int = 0) -> Grounds:
    """What the best candidates speak for."""
    best = [c.evidence for c in candidates[:5] if c.evidence]
    return Grounds(
        content=max((e.content for e in best), default=0.0),
        paragraph=max((e.paragraph for e in best), default=0.0),
        near=max((e.near for e in best), default=0.0),
        article=max((e.article for e in best), default=0.0),
        few=1 / math.sqrt(statements) if statements else 0.0,
        short=1 / len(terms.idf) if terms.idf else 1.0,
    )
