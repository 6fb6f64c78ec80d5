"""Reads what a page's head says of its article in meta tags, for pages without JSON-LD."""

import re
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from index.ingest.published import read_published

_TITLES = ("og:title", "twitter:title", "headline", "dc.title", "parsely-title")
_OUTLETS = ("og:site_name", "application-name", "publisher", "dc.publisher")
_AUTHORS = ("author", "article:author", "parsely-author", "byl", "dc.creator", "sailthru.author", "twitter:data1")
_PUBLISHED = (
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "publishdate",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dc.date",
    "date",
)
_DAY_IN_PATH = re.compile(r"/(20\d\d|19\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?:/|-|$)")
_CLASS_OF_BYLINE = re.compile(r"\b(?:byline|author)(?:[_-]*(?:name|link|text))?\b", re.IGNORECASE)
_BYLINE = re.compile(r"^(?:By\s+)?((?:[^\W\d_a-z][\w.'’-]*\s+){1,4}[^\W\d_a-z][\w.'’-]*(?:(?:,| and| &)\s.{3,80})?)$")
_SHORTEST_HEADLINE = 12  # code points
_BYLINES = (  # by their attributes, of which there are fewer than elements
    "//@class[contains(., 'uthor') or contains(., 'yline')]/.. | //@rel[.='author']/.. | //@itemprop[.='author']/.."
)
_LONGEST = 2_000  # code points of a headline or a byline that are looked at
_SCANNED = 100  # elements that may hold a byline


def told_by_head(
    root: Any,  # noqa: ANN401 -- lxml ships no types
    *,
    url: str | None = None,
    known: Collection[str] = (),
) -> dict[str, Any]:
    """The fields of an `ArticleRecord` that a page's head tells.

    Args:
        root: the parsed page.
        url: where it is; a day in it counts when the page has none.
        known: fields that are told better elsewhere; for authors and the day the page isn't searched then.
    """
    metas = _metas(root)
    lang = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang")
    told = {
        "title": _title(_first(metas, _TITLES) or "", root),
        "outlet": _first(metas, _OUTLETS),
        "authors": None if "authors" in known else _author(metas) or _byline(root),
        "published": None if "published" in known else _published(metas, root, url),
        "language": lang or metas.get("og:locale"),
        "url": _canonical(root, metas),
    }
    return {name: value for name, value in told.items() if value}


def _metas(root: Any) -> dict[str, str]:  # noqa: ANN401
    found: dict[str, str] = {}
    for tag in root.iterfind(".//meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        content = " ".join((tag.get("content") or "")[:2_000].split())
        if name and content:
            found.setdefault(name.strip().lower(), content)
    return found


def _first(metas: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[name] for name in names if name in metas), None)


def _title(told: str, root: Any) -> str | None:  # noqa: ANN401
    """The headline as the page shows it, where that is what it is called, else what it is called."""
    tag = root.find(".//title")
    names = [name for name in (told, _words(tag) if tag is not None else "") if name]
    headings = [text for heading in root.iter("h1", "h2") if (text := _words(heading))]
    for name in names:
        for heading in headings:
            if len(heading) >= _SHORTEST_HEADLINE and (name.startswith(heading) or name.endswith(heading)):
                return heading
    main = [text for heading in root.iter("h1") if (text := _words(heading))]
    return told or (main[0] if len(main) == 1 else next(iter(names), None))


def _author(metas: Mapping[str, str]) -> str | None:
    for name in _AUTHORS:
        value = metas.get(name)
        if (
            value
            and "://" not in value
            and not value[0].isdigit()
            and (name != "twitter:data1" or _BYLINE.match(value))
        ):
            return value
    return None


def _byline(root: Any) -> str | None:  # noqa: ANN401
    """The names in an element that is marked as the author's."""
    for tag in root.xpath(_BYLINES)[:_SCANNED]:
        named = tag.get("rel") == "author" or tag.get("itemprop") == "author"
        if named or _CLASS_OF_BYLINE.search(tag.get("class", "")):
            match = _BYLINE.match(_words(tag)[:200])
            if match:
                return match[1]
    return None


def _published(metas: Mapping[str, str], root: Any, url: str | None) -> str | None:  # noqa: ANN401
    for name in _PUBLISHED:
        if name in metas and (day := read_published(metas[name])):
            return day
    for tag in root.iterfind(".//time"):
        if tag.get("datetime") and (day := read_published(tag.get("datetime"))):
            return day
    try:
        match = _DAY_IN_PATH.search(urlsplit(url or "").path)
    except ValueError:
        return None
    return read_published("-".join(part.zfill(2) for part in match.groups())) if match else None


def _canonical(root: Any, metas: Mapping[str, str]) -> str | None:  # noqa: ANN401
    for tag in root.iterfind(".//link"):
        if (tag.get("rel") or "").lower() == "canonical" and tag.get("href"):
            return str(tag.get("href")).strip()
    return metas.get("og:url")


def _words(tag: Any) -> str:  # noqa: ANN401
    """The words in an element; only the first of what is too long for a headline or a name."""
    found: list[str] = []
    length = 0
    for text in tag.itertext():
        found.append(text[:_LONGEST])
        length += len(text)
        if length > _LONGEST:
            break
    return " ".join("".join(found).split())
