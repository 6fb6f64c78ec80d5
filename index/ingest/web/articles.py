"""From an item of a feed to a record: out of its page, or of the feed itself where that holds the article."""

import asyncio
import json
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from index.errors import SourceError
from index.ingest.markup import plain
from index.ingest.readers import record_of
from index.ingest.records import ArticleRecord, record_from
from index.ingest.web.items import Item, Listing
from index.ingest.web.urls import tidied
from index.ingest.web.withdrawal import withdrawal_in
from index.model import day_of
from index.storage.records import StoredArticle

if TYPE_CHECKING:
    from index.ingest.web.fetching import Fetched, Fetcher

MAX_PAGE = 5_000_000  # bytes, unpacked
HTML = "text/html,application/xhtml+xml;q=0.9,*/*;q=0.1"
_FULL = 150  # words from which on what a feed calls content is taken for the whole article
_BRIEF = 12  # words of a summary that is worth keeping, where the page can't be read
_SHORTER = 0.5  # of the earlier text: a page that was replaced by a notice
_CLOSED = frozenset({401, 402, 403, 406, 407, 451})
_CUT = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|(?:continue reading|read more|read the full)[^\n]{0,80})\W*$", re.IGNORECASE
)
_NOTICE = 300_000  # bytes of a page without an article, in which a notice is looked for
_AHEAD = timedelta(days=1)  # a date may be so far in the future, for clocks and zones


class Gone(SourceError):
    """A page that its publisher took away for good.

    Attributes:
        sentence: how that is known, for a person.
    """

    def __init__(self, item: str, reason: str, sentence: str = "") -> None:
        super().__init__(item, reason)
        self.sentence = sentence or "The publisher took it back: its page is gone for good (410)."


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The record of an item, or why there is none; `lasting` when asking again soon makes no sense."""

    record: ArticleRecord | None
    reason: str = ""
    lasting: bool = False


async def read_item(
    item: Item, listing: Listing, fetcher: "Fetcher", *, now: datetime, before: StoredArticle | None
) -> Found:
    """The article that an item leads to.

    Args:
        item: new, or with other words than before.
        listing: where it stands.
        fetcher: for its page.
        now: in UTC.
        before: the article as it is stored.
    """
    content = plain(item.content).strip()
    if len(content.split()) >= _FULL and not _CUT.search(content[-200:]):
        return Found(record=_of_feed(item, listing, content, "feed", now))
    if item.link is None:
        return _brief(item, listing, content, now, "it has neither a link nor its whole text")
    try:
        page = await read_page(item.link, fetcher)
    except Gone as gone:
        return Found(record=taken_back(before, gone.sentence), reason=gone.reason, lasting=True)
    except Closed as closed:
        return _brief(item, listing, content, now, closed.reason)
    except SourceError as error:
        return Found(record=None, reason=error.reason)
    if len(page.text.split()) < len(content.split()):
        page = page.model_copy(update={"text": content})
    return Found(record=_with_item(page, item, listing, now, before))


async def read_again(
    item_link: str, fetcher: "Fetcher", *, now: datetime, before: StoredArticle
) -> ArticleRecord | None:
    """The article as its page has it now, long after it was read; None when nothing can be told."""
    kept = record_of(before.raw)
    try:
        page = await read_page(item_link, fetcher)
    except Gone as gone:
        return taken_back(before, gone.sentence)
    except SourceError:
        return None
    if (kept.mark or "").startswith("feed:"):
        notice = withdrawal_in(page.title, page.text)
        return kept.model_copy(update={"withdrawn": notice}) if notice != kept.withdrawn else None
    if (kept.mark or "").startswith("brief:") and len(page.text.split()) < len(kept.text.split()):
        return None
    merged = {name: getattr(page, name) or getattr(kept, name) for name in _TOLD_BY_FEED}
    mark = (kept.mark or "").replace("brief:", "page:")
    return dated(_withdrawn(page.model_copy(update={**merged, "mark": mark or None}), before), now)


_TOLD_BY_FEED = ("title", "outlet", "published", "language", "authors", "url")


class Closed(SourceError):
    """A page that may not be read, now or later."""


async def read_page(url: str, fetcher: "Fetcher", fetched: "Fetched | None" = None) -> ArticleRecord:
    """The article in a page.

    Raises:
        Gone: 410.
        Closed: it may not be read.
        SourceError: it can't be fetched, or holds no article.
    """
    from index.ingest.extraction import extract  # noqa: PLC0415 -- heavy, and only pages need it

    if fetched is None:
        try:
            fetched = await fetcher.fetch(url, accept=HTML, most=MAX_PAGE)
        except SourceError as error:
            if "robots.txt" in error.reason or "open internet" in error.reason:
                raise Closed(url, error.reason) from error
            raise
    if fetched.status == 410:
        raise Gone(url, "the publisher has taken it away (410)")
    if fetched.status in _CLOSED:
        raise Closed(url, status_words(fetched.status))
    if fetched.status != 200:
        raise SourceError(url, status_words(fetched.status))
    if fetched.type and not re.search(r"html|xml|text/plain|octet-stream", fetched.type):
        raise Closed(url, f"it is not a page ({fetched.type[:60]})")
    try:
        record = await asyncio.to_thread(extract, fetched.body, fetched.url, charset=fetched.charset)
    except SourceError as error:
        lines = plain(fetched.body[:_NOTICE].decode("utf-8", "replace")).split("\n")
        if notice := next((found for line in lines if (found := withdrawal_in(None, line))), None):
            raise Gone(url, "its page holds only a notice that it was taken back", notice) from error
        raise
    notice = record.withdrawn or withdrawal_in(record.title, record.text)
    own = tidied(record.url or fetched.url, fetched.url) or record.url
    return record.model_copy(update={"withdrawn": notice, "url": own})


def taken_back(before: StoredArticle | None, sentence: str) -> ArticleRecord | None:
    """The article as it is stored, marked as withdrawn; None when it isn't stored."""
    if before is None:
        return None
    return record_of(before.raw).model_copy(update={"withdrawn": before.withdrawn or sentence})


def mark_of(stored: StoredArticle) -> str:
    """What the feed said of an article when it was read, digested; empty when it isn't known."""
    try:
        raw = json.loads(stored.raw)
    except ValueError:
        return ""
    return str(raw.get("mark", "")).rpartition(":")[2] if isinstance(raw, dict) else ""


def dated(record: ArticleRecord, now: datetime) -> ArticleRecord:
    """The record without a date that lies in the future."""
    day = day_of(record.published)
    if day is None or day <= (now + _AHEAD).date():
        return record
    note = f"it is undated, because {record.published} has not come yet"
    return record.model_copy(update={"published": None, "notes": (*record.notes, note)})


def status_words(status: int) -> str:
    """What a status of HTTP means, for a person."""
    match status:
        case 401 | 402 | 403 | 407:
            return f"it is not open to everybody ({status})"
        case 404:
            return "there is no such page (404)"
        case 410:
            return "it was taken away for good (410)"
        case 429:
            return "the host asks us to come less often (429)"
        case 451:
            return "it may not be shown for legal reasons (451)"
        case _ if status >= 500:
            return f"the host is in trouble ({status})"
        case _:
            return f"the host answered {status}"


# ---------------------------------------------------------------------------------------------------------------
# Records


def _with_item(
    page: ArticleRecord, item: Item, listing: Listing, now: datetime, before: StoredArticle | None
) -> ArticleRecord:
    feed = _of_feed(item, listing, page.text, "page", now)
    told = {name: getattr(page, name) or getattr(feed, name) for name in _TOLD_BY_FEED}
    withdrawn = page.withdrawn or feed.withdrawn
    record = page.model_copy(update={**told, "withdrawn": withdrawn, "mark": feed.mark})
    return dated(_withdrawn(record, before), now)


def _withdrawn(record: ArticleRecord, before: StoredArticle | None) -> ArticleRecord:
    """The record; of one whose page is only a notice by now, what it said before, marked."""
    if record.withdrawn is None or before is None:
        return record
    earlier = record_of(before.raw)
    if len(record.text.split()) >= _SHORTER * len(earlier.text.split()):
        return record
    return earlier.model_copy(update={"withdrawn": record.withdrawn, "mark": record.mark})


def _brief(item: Item, listing: Listing, content: str, now: datetime, reason: str) -> Found:
    """What the feed shows of an article whose page may not be read."""
    text = max(content, plain(item.summary).strip(), key=len)
    if len(text.split()) < _BRIEF:
        return Found(record=None, reason=reason, lasting=True)
    return Found(record=_of_feed(item, listing, text, "brief", now))


def _of_feed(item: Item, listing: Listing, text: str, origin: str, now: datetime) -> ArticleRecord:
    title = plain(item.title or "").strip() or None
    record = record_from(
        {
            "title": title,
            "text": text,
            "url": item.link,
            "outlet": plain(item.outlet or listing.title or ""),
            "authors": list(item.authors),
            "published": item.published or item.updated,
            "language": item.language or listing.language,
            "withdrawn": withdrawal_in(title, text),
            "mark": f"{origin}:{item.mark}",
        },
        item=item.link or item.key,
    )
    return dated(record, now)
