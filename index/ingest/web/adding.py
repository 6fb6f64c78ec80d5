"""Finds out what stands at an address that somebody names: a feed, a sitemap, an article, or a page that has a feed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import SourceError
from index.ingest.web.articles import status_words
from index.ingest.web.feeds import is_feed
from index.ingest.web.opml import is_opml, read_opml
from index.ingest.web.sitemaps import is_sitemap
from index.ingest.web.unpacking import unpacked
from index.ingest.web.urls import tidied

if TYPE_CHECKING:
    from index.ingest.web.fetching import Fetched, Fetcher

_HOST = re.compile(r"^(?:[^\W_](?:[\w-]*[^\W_])?\.)+[a-z]{2,24}(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)
_FILE = re.compile(r"[^/]+\.(?:txt|jsonl?|html?|md|markdown|xml|opml|gz|zst|warc)", re.IGNORECASE)
_LINK = re.compile(r"<link\b[^<>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))""")
_FEED_TYPE = re.compile(r"application/(?:rss\+xml|atom\+xml|feed\+json|rdf\+xml)$", re.IGNORECASE)
_ARTICLE = re.compile(
    rb"""property\s*=\s*["']?og:type["']?\s+content\s*=\s*["']?article\b"""
    rb"""|content\s*=\s*["']?article["']?\s+property\s*=\s*["']?og:type\b"""
    rb"""|"@type"\s*:\s*\[?\s*"[A-Za-z]*(?:NewsArticle|Article|BlogPosting)\"""",
    re.IGNORECASE,
)
_HEAD = 300_000  # bytes of a page in which links to feeds are looked for
_MAX_LIST = 10_000_000  # bytes of an OPML file
_MAX_UNPACKED = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What an address stands for.

    Attributes:
        kind: "feed", "sitemap", "page" or "list" (of feeds).
        url: of the feed, the sitemap or the page.
        feeds: those of a list.
        through: the page that led to the feed; None when the feed was named itself.
    """

    kind: str
    url: str
    feeds: tuple[str, ...] = ()
    through: str | None = None


def as_address(name: str) -> str | None:
    """The address that somebody means by a name; None when it names a file or a folder.

    "example.org/news" is an address, unless there is such a file.

    Raises:
        SourceError: an address of another kind than http and https, or a broken one.
    """
    text = name.strip()
    text = re.sub(r"^feed:(?://)?(?=https?://)", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^feed://", "http://", text, flags=re.IGNORECASE)
    if re.match(r"[a-z][a-z0-9+.-]*://", text, re.IGNORECASE):
        if not re.match(r"https?://", text, re.IGNORECASE):
            raise SourceError(name, "only addresses that start with http:// or https:// are fetched")
        url = tidied(text)
        if url is None:
            raise SourceError(name, "it is not an address that can be fetched")
        return url
    if "\0" in text or not _HOST.match(text) or _FILE.fullmatch(text) or _exists(text):
        return None
    return tidied(f"https://{text}")


def feeds_in_file(name: str) -> list[str] | None:
    """The feeds that a file lists, None when it is no list of feeds.

    Raises:
        SourceError: it is one that can't be read.
    """
    path = Path(name).expanduser()
    try:
        if not path.is_file():
            return None
        with path.open("rb") as stream:
            data = stream.read(2_000)
            if not is_opml(data):
                return None
            data += stream.read(_MAX_LIST)
    except (OSError, ValueError):
        return None  # whoever reads it as articles says why
    try:
        return read_opml(data)
    except ValueError as error:
        raise SourceError(name, str(error)) from error


async def what_is_at(url: str, fetcher: "Fetcher") -> Named:
    """What stands at an address.

    Raises:
        SourceError: it can't be fetched, or is nothing that can be followed.
    """
    fetched = await _there(url, fetcher)
    named = _named(url, fetched)
    if named is not None:
        return named
    links = list(_feed_links(fetched))
    if not links or _ARTICLE.search(fetched.body[:_HEAD]):
        return Named(kind="page", url=url)
    problem: SourceError | None = None
    for link in links[:3]:
        try:
            found = _named(link, await _there(link, fetcher))
        except SourceError as error:
            problem = problem or error
            continue
        if found is not None and found.kind == "feed":
            return Named(kind="feed", url=link, through=url)
    raise SourceError(url, f"the feed that it names can't be read: {problem.reason if problem else 'it is none'}")


async def _there(url: str, fetcher: "Fetcher") -> "Fetched":
    fetched = await fetcher.fetch(url, cut=True)
    if fetched.status != 200:
        raise SourceError(url, status_words(fetched.status))
    return fetched


def _named(url: str, fetched: "Fetched") -> Named | None:
    """What a document is by its looks; None for a page, or for anything else."""
    try:
        start = unpacked(fetched.body, most=_MAX_UNPACKED) if fetched.body[:2] == b"\x1f\x8b" else fetched.body
    except ValueError as error:
        raise SourceError(url, str(error)) from error
    if is_opml(start):
        try:
            return Named(kind="list", url=url, feeds=tuple(read_opml(start)))
        except ValueError as error:
            raise SourceError(url, str(error)) from error
    if is_sitemap(start):
        return Named(kind="sitemap", url=url)
    return Named(kind="feed", url=url) if is_feed(start) or fetched.type == "application/feed+json" else None


def _feed_links(fetched: "Fetched") -> Iterator[str]:
    """The feeds that a page's head names, those of comments last."""
    found: list[tuple[bool, str]] = []
    head = fetched.body[:_HEAD].decode("utf-8", "replace")
    for tag in _LINK.findall(head):
        told = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(tag)}
        if "alternate" not in told.get("rel", "").lower().split() or not _FEED_TYPE.match(told.get("type", "")):
            continue
        link = tidied(told.get("href", "").replace("&amp;", "&"), fetched.url)
        if link is not None:
            found.append(("comment" in f"{told.get('title', '')} {link}".lower(), link))
    yield from dict.fromkeys(link for _, link in sorted(found, key=lambda one: one[0]))


def _exists(name: str) -> bool:
    try:
        return Path(name).expanduser().exists()
    except (OSError, RuntimeError):
        return False
