"""Reads and writes lists of feeds as OPML 2.0, the form in which feed readers exchange them."""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

from index.ingest.web.urls import tidied
from index.ingest.web.xmlreading import elements
from index.storage.records import POLLED, SourceState

_OPML = re.compile(rb"<opml\b", re.IGNORECASE)
_OUTLINE = frozenset({"opml"})
_MOST = 10_000


def is_opml(data: bytes) -> bool:
    """Whether the beginning of a document looks like OPML."""
    return bool(_OPML.search(data[:2_000]))


def read_opml(data: bytes) -> list[str]:
    """The addresses of the feeds in a list, in its order, each once, 10,000 at most.

    Raises:
        ValueError: one sentence why it holds none.
    """
    found: dict[str, None] = {}
    for root in elements(data, _OUTLINE):
        for outline in root.iter():
            written = next((value for name, value in outline.attrib.items() if name.lower() == "xmlurl"), None)
            if written and (url := tidied(re.sub(r"^feed:(?://)?(?=http|//|\w)", _web, written.strip()))) is not None:
                found[url] = None
            if len(found) >= _MOST:
                break
    if not found:
        raise ValueError("it lists no feed (no outline with an xmlUrl that starts with http:// or https://)")
    return list(found)


def _web(match: re.Match[str]) -> str:
    return "" if match.string[match.end() :].startswith("http") else "http://"


def written_opml(sources: Iterable[SourceState], *, title: str) -> str:
    """The polled ones among the sources as OPML."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<opml version="2.0">']
    lines += [f"  <head><title>{escape(title)}</title></head>", "  <body>"]
    for source in sources:
        if source.kind in POLLED:
            name = quoteattr(_printable(source.title or source.name))
            kind = "rss" if source.kind == "feed" else source.kind
            lines.append(f'    <outline type="{kind}" text={name} xmlUrl={quoteattr(source.address or source.name)}/>')
    return "\n".join([*lines, "  </body>", "</opml>"]) + "\n"


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
