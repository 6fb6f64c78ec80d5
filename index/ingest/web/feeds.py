"""Reads RSS, Atom and JSON Feed, however large or broken, into the items that they list."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from index.ingest.decoding import decoded
from index.ingest.web.items import MAX_ITEMS, Item, Listing
from index.ingest.web.urls import tidied
from index.ingest.web.xmlreading import elements, local, words

_ITEMS = frozenset({"item", "entry"})
_WANTED = _ITEMS | {"title", "link", "language", "ttl", "updateperiod", "updatefrequency"}
_CONTENT_NAMESPACE = "http://purl.org/rss/1.0/modules/content/"
_LANG, _BASE = (f"{{http://www.w3.org/XML/1998/namespace}}{name}" for name in ("lang", "base"))
_PERIODS = {"hourly": 3_600.0, "daily": 86_400.0, "weekly": 604_800.0, "monthly": 2_592_000.0, "yearly": 31_536_000.0}
_LONGEST_LINE, _LONGEST_TEXT = 2_000, 1_000_000
_MOST_AUTHORS = 20
_FEED = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf)\b", re.IGNORECASE)
_MAILED = re.compile(r"^\S+@\S+\s*\((?P<name>[^()]+)\)$")


def is_feed(data: bytes) -> bool:
    """Whether the beginning of a document looks like a feed's."""
    start = data[:2_000]
    return bool(_FEED.search(start)) or (start.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{") and b"jsonfeed" in start)


def read_feed(data: bytes, url: str, *, charset: str | None = None) -> Listing:
    """The items of a feed, in its order, 500 at most.

    Args:
        data: RSS 0.9 to 2.0, RSS 1.0, Atom or JSON Feed.
        url: where it is, for links that are relative.
        charset: as the server named it.

    Raises:
        ValueError: one sentence why it is none of them.
    """
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] == b"{":
        return _json_feed(data, url)
    if not _FEED.search(data[:20_000]) and data[:2] not in {b"\xfe\xff", b"\xff\xfe"}:
        raise ValueError("it is not a feed")
    return _xml_feed(data, url, charset)


# ---------------------------------------------------------------------------------------------------------------
# RSS and Atom


def _xml_feed(data: bytes, url: str, charset: str | None) -> Listing:
    items: dict[str, Item] = {}
    about: dict[str, str] = {}
    left = 0
    for element in elements(data, _WANTED, charset=charset):
        name = local(element)
        if name not in _ITEMS:
            told = (_link(element, url) or "") if name == "link" else words(element, _LONGEST_LINE)
            about[name] = about.get(name) or told
            continue
        if len(items) == MAX_ITEMS:
            left += 1
            if left > 10 * MAX_ITEMS:
                break  # whoever lists more has shown the newest
            continue
        item = _item(element, url)
        if item is not None:
            items.setdefault(item.key, item)
    if not items and not about:
        raise ValueError("it is not a feed")
    return Listing(
        kind="feed",
        items=tuple(items.values()),
        title=about.get("title") or None,
        home=about.get("link") or None,
        language=about.get("language") or None,
        hint=_hint(about),
        left=left,
    )


def _item(element: Any, url: str) -> Item | None:  # noqa: ANN401 -- lxml ships no types
    told: dict[str, str] = {}
    authors: list[str] = []
    links: list[Any] = []
    for child in element:
        name = local(child)
        namespace = child.tag[1:].partition("}")[0] if isinstance(child.tag, str) and child.tag[:1] == "{" else ""
        if "search.yahoo.com/mrss" in namespace or "itunes" in namespace:
            continue  # of a picture or a recording
        match name:
            case "link":
                links.append(child)
            case "author" | "creator" | "contributor":
                authors += _authors(child)
            case "encoded" if namespace == _CONTENT_NAMESPACE:
                told["content"] = words(child, _LONGEST_TEXT)
            case "content" | "summary" | "description":
                told.setdefault("summary" if name == "description" else name, _markup(child))
            case "source":
                told["outlet"] = _outlet(child)
            case _:
                told.setdefault(name, words(child, _LONGEST_LINE))
    link = _best_link(links, element.get(_BASE) or url)
    guid = told.get("guid") or told.get("id") or ""
    if link is None and guid.lower().startswith(("http://", "https://")):
        link = tidied(guid)
    title = told.get("title")
    key = guid or link or title
    if not key:
        return None
    return Item(
        key=key[:_LONGEST_LINE],
        link=link,
        title=title,
        summary=told.get("summary", ""),
        content=told.get("content", ""),
        published=told.get("pubdate") or told.get("published") or told.get("issued") or told.get("date"),
        updated=told.get("updated") or told.get("modified"),
        authors=tuple(dict.fromkeys(authors))[:_MOST_AUTHORS],
        language=element.get(_LANG) or told.get("language"),
        outlet=told.get("outlet") or None,
    )


def _markup(element: Any) -> str:  # noqa: ANN401
    """The text of a construct; of one that holds XHTML, its markup."""
    if len(element) and element.get("type") == "xhtml":
        from lxml import etree  # noqa: PLC0415

        return "".join(etree.tostring(child, encoding="unicode") for child in element)[:_LONGEST_TEXT]
    return words(element, _LONGEST_TEXT)


def _authors(element: Any) -> Iterator[str]:  # noqa: ANN401
    names = [words(child, 200) for child in element if local(child) == "name"] or [words(element, 200)]
    for name in names[:_MOST_AUTHORS]:
        mailed = _MAILED.match(name)
        if plain := (mailed["name"] if mailed else "" if "@" in name else name).strip():
            yield plain


def _outlet(element: Any) -> str:  # noqa: ANN401
    titles = [words(child, 200) for child in element if local(child) == "title"]
    return titles[0] if titles else words(element, 200) if not len(element) else ""


def _best_link(links: list[Any], base: str) -> str | None:
    ranked = sorted(links, key=lambda link: (link.get("rel") or "alternate") != "alternate")
    return next((found for link in ranked if (found := _link(link, base)) is not None), None)


def _link(element: Any, base: str) -> str | None:  # noqa: ANN401
    if (element.get("rel") or "alternate") not in {"alternate", "self"} or element.get("rel") == "self":
        return None
    if "html" not in (element.get("type") or "html"):
        return None
    written = element.get("href") or words(element, _LONGEST_LINE)
    return tidied(written, base) if written else None


def _hint(about: Mapping[str, str]) -> float:
    minutes = about.get("ttl", "")
    if minutes.isascii() and minutes.isdigit():
        return 60.0 * int(minutes[:6])
    period = _PERIODS.get(about.get("updateperiod", "").lower(), 0.0)
    often = about.get("updatefrequency", "1")
    return period / max(int(often[:4]) if often.isascii() and often.isdigit() else 1, 1)


# ---------------------------------------------------------------------------------------------------------------
# JSON Feed


def _json_feed(data: bytes, url: str) -> Listing:
    try:
        feed = json.loads(decoded(data))
    except (ValueError, RecursionError) as error:
        raise ValueError("it is not JSON that can be read") from error
    given = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(given, list):
        raise ValueError("it is not a feed")  # noqa: TRY004 -- of what stands in it, not of what was passed
    items = [item for one in given[:MAX_ITEMS] if isinstance(one, dict) and (item := _json_item(one, url)) is not None]
    return Listing(
        kind="feed",
        items=tuple({item.key: item for item in reversed(items)}.values())[::-1],
        title=_string(feed.get("title")),
        home=_string(feed.get("home_page_url")),
        language=_string(feed.get("language")),
        left=max(len(given) - MAX_ITEMS, 0),
    )


def _json_item(one: Mapping[str, Any], url: str) -> Item | None:
    written = _string(one.get("url")) or _string(one.get("external_url"))
    link = tidied(written, url) if written else None
    title = _string(one.get("title"))
    number = one.get("id")
    key = (str(number) if isinstance(number, str | int) and number else None) or link or title
    if not key:
        return None
    people = one.get("authors") if isinstance(one.get("authors"), list) else [one.get("author")]
    names = [_string(each.get("name")) for each in people or () if isinstance(each, dict)]
    return Item(
        key=key[:_LONGEST_LINE],
        link=link,
        title=title,
        summary=_string(one.get("summary")) or "",
        content=_string(one.get("content_html")) or _string(one.get("content_text")) or "",
        published=_string(one.get("date_published")),
        updated=_string(one.get("date_modified")),
        authors=tuple(name for name in names if name)[:_MOST_AUTHORS],
        language=_string(one.get("language")),
    )


def _string(value: object) -> str | None:
    return value[:_LONGEST_TEXT].strip() or None if isinstance(value, str) else None
