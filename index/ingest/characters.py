"""Repairs characters: odd spaces, invisible ones, entities, letters in two parts, broken encodings."""

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from index.ingest.traced import Traced

_SPACES = "\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000"
# Zero-width spaces, soft hyphens, controls and marks of writing direction. Joiners (U+200C, U+200D) stay: emoji and
# Persian need them.
_INVISIBLE = (
    "\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
)
# What the second and later bytes of UTF-8 look like when read as Latin-1 or Windows-1252.
_TRAIL = "\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ"

_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
LINE_BREAK = re.compile(rf"\r\n|[{_BREAKS}]")
_ODD = re.compile(
    rf"""
    # UTF-8 read as something else, its letters whole or in two parts
    (?P<broken>(?:[\xc2-\xf4]|[A-Z][\u0300-\u036f])[{_TRAIL}][\xc2-\xf4{_TRAIL}]{{0,200}})
    |(?P<space>(?:[{_SPACES}{_INVISIBLE}]|&nbsp;|&\#160;)(?:[\ {_SPACES}{_INVISIBLE}]|&nbsp;|&\#160;)*
        |\ [\ {_SPACES}{_INVISIBLE}](?:[\ {_SPACES}{_INVISIBLE}]|&nbsp;|&\#160;)*)
    |(?P<entity>&(?:[a-z]{{2,8}}|\#\d{{2,6}}|\#x[0-9a-f]{{2,5}});)
    |(?P<parts>[^\W\d_][\u0300-\u036f]+)                               # a letter and its accent
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Where none of these stands, nothing above can match; one class of characters is found several times as fast.
_SUSPECT = re.compile(rf"[&{_SPACES}{_INVISIBLE}\xc2-\xf4\u0300-\u036f]|  ")
_ANY_INVISIBLE = re.compile(f"[{_INVISIBLE}]+")
_ANY_SPACE = re.compile(rf"[ {_SPACES}]|&nbsp;|&\#160;", re.IGNORECASE)


_MOST_REPAIRS = 100_000  # in one text; each takes memory until the article is stored


class TooOdd(Exception):
    """A text needs more repairs than any text does."""


def lines(raw: str) -> Iterator[Traced]:
    """The non-blank lines of a text, repaired and stripped; every kind of line break ends one.

    Raises:
        TooOdd: on the way, when the text needs too many repairs.
    """
    at = repairs = 0
    for text in raw.splitlines(keepends=True):  # at what LINE_BREAK finds, several times as fast
        if not text.isspace():
            line = _line(raw, at, at + len(text.rstrip(_BREAKS)), _MOST_REPAIRS - repairs)
            repairs += max(len(line.pieces) - 1, 0)
            if line.text:
                yield line
        at += len(text)


def repaired(text: str) -> str:
    """One line of text, repaired and stripped, for titles and names."""
    return " ".join(line.text for line in lines(text))


def invisible(text: str) -> bool:
    """Whether nothing of a text can be seen."""
    return not _ANY_INVISIBLE.sub("", text).strip()


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch without what can't be seen at its ends; `start` equals `end` when nothing can."""
    while start < end and invisible(text[start]):
        start += 1
    while end > start and invisible(text[end - 1]):
        end -= 1
    return start, end


def _line(raw: str, start: int, end: int, most: int) -> Traced:
    suspect = _SUSPECT.search(raw, start, end)
    if suspect is None:
        return Traced.verbatim(raw[start:end], start).strip()
    parts: list[Traced] = []
    at = start
    for odd in _ODD.finditer(raw, max(start, suspect.start() - 1), end):
        replacement = _repair(odd)
        if replacement == odd[0]:
            continue
        parts.append(Traced.verbatim(raw[at : odd.start()], at))
        parts.append(Traced.replaced(replacement, *odd.span()))
        at = odd.end()
        if len(parts) > 2 * most:
            raise TooOdd
    return Traced.joined([*parts, Traced.verbatim(raw[at:end], at)]).strip()


def _repair(odd: re.Match[str]) -> str:
    found = odd[0]
    if odd.lastgroup == "space":
        return " " if _ANY_SPACE.search(found) else ""
    if odd.lastgroup == "broken":
        return _ANY_INVISIBLE.sub("", _recoded(unicodedata.normalize("NFC", found))).replace("\xa0", " ")
    if odd.lastgroup == "entity":
        character = html.unescape(found)
        return " " if character.isspace() else _ANY_INVISIBLE.sub("", character)
    return unicodedata.normalize("NFC", found)


@lru_cache(maxsize=4096)
def _recoded(run: str) -> str:
    import ftfy  # noqa: PLC0415 -- few texts are broken, and it takes as long to load as four articles to index

    return ftfy.fix_encoding(run)
