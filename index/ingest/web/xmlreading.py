"""Reads XML from strangers: no entity is expanded, nothing is loaded, what is broken is read as far as it goes."""

import html
import re
from collections.abc import Iterator
from typing import Any

from index.ingest.decoding import decoded, marked_encoding

_DECLARED = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_PROLOGUE = re.compile(r"^\s*<\?xml[^>]{0,500}\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE(?:[^\[\]>]{0,2000})(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_NAMED = re.compile(r"&([a-zA-Z][a-zA-Z0-9]{1,31});")
_BARE = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|[a-zA-Z][a-zA-Z0-9]{1,31};)")
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_STEP = 1 << 16
MOST_DEEP = 200  # elements within elements


def elements(data: bytes, wanted: frozenset[str], *, charset: str | None = None) -> Iterator[Any]:
    """Yields the elements of those names as they end, each to be read at once: it is emptied afterwards.

    Names are without their namespace, in lower case. What is deeper than 200 elements is not read.

    Args:
        data: a document.
        wanted: names; elements that stand within one of them are yielded with it, not for themselves.
        charset: as the server named it.

    Raises:
        ValueError: one sentence why it is no XML.
    """
    from lxml import etree  # noqa: PLC0415 -- heavy, and only some sources are XML

    parser = etree.XMLPullParser(
        ("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    text = _characters(data, charset).encode("utf-8", "replace")
    depth = inside = 0
    for start in range(0, max(len(text), 1), _STEP):
        try:
            parser.feed(text[start : start + _STEP])
        except etree.XMLSyntaxError as error:
            if start == 0:
                raise ValueError("it is not XML that can be read") from error
            return
        for event, element in parser.read_events():
            depth += 1 if event == "start" else -1
            if depth > MOST_DEEP:
                return
            named = local(element) in wanted
            if event == "start":
                inside += named
                continue
            inside -= named
            if named and inside == 0:
                yield element
                _empty(element)
            elif inside == 0 and depth > 1:
                _empty(element)


def local(element: Any) -> str:  # noqa: ANN401 -- lxml ships no types
    """An element's name in lower case, without its namespace."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def words(element: Any, most: int = 2_000_000) -> str:  # noqa: ANN401
    """The text in an element and in those within it."""
    parts: list[str] = []
    length = 0
    for part in element.itertext():
        parts.append(part)
        length += len(part)
        if length > most:
            break
    return "".join(parts)[:most].strip()


def _empty(element: Any) -> None:  # noqa: ANN401
    """Gives back the memory of an element, and of those before it."""
    element.clear(keep_tail=False)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _characters(data: bytes, charset: str | None) -> str:
    """The document's characters, with HTML's names for characters replaced and without its DTD."""
    declared = _DECLARED.match(data[:400])
    for name in (declared[1].decode("ascii") if declared else None, charset):
        if name is None or marked_encoding(data[:4]) or name.lower() in {"utf-8", "utf8"}:
            continue
        try:
            text = data.decode(name)
            break
        except (LookupError, ValueError):
            continue
    else:
        text = decoded(data)
    text = _ILLEGAL.sub(" ", _PROLOGUE.sub("", text, count=1).lstrip("\ufeff \t\r\n"))
    if "<!DOCTYPE" in text[:5_000].upper():
        text = _DOCTYPE.sub("", text, count=1)
    return _BARE.sub("&amp;", _NAMED.sub(_character, text))


def _character(match: re.Match[str]) -> str:
    if match[1] in _OWN:
        return match[0]
    character = html.unescape(match[0])
    return character if character != match[0] else ""
