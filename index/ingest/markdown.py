"""Reads Markdown with front matter, as newsrooms' site builders keep articles: plain paragraphs and their fields."""

import re
from collections.abc import Iterator
from typing import Any

from index.ingest.markup import plain

_FENCE = re.compile(r"(-{3}|\+{3})[ \t]*\r?\n")
_FIELD = re.compile(r"""["']?([A-Za-z][\w -]{0,40}?)["']?[ \t]*[:=][ \t]*(.*)""")
_ITEM = re.compile(r"\s*-\s+(.*)")
_MOST_LINES = 500  # of front matter
_NAMES = {
    "title": "title", "headline": "title", "outlet": "outlet", "publisher": "outlet", "source": "outlet",
    "url": "url", "canonical": "url", "canonical_url": "url", "permalink": "url", "author": "authors",
    "authors": "authors", "byline": "authors", "date": "published", "published": "published",
    "pubdate": "published", "publishdate": "published", "language": "language", "lang": "language", "id": "id",
}  # fmt: skip
_CODE = re.compile(r"\s{0,3}(?:```|~~~)")
_RULE = re.compile(r"\s{0,3}(?:[-*_=]\s*){3,}$|\s{0,3}=+\s*$|\s{0,3}-+\s*$")
_OPENING = re.compile(r"\s{0,3}(?:#{1,6}\s+|>\s?|[-*+]\s+|\d{1,3}[.)]\s+)+")
_CLOSING = re.compile(r"\s+#+\s*$")
_DEFINITION = re.compile(r"\s{0,3}\[[^\]\n]{1,200}\]:\s*\S+.*$")
_IMAGE = re.compile(r"!\[[^\]\n]{0,500}\](?:\([^()\n]{0,2000}\)|\[[^\]\n]{0,200}\])")
_LINK = re.compile(r"\[([^\[\]\n]{1,1000})\](?:\([^()\n]{0,2000}\)|\[[^\]\n]{0,200}\])")
_AUTOLINK = re.compile(r"<(?:https?://|mailto:)[^<>\s]{1,2000}>")
_FOOTNOTE = re.compile(r"\[\^[^\]\n]{1,50}\]")
_STRONG = re.compile(r"(?<![\w*])(\*{1,3})(?=\S)([^*\n]{1,2000}?)(?<=\S)\1(?![\w*])")
_UNDERLINED = re.compile(r"(?<![\w_])(_{1,3})(?=\S)([^_\n]{1,2000}?)(?<=\S)\1(?![\w_])")
_CODED = re.compile(r"`([^`\n]{1,500})`")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def read_markdown(text: str) -> tuple[dict[str, Any], str]:
    """The fields of the front matter (YAML's or TOML's plain kind), and the article's paragraphs, a line each."""
    fields, body = _front_matter(text)
    lines: list[str] = []
    paragraph: list[str] = []
    for line, kind in _lines(body):
        if kind != "text" and paragraph:
            lines.append(" ".join(paragraph))
            paragraph = []
        if kind == "text":
            paragraph.append(line)
        elif line:
            lines.append(line)
    if paragraph:
        lines.append(" ".join(paragraph))
    return fields, "\n\n".join(filter(None, map(_words, lines)))


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    text = text.lstrip("\ufeff")
    fence = _FENCE.match(text)
    if fence is None:
        return {}, text
    fields: dict[str, Any] = {}
    name = ""
    at = fence.end()
    for line in text[at:].splitlines(keepends=True)[:_MOST_LINES]:
        at += len(line)
        told = line.rstrip()
        if told == fence[1] or told == "...":
            return fields, text[at:]
        if (item := _ITEM.match(told)) and name:
            several = fields.get(name)
            fields[name] = [*(several if isinstance(several, list) else []), _value(item[1])]
        elif match := _FIELD.fullmatch(told):
            name = _NAMES.get(match[1].lower().replace(" ", "_"), "")
            if name and match[2]:
                fields.setdefault(name, _value(match[2]))
    return {}, text


def _value(written: str) -> str | list[str]:
    written = written.strip()
    if written.startswith("[") and written.endswith("]"):
        return [str(_value(each)) for each in written[1:-1].split(",")]
    if len(written) > 1 and written[0] == written[-1] and written[0] in "\"'":
        return written[1:-1].replace('\\"', '"').replace("''", "'")
    return written


def _lines(body: str) -> Iterator[tuple[str, str]]:
    """Each line with what it is: text that the next line may go on with, one of its own, or the end of a paragraph."""
    fenced = False
    for line in body.splitlines():
        if _CODE.match(line):
            fenced = not fenced
            yield "", "end"
        elif fenced or not line.strip() or _RULE.match(line) or _DEFINITION.match(line):
            yield "", "end"
        elif opening := _OPENING.match(line):
            rest = line[opening.end() :]
            yield (rest, "text") if opening.group().strip() == ">" else (_CLOSING.sub("", rest), "own")
        else:
            yield line.strip(), "text"


def _words(line: str) -> str:
    """A line without the marks of Markdown and HTML."""
    for pattern, kept in (
        (_IMAGE, ""),
        (_LINK, r"\1"),
        (_AUTOLINK, ""),
        (_FOOTNOTE, ""),
        (_CODED, r"\1"),
        (_STRONG, r"\2"),
        (_UNDERLINED, r"\2"),
    ):
        line = pattern.sub(kept, line)
    return " ".join(plain(_ESCAPED.sub(r"\1", line)).split())
