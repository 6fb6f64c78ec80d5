"""One consistent state of the cluster: a point in time of each family of indices, and how it is read."""

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from opensearchpy.exceptions import NotFoundError

from index.storage.opensearch.connection import ClusterAway, Connection
from index.storage.opensearch.layout import FAMILIES, alias, all_of

log = logging.getLogger(__name__)

Json = dict[str, Any]
_KEEP = "10m"  # a point in time that nobody used for so long is let go by the cluster
TOO_MANY = 429
_LOST = frozenset({500, 503})  # what the cluster answers when a node that held a part of the state has died
PAGE = 1_000  # entries that a stream reads at a time
NOTHING_STORED: Json = {"stored_fields": "_none_"}  # not even an entry's name: unpacking it takes longer than searching


class Reading:
    """A state of the library; where the cluster lost its hold on it (a node died), the newest state is read instead.

    Args:
        connection: to the cluster.
        sequence: of the state.
        held: whether the state is held: what writers do meanwhile is not seen.
        generation: which one is read; None for the one that answers. What is held is named by it: nodes learn one
            after the other which generation answers, and two families must not be asked of two generations.
    """

    def __init__(
        self, connection: Connection, sequence: int, *, held: bool = True, generation: int | None = None
    ) -> None:
        self.connection = connection
        self._generation = None if held else generation
        self.sequence = sequence
        self._lock = threading.Lock()
        self.points: dict[str, str] = {}
        self._shards: dict[str, int] = {}
        for family in FAMILIES if held else ():
            self._hold(family, generation)

    def search(self, family: str, body: Json, *, everywhere: bool = False) -> Json:
        """One search.

        Args:
            family: of indices.
            body: the request.
            everywhere: scores count what all shards hold, as if there were one.

        Raises:
            ClusterAway: the cluster is away, or a part of the family is missing: nothing is answered by halves.
        """
        point = self.points.get(family)
        try:
            found = self._search(family, point, body, everywhere=everywhere)
            if point is None or found["_shards"]["total"] == self._shards.get(point):
                return found  # else its indices are gone, of which the cluster says nothing
        except (NotFoundError, ClusterAway) as error:
            if point is None or (isinstance(error, ClusterAway) and error.status not in _LOST):
                raise
            log.info("A state could not be read: %s", error)
        log.info("The state of %s is no longer held; the newest is read.", family)
        with self._lock:
            if self.points.get(family) == point:
                for each in FAMILIES:  # together, so that they tell of one state
                    self._hold(each)
            point = self.points.get(family)
        return self._search(family, point, body, everywhere=everywhere)

    def hits(self, family: str, body: Json, *, everywhere: bool = False) -> list[Json]:
        """The hits of one search."""
        found: list[Json] = self.search(family, {"track_total_hits": False} | body, everywhere=everywhere)["hits"][
            "hits"
        ]
        return found

    def searches(self, asked: Sequence[tuple[str, Json]], *, everywhere: bool = False) -> list[Json]:
        """Several searches, each in its family, on one way there and back.

        Args:
            asked: family of indices and request of each.
            everywhere: as with `search`.

        Raises:
            ClusterAway: as `search`.
        """
        points = [self.points.get(family) for family, _ in asked]
        head = _parameters(everywhere=everywhere)
        if len(asked) > 1 and None not in points:
            lines: list[Json] = []
            for point, (_, body) in zip(points, asked, strict=True):
                lines += [head, body | {"pit": {"id": point, "keep_alive": _KEEP}}]
            with self.connection.reading() as client:
                found = client.msearch(body=lines, request_timeout=self.connection.options.timeout)["responses"]
            if all(
                "error" not in each and each["_shards"]["total"] == self._shards.get(str(point))
                for point, each in zip(points, found, strict=True)
            ):
                return list(found)
        return [
            self.search(family, body, everywhere=everywhere) for family, body in asked
        ]  # which sees to what went wrong

    def count(self, family: str, query: Json) -> int:
        """How many entries a query finds."""
        return int(self.search(family, counting(query))["hits"]["total"]["value"])

    def stream(
        self, family: str, query: Json, sort: Sequence[Mapping[str, str]], body: Json | None = None, page: int = PAGE
    ) -> Iterator[Json]:
        """All hits of a query in an order that no two share, a page at a time."""
        asked: Json = {"query": query, "sort": list(sort), "size": page, "track_total_hits": False} | (body or {})
        while found := self.hits(family, asked):
            yield from found
            if len(found) < page:
                return
            asked = asked | {"search_after": found[-1]["sort"]}

    def values(self, family: str, query: Json, field: str) -> Iterator[str]:
        """Each value of a keyword field among what a query finds, ascending, a page at a time."""
        by: Json = {"size": PAGE, "sources": [{"value": {"terms": {"field": field}}}]}
        while True:
            body = {"size": 0, "query": query, "track_total_hits": False, "aggs": {"values": {"composite": by}}}
            found = self.search(family, body)["aggregations"]["values"]
            yield from (each["key"]["value"] for each in found["buckets"])
            if len(found["buckets"]) < PAGE:
                return
            by = by | {"after": found["after_key"]}

    def _search(self, family: str, point: str | None, body: Json, *, everywhere: bool) -> Json:
        parameters = _parameters(everywhere=everywhere)
        timeout = self.connection.options.timeout
        with self.connection.reading() as client:
            if point is not None:
                body = body | {"pit": {"id": point, "keep_alive": _KEEP}}
                found: Json = client.search(body=body, params=parameters, request_timeout=timeout)
            else:
                name = self._name(family)
                found = client.search(body=body, index=name, params=parameters, request_timeout=timeout)
        return found

    def _name(self, family: str) -> str:
        options = self.connection.options
        return alias(options, family) if self._generation is None else all_of(options, family, self._generation)

    def _hold(self, family: str, generation: int | None = None) -> None:
        """Holds the newest state of a family; where the cluster holds too many already, it is read as it goes."""
        options = self.connection.options
        name = alias(options, family) if generation is None else all_of(options, family, generation)
        whole = {"keep_alive": _KEEP, "allow_partial_pit_creation": "false"}
        try:
            with self.connection.reading() as client:
                point = client.create_pit(index=name, params=whole, request_timeout=options.timeout)
        except ClusterAway as error:
            if error.status != TOO_MANY:
                raise
            log.warning("The cluster holds as many states as it may: the newest is read, whatever changes meanwhile.")
            self.points.pop(family, None)
        else:
            self._shards[point["pit_id"]] = point["_shards"]["total"]
            self.points[family] = point["pit_id"]


def _parameters(*, everywhere: bool) -> Json:
    parameters = {"allow_partial_search_results": "false"}
    return parameters | {"search_type": "dfs_query_then_fetch"} if everywhere else parameters


def counting(query: Json) -> Json:
    """The search that counts what a query finds."""
    return {"query": query, "size": 0, "track_total_hits": True}
