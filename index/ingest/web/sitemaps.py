"""Reads sitemaps and sitemap indexes: what they call news, and otherwise the pages that changed last."""

import re
from typing import Any

from index.ingest.published import read_published
from index.ingest.web.items import MAX_ITEMS, Item, Listing
from index.ingest.web.urls import tidied
from index.ingest.web.xmlreading import elements, local, words

_WANTED = frozenset({"url", "sitemap"})
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)\b", re.IGNORECASE)
_MOST_READ = 50_000  # entries; what the protocol allows in one file
_MOST_FURTHER = 20


def is_sitemap(data: bytes) -> bool:
    """Whether the beginning of a document looks like a sitemap's or an index's."""
    return bool(_SITEMAP.search(data[:2_000]))


def read_sitemap(data: bytes, url: str, *, charset: str | None = None) -> Listing:
    """The newest items of a sitemap, 500 at most, or the newest sitemaps of an index.

    Args:
        data: as it came, unpacked.
        url: where it is.
        charset: as the server named it.

    Raises:
        ValueError: one sentence why it is none.
    """
    if not _SITEMAP.search(data[:20_000]):
        raise ValueError("it is not a sitemap")
    items: list[tuple[str, bool, Item]] = []
    further: list[tuple[str, str]] = []
    read = 0
    for element in elements(data, _WANTED, charset=charset):
        read += 1
        if read > _MOST_READ:
            break
        told = _told(element)
        link = tidied(told.get("loc", ""), url)
        if link is None:
            continue
        day = read_published(told.get("publication_date")) or read_published(told.get("lastmod")) or ""
        if local(element) == "sitemap":
            further.append((day, link))
        else:
            items.append((day, "publication_date" in told, _item(told, link)))
    if any(news for _, news, _ in items):
        items = [one for one in items if one[1]]
    items.sort(key=lambda one: one[0], reverse=True)
    further.sort(key=lambda one: one[0], reverse=True)
    return Listing(
        kind="sitemap",
        items=tuple({item.key: item for _, _, item in items[:MAX_ITEMS]}.values()),
        further=tuple(dict.fromkeys(link for _, link in further))[:_MOST_FURTHER],
        left=max(len(items) - MAX_ITEMS, 0),
    )


def _told(element: Any) -> dict[str, str]:  # noqa: ANN401 -- lxml ships no types
    """The entry's own fields and those of its news; pictures and films have fields of the same names."""
    told: dict[str, str] = {}
    for child in element:
        match local(child):
            case "news":
                for part in child.iter():
                    if not len(part):
                        told[local(part)] = words(part, 2_000)
            case "loc" | "lastmod" as name:
                told.setdefault(name, words(child, 2_000))
            case _:
                continue
    return told


def _item(told: dict[str, str], link: str) -> Item:
    return Item(
        key=link,
        link=link,
        title=told.get("title") or None,
        published=told.get("publication_date") or None,
        updated=told.get("lastmod") or None,
        language=told.get("language") or None,
        outlet=told.get("name") or None,
    )
