"""What speaks for a candidate, as a few numbers, and what each of them weighs: the one place with the weights."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from operator import attrgetter, mul


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What speaks for a candidate; also the weights, one for each.

    Attributes:
        words: BM25 of the statement or paragraph with its context, by the topic's informative weight.
        article: the article's own BM25, by the same.
        content, paragraph, near: share of the topic that its statements, its paragraph, and its paragraph with the two
            beside it and the headline hold.
        asked: share of the sentence that asks, which the paragraph holds; the others only lead up to it.
        agreed: how far the names that it adds stand in the other best paragraphs, too.
        row: share of the topic's neighbouring words that stand side by side in the paragraph.
        attributed: an attributed statement of the one asked about.
        quoted: inside quotation marks, at least partly.
        sure: confidence of the attribution.
        headline: it is the headline.
        early: it is among the first paragraphs.
        asks: it is a question itself.
        fits: holds a number, a sum or a time where the question wants one.
        long: how long the paragraph is.
        recent: how new it is, seen from the question's now.
        title: share of the topic that the headline holds.
        carried: the answer before stood in the same article.
    """

    words: float = 0.0
    article: float = 0.0
    content: float = 0.0
    paragraph: float = 0.0
    near: float = 0.0
    asked: float = 0.0
    agreed: float = 0.0
    row: float = 0.0
    attributed: float = 0.0
    quoted: float = 0.0
    sure: float = 0.0
    headline: float = 0.0
    early: float = 0.0
    asks: float = 0.0
    fits: float = 0.0
    long: float = 0.0
    recent: float = 0.0
    title: float = 0.0
    carried: float = 0.0

    def weighed(self, weights: "Evidence") -> float:
        """The sum of all, each by its weight."""
        return float(sum(map(mul, _all_of(self), _all_of(weights))))


_all_of: Callable[[Evidence], tuple[float, ...]] = attrgetter(*(f.name for f in fields(Evidence)))

SAID = Evidence(
    words=1.0, article=0.6, paragraph=0.8, near=2.2, row=0.6, attributed=0.5, quoted=0.02, sure=0.1, headline=-0.3,
    early=0.3, carried=1.0,
)  # fmt: skip
WHO_SAID = Evidence(words=1.0, article=0.1, content=1.0, paragraph=0.5, row=1.0, attributed=0.3, quoted=0.1)
PLAIN = Evidence(
    words=0.55, article=0.7, near=1.0, asked=1.0, agreed=1.6, row=0.6, title=-0.2, headline=-1.25, early=0.6, asks=-0.6,
    fits=0.65, long=0.4, recent=1.45, carried=1.5,
)  # fmt: skip
