"""Tells which items of a listing have to be read: the new and the changed ones that no other source has given."""

import hashlib
from urllib.parse import urlsplit

from index.ingest.records import ArticleRecord
from index.ingest.sources import Entry
from index.ingest.web.articles import mark_of
from index.ingest.web.items import Item, Listing
from index.ingest.web.urls import article_id
from index.storage.base import Corpus
from index.storage.records import StoredArticle


class Wanted:
    """Which items of a listing have to be read.

    Attributes:
        elsewhere: keys of items whose article another source has given.
    """

    def __init__(self, source: str, listing: Listing, corpus: Corpus | None) -> None:
        self._source = source
        self._corpus = corpus
        self._keys = {item.key for item in listing.items}
        self._listing = listing
        self._known = corpus.items(source, list(self._keys)) if corpus else {}
        self._live = frozenset(state.name for state in corpus.sources()) if corpus else frozenset()
        self.elsewhere: set[str] = set()

    def items(self) -> list[tuple[Item, StoredArticle | None]]:
        """The new and the changed ones with what is stored of them, in the listing's order."""
        ids = {item.key: self._id(item, item.link) for item in self._listing.items}
        stored = self._corpus.articles(list(ids.values())) if self._corpus else {}
        wanted = []
        for item in self._listing.items:
            before = stored.get(ids[item.key])
            if before is not None and self._is_of_another(before, item):
                self.elsewhere.add(item.key)
            elif before is None or mark_of(before) != item.mark:
                wanted.append((item, before))
        return wanted

    def entry(self, item: Item, record: ArticleRecord) -> Entry | None:
        """What is to be put; None when the article turns out to be one that stands elsewhere."""
        identity = self._id(item, record.url or item.link)
        before = self._corpus.articles([identity]).get(identity) if self._corpus else None
        if before is not None and self._is_of_another(before, item):
            self.elsewhere.add(item.key)
            return None
        return Entry(item=item.key, place=item.key, found=record, article_id=identity)

    def _id(self, item: Item, url: str | None) -> str:
        if item.key in self._known:
            return self._known[item.key].article_id
        if url:
            return article_id(url)
        host = urlsplit(self._source).hostname or "web"
        digest = hashlib.blake2b(f"{self._source}\n{item.key}".encode("utf-8", "replace"), digest_size=8).hexdigest()
        return f"{host}-{digest}"

    def _is_of_another(self, stored: StoredArticle, item: Item) -> bool:
        """Whether another source keeps the article, or another item of this one."""
        if stored.source != self._source:
            return stored.source in self._live
        return stored.item != item.key and stored.item in self._keys
