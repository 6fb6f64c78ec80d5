"""What an engine is asked, as a value: it can be noted before it is asked, and sent together with others."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from index.storage.opensearch.layout import FIELDS, clean, keyword, term
from index.storage.opensearch.reading import NOTHING_STORED
from index.storage.opensearch.records import Json
from index.storage.records import Filters, Hit, Unit

_CLAUSES = 1_000  # the cluster takes 1,024 at most
WINDOW = 10_000  # hits that one request may bring
_TIES = [{"_score": "desc"}, {"id": "asc"}]
_NEWEST = [{"day": {"order": "desc", "missing": "_last"}}, {"article": "asc"}, {"number": "asc"}, {"id": "asc"}]
_TOLD = NOTHING_STORED | {"docvalue_fields": ["id", "article", "number"], "track_total_hits": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search for units of a kind.

    Attributes:
        terms, boosts: with their weights.
        scores: whether units are found by terms, best first; else those that pass the filters, newest first.
    """

    unit: Unit
    terms: tuple[tuple[str, float], ...] = ()
    boosts: tuple[tuple[str, float], ...] = ()
    filters: Filters | None = None
    k: int
    scores: bool = True

    def body(self) -> Json | None:
        """The request; None where nothing can be found."""
        passing = _passing(self.filters)
        if self.k <= 0 or passing is None:
            return None
        size = min(self.k, WINDOW)
        if not self.scores:
            return _TOLD | {"query": {"bool": {"filter": passing}}, "sort": _NEWEST, "size": size}
        if not (clauses := self._clauses()):
            return None
        query = {"bool": {"should": clauses, "minimum_should_match": 1, "filter": passing}}
        return _TOLD | {"query": query, "sort": _TIES, "size": size}

    def portions(self) -> Iterator["Search"]:
        """This search in parts of which the cluster takes each: it sums the scores of so many clauses alone."""
        size = _CLAUSES // max(1, len(self.boosts))
        for start in range(0, len(self.terms), size) if self.scores else (0,):
            yield replace(self, terms=self.terms[start : start + size])

    def _clauses(self) -> list[Json]:
        return [
            {"term": {field: {"value": term(each), "boost": boost * weight}}}
            for field, boost in self.boosts
            for each, weight in self.terms
            if field in FIELDS and each and boost * weight > 0
        ]

    def hit_of(self, found: Json) -> Hit:
        """One of the answers to the request."""
        told = found["fields"]
        score = found["sort"][0] if self.scores else 0.0
        return Hit(id=told["id"][0], article_id=told["article"][0], number=told["number"][0], score=score)


class Noting:
    """An engine that finds nothing, and notes what it was asked.

    Attributes:
        searches: in order.
    """

    name = "noting"

    def __init__(self) -> None:
        self.searches: list[Search] = []

    def search(
        self,
        unit: Unit,
        terms: Mapping[str, float],
        *,
        boosts: Mapping[str, float],
        filters: Filters | None = None,
        k: int = 10,
    ) -> list[Hit]:
        """Notes it."""
        search = Search(unit=unit, terms=tuple(terms.items()), boosts=tuple(boosts.items()), filters=filters, k=k)
        self.searches.append(search)
        return []

    def browse(self, unit: Unit, *, filters: Filters, k: int = 10) -> list[Hit]:
        """Notes it."""
        self.searches.append(Search(unit=unit, filters=filters, k=k, scores=False))
        return []

    def df(self, unit: Unit, field: str, term: str) -> int:  # noqa: ARG002 - nothing is found
        """Nothing."""
        return 0

    def count(self, unit: Unit) -> int:  # noqa: ARG002 - nothing is found
        """Nothing."""
        return 0


def _passing(filters: Filters | None) -> list[Json] | None:
    """The clauses that a hit must pass; None when nothing can."""
    if filters is None:
        return []
    if frozenset() in (filters.speakers, filters.articles, filters.holding):
        return None
    passing: list[Json] = []
    if filters.speakers is not None:
        passing.append({"terms": {"speakers": _keywords(filters.speakers)}})
    if filters.articles is not None:
        passing.append({"terms": {"article": sorted(map(clean, filters.articles))}})
    if filters.holding is not None:
        passing.append({"terms": {"body": sorted(term(each) for each in filters.holding if each)}})
    if filters.outlet is not None:
        passing.append({"term": {"outlet": keyword(filters.outlet.lower())}})
    if filters.attitude is not None:
        passing.append({"term": {"attitude": filters.attitude}})
    if filters.since is not None or filters.until is not None:
        days = {"gte": filters.since, "lte": filters.until}
        within: Json = {"range": {"day": {name: day.isoformat() for name, day in days.items() if day}}}
        if filters.undated:
            undated = {"bool": {"must_not": [{"exists": {"field": "day"}}]}}
            within = {"bool": {"should": [within, undated], "minimum_should_match": 1}}
        passing.append(within)
    return passing


@lru_cache(maxsize=64)  # some speak in thousands of articles, and a question asks for them several times
def _keywords(keys: Iterable[str]) -> list[str]:
    return sorted(map(keyword, keys))
