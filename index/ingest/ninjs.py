"""Reads ninjs, IPTC's news in JSON, as agencies send it: version 3, and what versions 1 and 2 call differently."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from index.errors import SourceError
from index.ingest.markup import plain
from index.ingest.records import ArticleRecord, record_from

_MOST_ITEMS = 1_000
_BODIES = ("body_html", "body_xhtml", "body_nitf", "body_text", "body")  # as version 1 names them
_PUBLISHED = ("firstcreated", "versioncreated", "contentcreated")
_OURS = ("bodies", "headlines", "pubstatus", "versioncreated", "firstcreated", "associations", "headline", "standard")


def is_ninjs(value: object) -> bool:
    """Whether decoded JSON is a ninjs item."""
    if not isinstance(value, dict) or not isinstance(value.get("uri"), str):
        return False
    item = _lowered(value)
    return any(name in item for name in _OURS) or any(name.startswith("body_") for name in item)


def items_of(value: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each text of an item with its uri: the item itself, and those that it is put together of."""
    waiting = [value]
    for _ in range(_MOST_ITEMS):
        if not waiting:
            return
        one = waiting.pop()
        if not isinstance(one, dict):
            continue
        item = _lowered(one)
        parts = item.get("associations")
        found = list(parts.values()) if isinstance(parts, dict) else parts if isinstance(parts, list) else []
        waiting.extend(reversed(found[:_MOST_ITEMS]))
        if isinstance(item.get("uri"), str) and (_body(item) or _status(item) == "canceled"):
            yield item["uri"], item


def record_of_item(item: Mapping[str, Any], *, where: str, now: datetime) -> ArticleRecord:
    """The record of an item, as `items_of` gives it.

    Args:
        item: with its names in lower case.
        where: what an error names.
        now: in UTC: an item that is embargoed until later is not read.

    Raises:
        SourceError: it is withheld, embargoed, or no article.
    """
    if _status(item) == "withheld":
        raise SourceError(where, "its publisher withholds it; it is read when that changes")
    until = _time(item.get("embargoeduntil") or item.get("embargoed"))
    if until is not None and until > now:
        raise SourceError(where, f"it is embargoed until {until:%-d %B %Y, %H:%M %Z}; read it again then")
    canceled = _status(item) == "canceled"
    title = _preferred(item, "headlines") or _text(item.get("headline")) or _text(item.get("title"))
    uri = item["uri"]
    fields = {
        "id": uri,
        "text": _body(item) or (title if canceled else ""),
        "title": " ".join(plain(title).split()),
        "outlet": _text(item.get("copyrightholder")) or _source(item),
        "url": uri if uri.lower().startswith(("http://", "https://")) else None,
        "authors": _text(item.get("by")) or _text(item.get("byline")),
        "published": next((item[name] for name in _PUBLISHED if isinstance(item.get(name), str)), None),
        "language": item.get("language"),
        "withdrawn": "Its publisher canceled it." if canceled else None,
    }
    return record_from(fields, item=where)


def _lowered(item: Mapping[str, Any]) -> dict[str, Any]:
    """Names in lower case: version 2 writes "pubstatus", version 3 "pubStatus"."""
    return {name.lower(): value for name, value in item.items()}


def _body(item: Mapping[str, Any]) -> str:
    found = _preferred(item, "bodies") or next((text for name in _BODIES if (text := _text(item.get(name)))), "")
    return plain(found)


def _preferred(item: Mapping[str, Any], name: str) -> str:
    """The value with the role "main", else the first with markup, which keeps paragraphs, else the first."""
    given = item.get(name)
    several = [_lowered(one) for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    told = [one for one in several if _text(one.get("value"))]

    def order(one: Mapping[str, Any]) -> tuple[bool, bool]:
        kind = _text(one.get("contenttype"))
        return _text(one.get("role")).lower() != "main", not any(word in kind for word in ("html", "xml"))

    return _text(min(told, key=order)["value"]) if told else ""


def _source(item: Mapping[str, Any]) -> str:
    given = item.get("infosources") or item.get("infosource")
    several = given if isinstance(given, list) else []
    return next((name for one in several if isinstance(one, dict) and (name := _text(one.get("name")))), "")


def _status(item: Mapping[str, Any]) -> str:
    return _text(item.get("pubstatus")).lower()


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _time(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(_text(value))
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
