"""Decides whether there is an answer at all, from how much of the question the best candidates hold."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields

from index.answer.overlap import Overlap
from index.answer.reading import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What speaks for an answer; also the weights, one for each.

    Attributes:
        always: 1.
        whole: share of the topic that the best candidate's article holds.
        content, paragraph, near, article: shares of the topic that the best candidates hold at best.
        row: share of the topic's neighbouring words that stand side by side at best.
        fresh: how new the best candidates are that hold the topic: news is asked about while it is news.
        few: 1 for a speaker with a single statement, falling with their number.
        short: 1 for a topic of one word, falling with their number.
    """

    always: float = 1.0
    content: float = 0.0
    paragraph: float = 0.0
    near: float = 0.0
    whole: float = 0.0
    article: float = 0.0
    row: float = 0.0
    fresh: float = 0.0
    few: float = 0.0
    short: float = 0.0


SAID = Grounds(always=-2.6, content=2.9, paragraph=1.5, near=2.9, whole=0.5, article=1.5, few=0.2, short=-1.1)
PLAIN = Grounds(always=-7.5, paragraph=3.5, near=6.5, article=1.0, fresh=5.0, short=-0.9)
ARCHIVE = Grounds(always=-4.5, paragraph=1.3, near=2.2, article=4.0, short=-2.8)  # of a library that follows no news
LEAST_SAID, LEAST_PLAIN, LEAST_ARCHIVE, LEAST_REPORTED = -0.5, -1.9, -1.42, 0.8
FOLLOWS = 7  # days before a question within which a library that follows the news holds some
LEAST_TOLD = -2.6  # of paragraphs, when the words that are asked for are nobody's statement
SURE = 0.75  # of the topic held near the statement: then the rest of the article need not be looked at


def weighed(found: Grounds, weights: Grounds) -> float:
    """The log-odds of an answer."""
    return float(sum(getattr(found, f.name) * getattr(weights, f.name) for f in fields(Grounds)))


def grounds(
    candidates: Sequence[Candidate], overlap: Overlap, *, statements: int = 0, whole_articles: bool = True
) -> Grounds:
    """What the best candidates speak for; without `whole_articles`, which take long, `whole` is what is near."""
    best = [c.evidence for c in candidates[:5] if c.evidence]
    near = max((e.near for e in best), default=0.0)
    whole = near
    if whole_articles and near < SURE:
        for article_id in dict.fromkeys(c.article_id for c in candidates[:3]):
            whole = max(whole, overlap.share(overlap.article(article_id)))
    return Grounds(
        content=max((e.content for e in best), default=0.0),
        paragraph=max((e.paragraph for e in best), default=0.0),
        near=near,
        whole=whole,
        article=max((e.article for e in best), default=0.0),
        row=max((e.row for e in best), default=0.0),
        fresh=max((e.near * e.recent for e in best), default=0.0),
        few=1 / math.sqrt(statements) if statements else 0.0,
        short=1 / len(overlap.terms.idf) if overlap.terms.idf else 1.0,
    )
