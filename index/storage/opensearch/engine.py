"""Finds units in the cluster: the one BM25 over analysed terms, counted over all shards as if there were one."""

import threading
from collections.abc import Collection, Iterable, Mapping

from index.storage.base import Filters, Hit, Unit
from index.storage.opensearch.layout import FIELDS, clean, keyword, term
from index.storage.opensearch.reading import Reading, counting
from index.storage.opensearch.records import Json

_CLAUSES = 1_000  # the cluster takes 1,024 at most
_WINDOW = 10_000  # hits that one request may bring
_REMEMBERED = 100_000  # counts kept for a state
_TIES = [{"_score": "desc"}, {"id": "asc"}]
_NEWEST = [{"day": {"order": "desc", "missing": "_last"}}, {"article": "asc"}, {"number": "asc"}, {"id": "asc"}]
_TOLD: Json = {"_source": False, "docvalue_fields": ["id", "article", "number"]}


class ClusterEngine:
    """The engine of one state.

    Args:
        reading: the state.
    """

    name = "opensearch"

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._counts: dict[tuple[str, ...], int] = {}
        self._lock = threading.Lock()

    def search(
        self,
        unit: Unit,
        terms: Mapping[str, float],
        *,
        boosts: Mapping[str, float],
        filters: Filters | None = None,
        k: int = 10,
    ) -> list[Hit]:
        clauses = [
            {"term": {field: {"value": term(each), "boost": boost * weight}}}
            for field, boost in boosts.items()
            for each, weight in terms.items()
            if field in FIELDS and each and boost * weight > 0
        ]
        passing = _passing(filters)
        if not clauses or k <= 0 or passing is None:
            return []
        if len(clauses) <= _CLAUSES:
            return [hit for hit, _ in self._found(unit, clauses, passing, k)][:k]
        return self._summed(unit, clauses, passing, k)

    def browse(self, unit: Unit, *, filters: Filters, k: int = 10) -> list[Hit]:
        passing = _passing(filters)
        if k <= 0 or passing is None:
            return []
        body = _TOLD | {"query": {"bool": {"filter": passing}}, "sort": _NEWEST, "size": min(k, _WINDOW)}
        return [_hit(each, 0.0) for each in self._reading.hits(unit, body)]

    def df(self, unit: Unit, field: str, term: str) -> int:
        return self._counted(unit, field, term) if field in FIELDS and term else 0

    def count(self, unit: Unit) -> int:
        return self._counted(unit)

    def dfs(self, unit: Unit, field: str, terms: Collection[str]) -> None:
        """Counts together what `df` is about to be asked for one after the other."""
        wanted = [each for each in dict.fromkeys(terms) if each and (unit.value, field, each) not in self._counts]
        if field in FIELDS and len(wanted) > 1:
            asked = [(unit.value, counting({"term": {field: term(each)}})) for each in wanted]
            found = self._reading.searches(asked)
            with self._lock:
                for each, answer in zip(wanted, found, strict=True):
                    self._counts[unit.value, field, each] = int(answer["hits"]["total"]["value"])

    def _counted(self, unit: Unit, *what: str) -> int:
        key = (unit.value, *what)
        if key not in self._counts:
            query: Json = {"term": {what[0]: term(what[1])}} if what else {"match_all": {}}
            found = self._reading.count(unit, query)
            with self._lock:
                if len(self._counts) >= _REMEMBERED:
                    self._counts.clear()
                self._counts[key] = found
        return self._counts[key]

    def _found(self, unit: Unit, clauses: list[Json], passing: list[Json], k: int) -> list[tuple[Hit, Json]]:
        query = {"bool": {"should": clauses, "minimum_should_match": 1, "filter": passing}}
        body = _TOLD | {"query": query, "sort": _TIES, "size": min(k, _WINDOW)}
        return [(_hit(each, each["sort"][0]), each) for each in self._reading.hits(unit, body, everywhere=True)]

    def _summed(self, unit: Unit, clauses: list[Json], passing: list[Json], k: int) -> list[Hit]:
        """For a query of more clauses than the cluster takes: exact while a portion has 10,000 hits at most."""
        sums: dict[str, Hit] = {}
        for start in range(0, len(clauses), _CLAUSES):
            for hit, _ in self._found(unit, clauses[start : start + _CLAUSES], passing, _WINDOW):
                before = sums[hit.id].score if hit.id in sums else 0.0
                sums[hit.id] = Hit(id=hit.id, article_id=hit.article_id, number=hit.number, score=before + hit.score)
        return sorted(sums.values(), key=lambda hit: (-hit.score, hit.id))[:k]


def _hit(found: Json, score: float) -> Hit:
    told = found["fields"]
    return Hit(id=told["id"][0], article_id=told["article"][0], number=told["number"][0], score=score)


def _passing(filters: Filters | None) -> list[Json] | None:
    """The clauses that a hit must pass; None when nothing can."""
    if filters is None:
        return []
    if filters.speakers == frozenset() or filters.articles == frozenset():
        return None
    passing: list[Json] = []
    if filters.speakers is not None:
        passing.append(_one_of("speakers", map(keyword, filters.speakers)))
    if filters.articles is not None:
        passing.append(_one_of("article", map(clean, filters.articles)))
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


def _one_of(field: str, values: Iterable[str]) -> Json:
    return {"terms": {field: sorted(values)}}
