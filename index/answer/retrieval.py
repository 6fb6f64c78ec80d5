"""Finds candidates: statements for "who said what", paragraphs for plain questions, articles for both."""

from collections.abc import Collection, Sequence
from dataclasses import replace

from index.answer.reading import Candidate
from index.answer.terms import Terms
from index.storage.base import Engine
from index.storage.records import Filters, Hit, Unit

DEPTH = 60  # statements or paragraphs looked at for each question
UNSAID = 0.5  # share of its score that is left to a paragraph that holds no statement of the one asked about
MORE = 0.1  # share of a paragraph's second-best statement that is added to the best
STATEMENT = {"content": 1.0, "paragraph": 0.4, "context": 0.4}
WORDS = {"content": 1.0, "paragraph": 0.3, "context": 0.1}
PARAGRAPH = {"body": 1.0, "context": 0.5}
ARTICLE = {"body": 1.0, "title": 0.5, "context": 0.3}


def statements(engine: Engine, terms: Terms, filters: Filters, *, k: int = DEPTH) -> list[Candidate]:
    """Paragraphs by their statements about the terms, best first; newest first when there are no terms."""
    filters = replace(filters, attitude=False)
    if not terms.weights:
        return _by_paragraph(engine.browse(Unit.STATEMENT, filters=filters, k=k), 1.0)
    hits = engine.search(Unit.STATEMENT, terms.weights, boosts=STATEMENT, filters=filters, k=k)
    return _by_paragraph(hits, terms.whole)


def any_statements(engine: Engine, filters: Filters, *, k: int) -> list[Candidate]:
    """Statements whatever they are about, newest first."""
    return _by_paragraph(engine.browse(Unit.STATEMENT, filters=replace(filters, attitude=False), k=k), 1.0)


def beside_words(engine: Engine, words: Collection[str], filters: Filters, *, k: int = DEPTH) -> list[Candidate]:
    """Paragraphs with statements beside which the words stand, plans and beliefs among them."""
    weights, filters = dict.fromkeys(words, 1.0), replace(filters, attitude=None)
    return _by_paragraph(engine.search(Unit.STATEMENT, weights, boosts={"paragraph": 1.0}, filters=filters, k=k), 1.0)


def words_said(engine: Engine, terms: Terms, filters: Filters, *, k: int = DEPTH) -> list[Candidate]:
    """Paragraphs by statements that hold the terms in their own words, plans and beliefs among them."""
    hits = engine.search(Unit.STATEMENT, terms.weights, boosts=WORDS, filters=replace(filters, attitude=None), k=k)
    return _by_paragraph(hits, terms.whole)


def paragraphs(engine: Engine, terms: Terms, filters: Filters, *, k: int = DEPTH) -> list[Candidate]:
    """Paragraphs whoever speaks in them, best first."""
    hits = engine.search(Unit.PARAGRAPH, terms.weights, boosts=PARAGRAPH, filters=filters, k=k)
    whole = terms.whole or 1.0
    return [Candidate(article_id=h.article_id, number=h.number, score=h.score / whole) for h in hits]


def naming(
    engine: Engine,
    terms: Terms,
    names: Collection[str],
    filters: Filters,
    *,
    k: int,
    held: Collection[str] | None = None,
) -> list[Candidate]:
    """Paragraphs that hold one of these terms of names, best first; whom they name is for the reader to see.

    Args:
        engine: which is searched.
        terms: of the topic.
        names: terms of names.
        filters: but for speakers.
        k: at most so many.
        held: those of the names of which one has to be held; any of them where None.
    """
    weights = {**terms.weights, **dict.fromkeys(names, 1.0)}
    naming = replace(filters, speakers=None, holding=frozenset(names if held is None else held))
    hits = engine.search(Unit.PARAGRAPH, weights, boosts=PARAGRAPH, filters=naming, k=k)
    whole = terms.whole / UNSAID or 1.0
    return [Candidate(article_id=h.article_id, number=h.number, score=h.score / whole) for h in hits]


def written(engine: Engine, terms: Terms, filters: Filters, *, k: int) -> list[Candidate]:
    """Paragraphs about the terms, whose articles may be by somebody (whether they are is for the reader to see)."""
    found = paragraphs(engine, terms, filters, k=k)
    return [replace(candidate, score=UNSAID * candidate.score) for candidate in found]


def articles(engine: Engine, terms: Terms, filters: Filters, *, k: int = 100) -> dict[str, float]:
    """Articles and their own scores, by the terms' informative weight."""
    hits = engine.search(Unit.ARTICLE, terms.weights, boosts=ARTICLE, filters=filters, k=k)
    whole = terms.whole or 1.0
    return {hit.article_id: hit.score / whole for hit in hits}


def merged(*found: Sequence[Candidate]) -> list[Candidate]:
    """Candidates of several searches, each paragraph once as it was found first."""
    first: dict[tuple[str, int], Candidate] = {}
    for candidates in found:
        for candidate in candidates:
            first.setdefault((candidate.article_id, candidate.number), candidate)
    return list(first.values())


def shortlist(
    candidates: Sequence[Candidate], of_article: dict[str, float], *, share: float, size: int, articles: int
) -> list[Candidate]:
    """The best by a first score (own score and a share of the article's), from so many articles at most."""
    floor = min(of_article.values(), default=0.0) * 0.5
    rated = sorted(
        candidates,
        key=lambda c: (-(c.score + share * of_article.get(c.article_id, floor)), c.article_id, c.number),
    )
    chosen: list[Candidate] = []
    seen: set[str] = set()
    for candidate in rated:
        if candidate.article_id not in seen:
            if len(seen) == articles:
                continue
            seen.add(candidate.article_id)
        chosen.append(candidate)
        if len(chosen) == size:
            break
    return chosen


def _by_paragraph(hits: Sequence[Hit], whole: float) -> list[Candidate]:
    """Statement hits gathered by paragraph: the best counts, others add a little; order of first appearance kept."""
    gathered: dict[tuple[str, int], list[Hit]] = {}
    for hit in hits:
        gathered.setdefault((hit.article_id, hit.number), []).append(hit)
    candidates = [
        Candidate(
            article_id=article_id,
            number=number,
            score=(found[0].score + MORE * sum(h.score for h in found[1:2])) / (whole or 1.0),
            statements=tuple(int(hit.id.rpartition(".")[2]) for hit in found),
        )
        for (article_id, number), found in gathered.items()
    ]
    return sorted(candidates, key=lambda c: -c.score)
