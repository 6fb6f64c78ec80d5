"""Markup to plain paragraphs: a fragment of HTML, as feeds, JSON-LD and ninjs carry it, read without trusting it."""

import html
import re
from functools import cache
from typing import Any

from index.ingest.pageparts import is_parsable

_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,15}(?:\s[^<>]{0,2000})?/?>")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_SILENT = frozenset(
    "script style noscript template iframe svg math object form button select textarea figure picture video audio "
    "head title".split()
)
_BLOCKS = frozenset(
    "address article aside blockquote body br center dd details div dl dt fieldset figcaption footer h1 h2 h3 h4 h5 h6 "
    "header hr html li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)


def plain(text: str) -> str:
    """The words of a text that may be HTML, a paragraph a line; figures, scripts and forms are left out.

    A text without tags keeps its lines, with entities ("&amp;") resolved. Nothing is left of one with more tags or
    attributes than any article has.
    """
    if _TAG.search(text) is None and "&lt;" in text:
        text = html.unescape(text)  # markup that was escaped once more
    if _TAG.search(text) is None:
        return html.unescape(text) if _ENTITY.search(text) else text
    from lxml import etree  # noqa: PLC0415 -- heavy, and only some sources hold markup

    data = text.replace("\0", "").encode("utf-8", "replace")
    try:
        root = etree.fromstring(data, _parser()) if is_parsable(data) else None
    except (etree.XMLSyntaxError, ValueError):
        root = None
    return "" if root is None else "\n".join(_lines(root))


def _lines(root: Any) -> list[str]:  # noqa: ANN401 -- an element of lxml, which ships no types
    """The text of a tree, a line for each block, without recursion: trees may be deep."""
    from lxml import etree  # noqa: PLC0415

    lines: list[str] = []
    pieces: list[str] = []

    def end_line() -> None:
        if line := " ".join("".join(pieces).split()):
            lines.append(line)
        pieces.clear()

    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event in {"start", "end"}:
            if element.tag in _BLOCKS:
                end_line()
            if event == "start":
                if element.tag in _SILENT:
                    walk.skip_subtree()
                else:
                    pieces.append(element.text or "")
                continue
        pieces.append(element.tail or "")
    end_line()
    return lines


@cache
def _parser() -> Any:  # noqa: ANN401
    from lxml import etree  # noqa: PLC0415

    return etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=False, huge_tree=False)
