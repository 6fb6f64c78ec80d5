"""What a feed or a sitemap lists: the items that lead to articles, whatever the format was."""

import hashlib
from dataclasses import dataclass

MAX_ITEMS = 500  # of one reading; a feed has 30, a news sitemap may have 1,000, the newest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An article as a feed tells of it; everything as it is written there, untrusted.

    Attributes:
        key: names it within the feed, the same at every reading.
        link: absolute; None when the item has none.
        summary, content: HTML or text; `content` when the feed says that it is the whole article.
        updated: as written; with title and text it tells whether the article has to be read again.
        outlet: whose article it is, when the feed names another than itself.
    """

    key: str
    link: str | None = None
    title: str | None = None
    summary: str = ""
    content: str = ""
    published: str | None = None
    updated: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    outlet: str | None = None

    @property
    def mark(self) -> str:
        """Changes when the feed says something else of the article."""
        told = "\n".join((self.title or "", self.updated or self.published or "", self.summary, self.content))
        return hashlib.blake2b(told.encode("utf-8", "replace"), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a feed or sitemap lists.

    Attributes:
        kind: "feed" or "sitemap".
        title: what it calls itself.
        home: the page that it belongs to.
        hint: seconds between polls that it asks for; 0 when it doesn't.
        further: addresses of further sitemaps to read, the newest first.
        left: how many items were left out, because there were too many.
    """

    kind: str
    items: tuple[Item, ...] = ()
    title: str | None = None
    home: str | None = None
    language: str | None = None
    hint: float = 0.0
    further: tuple[str, ...] = ()
    left: int = 0
