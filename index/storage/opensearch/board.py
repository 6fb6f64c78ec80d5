"""What bot processes share besides the library: small texts in an index of their own, of which no change gets lost."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator

from opensearchpy.exceptions import ConflictError, NotFoundError

from index.errors import StoreError
from index.storage.opensearch import bulk
from index.storage.opensearch.connection import Connection, Json
from index.storage.opensearch.generations import Generations
from index.storage.opensearch.layout import alias, body_of, key_of

_ATTEMPTS = 50  # to change a text that others are changing too
_PAGE = 1_000


class ClusterBoard:
    """The shared texts of a library in a cluster; every method may be called from any thread.

    Args:
        connection: to the cluster.
        generations: to make the index that they are kept in.
        clock: seconds since 1970.
    """

    def __init__(
        self, connection: Connection, generations: Generations, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._connection = connection
        self._generations = generations
        self._clock = clock
        self._index = alias(connection.options, "guilds")
        self._made = False

    def get(self, kind: str, name: str) -> str | None:
        found = self._found(kind, name)
        return None if found is None else found["_source"]["value"]

    def change(self, kind: str, name: str, by: Callable[[str | None], str | None], *, owner: str = "") -> str | None:
        for _ in range(_ATTEMPTS):
            found = self._found(kind, name)
            before = None if found is None else found["_source"]["value"]
            after = by(before)
            if after == before or self._put(kind, name, found, after, owner):
                return after
        raise StoreError("Too many others change the same settings just now; try again in a moment.")

    def all(self, kind: str, *, owner: str | None = None, since: float = 0.0) -> dict[str, str]:
        self._make()
        passing: list[Json] = [{"term": {"kind": kind}}, {"range": {"at": {"gte": since}}}]
        if owner is not None:
            passing.append({"term": {"owner": owner}})
        body: Json = {"_source": ["name", "value"], "sort": [{"name": "asc"}]}
        return {hit["_source"]["name"]: hit["_source"]["value"] for hit in self._hits(passing, body)}

    def known(self, kind: str, names: Collection[str]) -> set[str]:
        if not names:
            return set()
        self._make()
        ids = {key_of(kind, name): name for name in names}
        with self._connection.reading() as client:
            found = client.mget(
                index=self._index,
                body={"ids": list(ids)},
                params={"_source": "false"},
                request_timeout=self._connection.options.timeout,
            )
        return {ids[each["_id"]] for each in found["docs"] if each.get("found")}

    def pin(self, kind: str, names: Iterable[str], *, owner: str = "") -> None:
        self._make()
        at = self._clock()
        fields = {"kind": kind, "owner": owner, "value": "", "at": at}
        lines = (bulk.put_line(self._index, key_of(kind, name), None, fields | {"name": name}) for name in names)
        bulk.send(self._connection, lines)

    def unpin(self, kind: str, names: Iterable[str]) -> None:
        self._make()
        bulk.send(self._connection, (bulk.drop_line(self._index, key_of(kind, name)) for name in names))

    def clear(self, kind: str, *, owner: str | None = None, before: float | None = None) -> None:
        self._make()
        passing: list[Json] = [{"term": {"kind": kind}}]
        if owner is not None:
            passing.append({"term": {"owner": owner}})
        if before is not None:
            passing.append({"range": {"at": {"lt": before}}})
        self._connection.writing(lambda client: client.indices.refresh(index=self._index))
        body: Json = {"_source": False, "sort": [{"name": "asc"}]}
        ids = [hit["_id"] for hit in self._hits(passing, body)]
        bulk.send(self._connection, (bulk.drop_line(self._index, each) for each in ids))

    # -------------------------------------------------------------------------------------------------------------

    def _hits(self, passing: list[Json], body: Json) -> Iterator[Json]:
        body = body | {"query": {"bool": {"filter": passing}}, "size": _PAGE}
        while True:
            with self._connection.reading() as client:
                hits = client.search(
                    index=self._index,
                    body=body,
                    params={"allow_partial_search_results": "false"},
                    request_timeout=self._connection.options.timeout,
                )["hits"]["hits"]
            yield from hits
            if len(hits) < _PAGE:
                return
            body["search_after"] = hits[-1]["sort"]

    def _found(self, kind: str, name: str) -> Json | None:
        self._make()
        try:
            with self._connection.reading() as client:
                found: Json = client.get(
                    index=self._index, id=key_of(kind, name), request_timeout=self._connection.options.timeout
                )
        except NotFoundError:
            return None
        return found

    def _put(self, kind: str, name: str, found: Json | None, after: str | None, owner: str) -> bool:
        """Writes a text, or takes it down, unless somebody was quicker."""
        if found is None:
            only_if: Json = {"op_type": "create", "refresh": "true"}
        else:
            owner = found["_source"]["owner"]
            only_if = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"], "refresh": "true"}
        where: Json = {"index": self._index, "id": key_of(kind, name), "params": only_if}
        body = {"kind": kind, "name": name, "owner": owner, "value": after, "at": self._clock()}
        try:
            with self._connection.reading() as client:
                if after is None:
                    client.delete(**where)
                else:
                    client.index(body=body, **where)
        except NotFoundError:
            return after is None
        except StoreError as error:
            if isinstance(error.__cause__, ConflictError):
                return False
            raise
        return True

    def _make(self) -> None:
        if not self._made:
            options = self._connection.options
            self._generations.create(self._index, body_of("guilds", options, legacy=self._generations.legacy()))
            self._made = True
