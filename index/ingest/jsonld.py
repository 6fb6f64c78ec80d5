"""Reads what a page or file says of its articles as schema.org JSON-LD, however much, deep or broken that is."""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from index.ingest.markup import plain

_SCRIPT = re.compile(r"<script\b([^<>]{1,1000})>", re.IGNORECASE)
_END = re.compile(r"</script", re.IGNORECASE)
_JSON_LD = re.compile(r"""\btype\s*=\s*["']?\s*application/ld\+json\b""", re.IGNORECASE)
_AROUND = " \t\r\n;/"  # what stands about the marks that hide a script from old readers
_BEFORE, _BEHIND = ("<!--", "<![CDATA["), ("-->", "]]>")
_MOST_SCRIPTS, _LONGEST_SCRIPT = 50, 6_000_000  # code points, of all scripts together
_MOST_NODES = 5_000
_MOST_NAMES = 50
_LONGEST_NAME = 300
_MOST_ARTICLES = 100  # of one page

_ARTICLES = frozenset(
    "NewsArticle AnalysisNewsArticle AskPublicNewsArticle BackgroundNewsArticle OpinionNewsArticle "
    "ReportageNewsArticle ReviewNewsArticle Article SatiricalArticle ScholarlyArticle TechArticle Report BlogPosting "
    "LiveBlogPosting".split()
)
_INTO = ("@graph", "mainEntity", "mainEntityOfPage")  # where a page's own article may stand
_INTO_LISTS = (*_INTO, "itemListElement", "item", "hasPart", "dataFeedElement", "blogPost", "@list")
_WITHDRAWN = re.compile(r"\b(?:withdrawn|retracted|removed|deleted)\b", re.IGNORECASE)
_LAST_PART = re.compile(r"[^/#:]*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """An article as JSON-LD describes it; the words are the source's, for `record_from` to check.

    Attributes:
        text: its body as plain paragraphs; empty when it isn't given, or isn't free to read.
        urls: the addresses that it gives for itself, best first.
        modified: when it was last changed, as written.
        free: whether everybody may read it; None when that isn't said.
        closed: CSS selectors of the parts of its page that are not free.
        withdrawn: one sentence when the publisher took it back.
    """

    title: str | None = None
    text: str = ""
    outlet: str | None = None
    urls: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: str | None = None
    modified: str | None = None
    language: str | None = None
    free: bool | None = None
    closed: tuple[str, ...] = ()
    withdrawn: str | None = None

    def fields(self) -> dict[str, Any]:
        """Those of an `ArticleRecord` that are told."""
        url = next((url for url in self.urls if url.lower().startswith(("http://", "https://"))), None)
        told = {
            "title": self.title,
            "text": self.text,
            "outlet": self.outlet,
            "url": url,
            "authors": list(self.authors),
            "published": self.published,
            "language": self.language,
            "withdrawn": self.withdrawn,
        }
        return {name: value for name, value in told.items() if value}


def described_by(page: str, *, url: str | None = None) -> Described | None:
    """What a page says of the article that it shows; None when it says nothing.

    Args:
        page: HTML.
        url: where the page is: of several articles, the one with this address is meant.
    """
    values = [value for script in _scripts(page) if (value := _value(script)) is not None]
    found = list(islice(_described(values, _INTO), _MOST_ARTICLES))
    here = _comparable(url)
    return max(
        found,
        key=lambda one: (bool(here) and here in map(_comparable, one.urls), len(one.fields())),
        default=None,
    )


def described_in(value: object) -> list[Described]:
    """All articles that decoded JSON-LD describes, in order; empty when it is something else."""
    return list(_described(value, _INTO_LISTS))


def is_json_ld(value: object) -> bool:
    """Whether decoded JSON says that it is JSON-LD, or is a list of what does."""
    if isinstance(value, list) and value:
        value = value[0]
    return isinstance(value, dict) and ("@type" in value or "@graph" in value)


# ---------------------------------------------------------------------------------------------------------------
# Out of the page


def _scripts(page: str) -> Iterator[str]:
    at = found = length = 0
    while found < _MOST_SCRIPTS and (start := _SCRIPT.search(page, at)):
        end = _END.search(page, start.end())
        if end is None:
            return
        at = end.end()
        if _JSON_LD.search(start[1]):
            found += 1
            length += end.start() - start.end()
            if length > _LONGEST_SCRIPT:
                return
            yield page[start.end() : end.start()]


def _value(script: str) -> Any:  # noqa: ANN401 -- whatever JSON holds
    """The value of a script, None when it is no JSON."""
    text = script.strip(_AROUND)
    for before, behind in zip(_BEFORE, _BEHIND, strict=True):
        text = text.removeprefix(before).removesuffix(behind).strip(_AROUND)
    if '"' not in text:
        text = html.unescape(text)
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


# ---------------------------------------------------------------------------------------------------------------
# Out of the value


def _described(value: object, into: tuple[str, ...]) -> Iterator[Described]:
    nodes = list(_nodes(value, into))
    known = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 2}
    for node in nodes:
        if _types(node) & _ARTICLES:
            yield _article(node, known)


def _nodes(value: object, into: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Objects in the order in which they stand, from outer to inner."""
    waiting = [value]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(reversed(one[:_MOST_NODES]))
        elif isinstance(one, dict):
            yield one
            waiting.extend(one[name] for name in reversed(into) if name in one)


def _article(node: Mapping[str, Any], known: Mapping[str, dict[str, Any]]) -> Described:
    parts = [part for part in _objects(node.get("hasPart"), known) if _truth(part.get("isAccessibleForFree")) is False]
    free = _truth(node.get("isAccessibleForFree"))
    if free is None and parts:
        free = False
    body = _string(node.get("articleBody")) or ""
    pages = _objects(node.get("mainEntityOfPage"), known)
    addresses = [node.get("url"), node.get("mainEntityOfPage"), *(page.get("url") for page in pages)]
    addresses += [*(page.get("@id") for page in pages), node.get("@id")]
    outlets = [name for key in ("publisher", "sourceOrganization", "isPartOf") for name in _names(node.get(key), known)]
    status = _string(node.get("creativeWorkStatus")) or ""
    return Described(
        title=_line(node.get("headline")) or _line(node.get("name")),
        text="" if free is False else plain(body),
        outlet=next(iter(outlets), None),
        urls=tuple(dict.fromkeys(url.strip() for address in addresses if (url := _string(address)))),
        authors=tuple(dict.fromkeys(_names(node.get("author"), known) or _names(node.get("creator"), known))),
        published=_string(node.get("datePublished")) or _string(node.get("dateCreated")),
        modified=_string(node.get("dateModified")),
        language=_string(node.get("inLanguage")) or _language(node.get("inLanguage")),
        free=free,
        closed=tuple(selector for part in parts for selector in _strings(part.get("cssSelector"))),
        withdrawn="The publisher marks it as withdrawn." if _WITHDRAWN.search(status) else None,
    )


def _types(node: Mapping[str, Any]) -> set[str]:
    """The node's types, without the vocabulary in front ("https://schema.org/NewsArticle")."""
    return {match[0] for name in _strings(node.get("@type")) if (match := _LAST_PART.search(name))}


def _objects(value: object, known: Mapping[str, dict[str, Any]]) -> list[Mapping[str, Any]]:
    """The objects that a property holds; one that only names another (by "@id") is that other one."""
    found: list[Mapping[str, Any]] = []
    for one in value[:_MOST_NAMES] if isinstance(value, list) else [value]:
        if isinstance(one, dict):
            named = one.get("@id")
            found.append(known.get(named, one) if isinstance(named, str) and "name" not in one else one)
    return found


def _names(value: object, known: Mapping[str, dict[str, Any]]) -> list[str]:
    """The names of persons or organisations, given as strings, objects, or lists of them."""
    if isinstance(value, dict) and "@list" in value:
        value = value["@list"]
    written: list[str] = []
    for one in value[:_MOST_NAMES] if isinstance(value, list) else [value]:
        if isinstance(one, str):
            written.append(one)
        written += [name for each in _objects(one, known) for name in _strings(each.get("name"))]
    names = [_line(name) or "" for name in written[:_MOST_NAMES] if len(name) <= _LONGEST_NAME]
    return [name for name in names if name and not name.lower().startswith(("http://", "https://"))]


def _language(value: object) -> str | None:
    return _string(value.get("alternateName")) if isinstance(value, dict) else None


def _truth(value: object) -> bool | None:
    """True, "True", "https://schema.org/True", and the same of false; None for anything else."""
    if isinstance(value, bool):
        return value
    word = (_string(value) or "").lower()
    return True if word.endswith("true") else False if word.endswith("false") else None


def _string(value: object) -> str | None:
    return next(iter(_strings(value)), None)


def _strings(value: object) -> list[str]:
    """The strings in a value: itself, its "@value", or those of a list."""
    several = value[:20] if isinstance(value, list) else [value]
    unwrapped = (one.get("@value") if isinstance(one, dict) else one for one in several)
    return [one for one in unwrapped if isinstance(one, str) and one.strip()]


def _line(value: object) -> str | None:
    text = _string(value)
    return " ".join(plain(text).split()) or None if text and len(text) < 10_000 else None


def _comparable(url: str | None) -> str:
    """An address without what differs between two ways to write it: scheme, "www.", query, last slash."""
    bare = re.sub(r"^https?://(?:www\.|m\.|amp\.)?", "", (url or "").strip().lower())
    return re.split(r"[?#]", bare, maxsplit=1)[0].rstrip("/")
