"""Finds units in the cluster: the one BM25 over analysed terms, counted over all shards as if there were one."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from index.storage.base import Engine
from index.storage.opensearch.layout import FIELDS, term
from index.storage.opensearch.reading import Reading, counting
from index.storage.opensearch.records import Json
from index.storage.opensearch.searches import WINDOW, Noting, Search
from index.storage.records import Filters, Hit, Unit

_REMEMBERED = 100_000  # counts kept for a state
_AHEAD = 256  # searches of which the hits are kept


class ClusterEngine:
    """The engine of one state.

    Args:
        reading: the state.
    """

    name = "opensearch"

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._counts: dict[tuple[str, ...], int] = {}
        self._found: OrderedDict[Search, list[Hit]] = OrderedDict()
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
        search = Search(unit=unit, terms=tuple(terms.items()), boosts=tuple(boosts.items()), filters=filters, k=k)
        return self._hits(search)

    def browse(self, unit: Unit, *, filters: Filters, k: int = 10) -> list[Hit]:
        return self._hits(Search(unit=unit, filters=filters, k=k, scores=False))

    def search_ahead(self, asking: Sequence[Callable[[Engine], object]]) -> None:
        """Searches together for what is about to be searched for one after the other."""
        noting = Noting()
        for ask in asking:
            ask(noting)
        bodies: dict[Search, Json] = {}
        for search in noting.searches:
            if search not in self._found and len(list(search.portions())) == 1 and (body := search.body()):
                bodies[search] = body
        if len(bodies) < 2:
            return
        answers = self._reading.searches([(search.unit, body) for search, body in bodies.items()], everywhere=True)
        with self._lock:
            for search, answer in zip(bodies, answers, strict=True):
                self._found[search] = [search.hit_of(each) for each in answer["hits"]["hits"]]
            while len(self._found) > _AHEAD:
                self._found.popitem(last=False)

    def df(self, unit: Unit, field: str, term: str) -> int:
        return self._counted(unit, field, term) if field in FIELDS and term else 0

    def count(self, unit: Unit) -> int:
        return self._counted(unit)

    def dfs(self, unit: Unit, field: str, terms: Collection[str]) -> None:
        """Counts together what `df` is about to be asked for one after the other."""
        wanted = [each for each in dict.fromkeys(terms) if each and (unit.value, field, each) not in self._counts]
        if field in FIELDS and len(wanted) > 1:
            asked: dict[tuple[str, ...], Json] = {}
            asked |= {(unit.value, field, each): counting({"term": {field: term(each)}}) for each in wanted}
            if (unit.value,) not in self._counts:
                asked[unit.value,] = counting({"match_all": {}})
            found = self._reading.searches([(unit.value, body) for body in asked.values()])
            with self._lock:
                for key, answer in zip(asked, found, strict=True):
                    self._counts[key] = int(answer["hits"]["total"]["value"])

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

    def _hits(self, search: Search) -> list[Hit]:
        found = self._found.get(search)
        if found is not None:
            return list(found)
        portions = list(search.portions())
        if len(portions) > 1:
            return self._summed(portions, search.k)
        body = search.body()
        hits = self._reading.hits(search.unit, body, everywhere=search.scores) if body else []
        return [search.hit_of(each) for each in hits]

    def _summed(self, portions: Sequence[Search], k: int) -> list[Hit]:
        """For a query of more clauses than the cluster takes: exact while a portion has 10,000 hits at most."""
        sums: dict[str, Hit] = {}
        for portion in portions:
            for hit in self._hits(replace(portion, k=WINDOW if k > 0 else 0)):
                before = sums[hit.id].score if hit.id in sums else 0.0
                sums[hit.id] = replace(hit, score=before + hit.score)
        return sorted(sums.values(), key=lambda hit: (-hit.score, hit.id))[:k]
