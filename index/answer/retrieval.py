"""A query becomes candidates: statements and paragraphs found by BM25, weighed for this job.

Every weight of the ranking stands in `Weights`.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.answer.passages import Candidate, Reader
from index.model import QuoteKind
from index.storage.base import Engine, Filters, Hit, Unit
from index.text.analyzer import analyze, stem, tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What the ranking weighs.

    Attributes:
        content, paragraph, context: fields of a statement: its own words, those around it, title with outlet and day.
        body, heading: fields of a paragraph: its words; title with outlet and day.
        article: of the article's own score, next to a paragraph's.
        recency, half_life: a plain answer's score is multiplied by 1 + recency x e^(-age in days / half_life).
        phrase: factor for words that stand in a row, as asked.
        direct: factor for words inside quotation marks.
        more: share of a paragraph's second-best statement that is added to the best.
        silence_topic: share of a topic's informative weight that the best statement and its surroundings must hold.
        silence_words: the same for "who said", over the statement's own paragraph.
        silence_plain: the same for plain questions, over the best paragraph with its headline.
    """

    content: float = 1.0
    paragraph: float = 0.4
    context: float = 0.4
    body: float = 1.0
    heading: float = 0.5
    article: float = 0.7
    recency: float = 0.6
    half_life: float = 14.0
    phrase: float = 1.5
    direct: float = 1.03
    more: float = 0.1
    silence_topic: float = 0.34
    silence_words: float = 0.55
    silence_plain: float = 0.4


WEIGHTS = Weights()
DEPTH = 60  # statements or paragraphs looked at for each question


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Analysed words of a question, each with its weight (how often it was typed) and idf in paragraphs."""

    weights: Mapping[str, float]
    idf: Mapping[str, float]

    @classmethod
    def of(cls, text: str, engine: Engine, *, without: Iterable[str] = ()) -> "Terms":
        """The terms of a text; those in `without` are left out, unless nothing else would stay."""
        found = analyze(text)
        left = [term for term in found if term not in set(without)] or found
        weights = {term: float(left.count(term)) for term in left}
        total = engine.count(Unit.PARAGRAPH)
        idf = {}
        for term in weights:
            df = engine.df(Unit.PARAGRAPH, "body", term)
            idf[term] = math.log(1 + (total - df + 0.5) / (df + 0.5))
        return cls(weights=weights, idf=idf)

    def covered(self, text: str) -> float:
        """Share of the terms' informative weight that a text holds, 0..1; 1 when there are no terms."""
        whole = sum(self.idf.values())
        held = set(analyze(text))
        return sum(idf for term, idf in self.idf.items() if term in held) / whole if whole else 1.0

    def missing(self, texts: Iterable[str]) -> list[str]:
        """The terms that none of the texts holds, most informative first."""
        held = {term for text in texts for term in analyze(text)}
        return sorted((t for t in self.idf if t not in held), key=lambda t: -self.idf[t])


def statements(engine: Engine, terms: Terms, filters: Filters, *, k: int = DEPTH) -> list[Candidate]:
    """Paragraphs by their statements about the terms, best first; newest first when there are no terms."""
    filters = replace(filters, attitude=False)
    if not terms.weights:
        hits = engine.browse(Unit.STATEMENT, filters=filters, k=k)
        return _by_paragraph(hits)
    boosts = {"content": WEIGHTS.content, "paragraph": WEIGHTS.paragraph, "context": WEIGHTS.context}
    return _by_paragraph(engine.search(Unit.STATEMENT, terms.weights, boosts=boosts, filters=filters, k=k))


def words_said(engine: Engine, terms: Terms, filters: Filters, *, k: int = DEPTH) -> list[Candidate]:
    """Paragraphs by statements that hold the terms in their own words."""
    boosts = {"content": 1.0, "paragraph": 0.3, "context": 0.1}
    hits = engine.search(Unit.STATEMENT, terms.weights, boosts=boosts, filters=replace(filters, attitude=None), k=k)
    return _by_paragraph(hits)


def paragraphs(engine: Engine, terms: Terms, filters: Filters) -> list[Candidate]:
    """Paragraphs for a plain question, best first, before recency (see `recent`)."""
    found = engine.search(
        Unit.PARAGRAPH, terms.weights, boosts={"body": WEIGHTS.body, "context": WEIGHTS.heading}, filters=filters, k=200
    )
    whole = engine.search(
        Unit.ARTICLE, terms.weights, boosts={"body": 1.0, "title": 0.5, "context": 0.3}, filters=filters, k=200
    )
    of_article = {hit.article_id: hit.score for hit in whole}
    floor = min(of_article.values(), default=0.0) * 0.5
    return sorted(
        (
            Candidate(
                article_id=hit.article_id,
                number=hit.number,
                score=hit.score + WEIGHTS.article * of_article.get(hit.article_id, floor),
            )
            for hit in found
        ),
        key=_best_first,
    )


def recent(candidates: Sequence[Candidate], reader: Reader, asked: date) -> list[Candidate]:
    """The candidates with newer articles lifted, seen from the question's now."""
    lifted = []
    reader.read(c.article_id for c in candidates)
    for candidate in candidates:
        stored = reader.stored(candidate.article_id)
        day = stored.article.day if stored else None
        age = max(0, (asked - day).days) if day else 3650
        factor = 1 + WEIGHTS.recency * math.exp(-age / WEIGHTS.half_life)
        lifted.append(replace(candidate, score=candidate.score * factor))
    return sorted(lifted, key=_best_first)


def in_a_row(candidates: Sequence[Candidate], reader: Reader, words: str) -> list[Candidate]:
    """The candidates again, those first that hold the words in a row, and, all else equal, in quotation marks."""
    wanted = [stem(word) for word in tokens(words)]
    weighed = []
    for candidate in candidates:
        quotes = reader.quotes(candidate)
        score = candidate.score
        if any(holds_in_row(" ".join(s.text for s in q.content), wanted) for q in quotes):
            score *= WEIGHTS.phrase
        if any(q.kind is QuoteKind.DIRECT for q in quotes):
            score *= WEIGHTS.direct
        weighed.append(replace(candidate, score=score))
    return sorted(weighed, key=_best_first)


def holds_in_row(text: str, stems: Sequence[str]) -> bool:
    """Whether the text holds these stems one after the other."""
    if not stems:
        return False
    held = [stem(word) for word in tokens(text)]
    n = len(stems)
    return any(held[i] == stems[0] and held[i : i + n] == list(stems) for i in range(len(held) - n + 1))


def _by_paragraph(hits: Sequence[Hit]) -> list[Candidate]:
    """Statement hits gathered by paragraph: the best counts, others add a little; order of first appearance kept."""
    gathered: dict[tuple[str, int], list[Hit]] = {}
    for hit in hits:
        gathered.setdefault((hit.article_id, hit.number), []).append(hit)
    candidates = [
        Candidate(
            article_id=article_id,
            number=number,
            score=found[0].score + WEIGHTS.more * sum(h.score for h in found[1:2]),
            statements=tuple(int(hit.id.rpartition(".")[2]) for hit in found),
        )
        for (article_id, number), found in gathered.items()
    ]
    return sorted(candidates, key=lambda c: -c.score)


def _best_first(candidate: Candidate) -> tuple[float, str, int]:
    return (-candidate.score, candidate.article_id, candidate.number)
