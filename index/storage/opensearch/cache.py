"""What attribution found, kept in the cluster, so that no indexer works out twice what another one did."""

import json
import logging
from collections.abc import Collection
from typing import Any

from opensearchpy.exceptions import NotFoundError

from index.model import Article, Quote
from index.storage.embedded.codec import quotes_of, quotes_row
from index.storage.opensearch import bulk
from index.storage.opensearch.connection import Connection
from index.storage.opensearch.generations import Generations
from index.storage.opensearch.layout import alias, body_of, clean, key_of
from index.storage.opensearch.records import text_of

log = logging.getLogger(__name__)


class ClusterCache:
    """Quotes by (content hash, attributor version).

    Args:
        connection: to the cluster.
        generations: to make the index at the first `put`.
    """

    def __init__(self, connection: Connection, generations: Generations) -> None:
        self._connection = connection
        self._generations = generations
        self._index = alias(connection.options, "attribution")
        self._made = False

    def get(self, article: Article, attributor: int) -> tuple[Quote, ...] | None:
        identity = key_of(article.content_hash, attributor)
        try:
            found = self._connection.writing(lambda client: client.get(index=self._index, id=identity))
            speakers, quotes = json.loads(found["_source"]["quotes"])
            return quotes_of([[[article.id + key, *rest] for key, *rest in speakers], quotes])
        except (NotFoundError, ValueError, LookupError, TypeError):
            return None

    def put(self, article: Article, attributor: int, quotes: tuple[Quote, ...]) -> None:
        self._make()
        speakers, rows = quotes_row(quotes)
        bare = [[key.removeprefix(article.id), *rest] for key, *rest in speakers]
        fields = {"content": clean(article.content_hash), "quotes": text_of([bare, rows])}
        bulk.send(self._connection, [bulk.put_line(self._index, key_of(article.content_hash, attributor), 1, fields)])

    def drop(self, content_hashes: Collection[str]) -> None:
        if not content_hashes or not self._connection.writing(lambda c: c.indices.exists(index=self._index)):
            return
        self._connection.writing(lambda client: client.indices.refresh(index=self._index))
        hashes = sorted(map(clean, content_hashes))
        for start in range(0, len(hashes), 1_000):
            body = {
                "query": {"terms": {"content": hashes[start : start + 1_000]}},
                "size": 10_000,
                "_source": False,
            }
            bulk.send(self._connection, (bulk.drop_line(self._index, hit["_id"], 1) for hit in self._hits(body)))

    def _hits(self, body: dict[str, Any]) -> list[dict[str, Any]]:
        found = self._connection.writing(lambda client: client.search(index=self._index, body=body))
        hits: list[dict[str, Any]] = found["hits"]["hits"]
        return hits

    def _make(self) -> None:
        if not self._made:
            options = self._connection.options
            self._generations.create(self._index, body_of("attribution", options, legacy=self._generations.legacy()))
            self._made = True
