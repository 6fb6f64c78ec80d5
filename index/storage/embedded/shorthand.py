"""What is kept of an article beside its text, written with the help of the text: statements, record and documents."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from index.model import Article, Quote
from index.storage.embedded.codec import dumps, loads, pack, quotes_row, unpack
from index.storage.embedded.keys import key_of, short_of

Row = Sequence[Any]
Texts = Mapping[int, str]

_WINDOW = 32_000  # bytes of a text by which zlib can be helped at once
_PIECE, _AROUND = 16_000, 8_000  # bytes that are packed by themselves where a text is longer, and what helps them
_LENGTH = 4  # bytes

_ARTICLE, _PARAGRAPH, _STATEMENT = range(3)  # units as the codec numbers them


def pack_near(data: bytes, near: bytes) -> bytes:
    """Compresses data that tells the same as a text, in the same order."""
    if len(near) <= _WINDOW:
        return pack(data, near)
    pieces = (pack(data[at : at + _PIECE], _around(near, at, len(data))) for at in range(0, max(1, len(data)), _PIECE))
    lengths = b""
    packed = b""
    for piece in pieces:
        lengths += len(piece).to_bytes(_LENGTH, "big")
        packed += piece
    return len(data).to_bytes(_LENGTH, "big") + lengths + packed


def unpack_near(data: bytes, near: bytes) -> bytes:
    """What `pack_near` was given.

    Raises:
        ValueError: the bytes are not what was packed, or that was another text.
    """
    if len(near) <= _WINDOW:
        return unpack(data, near)
    size = int.from_bytes(data[:_LENGTH], "big")
    starts = range(0, max(1, size), _PIECE)
    place = _LENGTH * (1 + len(starts))
    if place > len(data):
        raise ValueError("the stored bytes end early")
    whole = []
    for number, at in enumerate(starts, 1):
        length = int.from_bytes(data[_LENGTH * number : _LENGTH * (number + 1)], "big")
        whole.append(unpack(data[place : place + length], _around(near, at, size)))
        place += length
    return b"".join(whole)


def _around(near: bytes, at: int, size: int) -> bytes:
    """The part of the text that stands as far into it as the piece into what is packed."""
    middle = at * len(near) // max(1, size)
    return near[max(0, middle - _AROUND) : middle + _PIECE + _AROUND]


# ---------------------------------------------------------------------------------------------------------------
# Statements


def texts_of(article: Article) -> dict[int, str]:
    """The paragraphs' texts by number."""
    return {paragraph.number: paragraph.text for paragraph in article.paragraphs}


def short_quotes(article: Article, quotes: Iterable[Quote]) -> Row:
    """Quotes as `quotes_row` gives them, less the words that the paragraphs hold and the ids that keys begin with."""
    speakers, rows = quotes_row(quotes, texts_of(article))
    return [[[short_of(article.id, key), *rest] for key, *rest in speakers], rows]


# ---------------------------------------------------------------------------------------------------------------
# Documents

_NEW = 0  # says that a field's terms are the next ones in the book; a number above is that of earlier ones
_FIRST_PARAGRAPHS = (0, 1)  # with which the text of an article begins: with its headline, or behind it


def pack_documents(article_id: str, rows: Iterable[Row], text: bytes) -> bytes:
    """Documents as `documents_row` gives them, the same terms once; `text` is the article's, as it is stored."""
    rows = list(rows)
    bodies = _bodies(rows)
    book: dict[str | tuple[str, ...], int] = {}
    abouts: dict[tuple[str | None, str | None], int] = {}
    shapes: dict[tuple[str, ...], int] = {}
    keys: dict[str, int] = {}

    def whole(name: str, terms: str | Sequence[str]) -> int:
        for first in _FIRST_PARAGRAPHS:
            if terms == _joined(bodies.get(name, ())[first:]):
                return -1 - first
        return code(terms)

    def code(terms: str | Sequence[str]) -> int:
        found = terms if isinstance(terms, str) else tuple(terms)
        place = book.get(found)
        if place is None:
            book[found] = len(book) + 1
            return _NEW
        return place

    packed = []
    before = 0
    for unit, identity, number, fields, day, outlet, speakers, attitude in rows:
        packed.append(
            (
                unit,
                number - before,
                int(identity.rpartition(".")[2]) if unit == _STATEMENT else 0,
                shapes.setdefault(tuple(fields), len(shapes)),
                [whole(*field) for field in fields.items()] if unit == _ARTICLE else list(map(code, fields.values())),
                abouts.setdefault((day, outlet), len(abouts)),
                [keys.setdefault(key, len(keys)) for key in speakers],
                int(attitude),
            )
        )
        before = number
    columns = list(zip(*packed, strict=True)) if packed else [()] * 8
    shorts = [short_of(article_id, key) for key in keys]
    return pack_near(dumps([list(book), list(abouts), list(shapes), shorts, columns]), text.lower())


def documents_in(article_id: str, data: bytes, text: bytes) -> list[list[Any]]:
    """What `pack_documents` was given.

    Raises:
        ValueError: the bytes are not what was packed.
    """
    book, abouts, shapes, shorts, columns = loads(unpack_near(data, text.lower()))
    keys = [key_of(article_id, short) for short in shorts]
    unread = book[::-1]
    rows: list[list[Any]] = []
    number = 0
    for unit, step, place, shape, codes, about, speakers, attitude in zip(*columns, strict=True):
        number += step
        fields = {
            name: unread.pop() if code == _NEW else code if code < 0 else book[code - 1]
            for name, code in zip(shapes[shape], codes, strict=True)
        }
        who = [keys[each] for each in speakers]
        identity = f"{article_id}{_BEHIND[unit].format(number=number, place=place)}"
        rows.append([unit, identity, number, fields, *abouts[about], who, bool(attitude)])
    bodies = _bodies(rows)
    for row in rows:
        for name, terms in row[3].items():
            if isinstance(terms, int):
                row[3][name] = _joined(bodies.get(name, ())[-1 - terms :])
    return rows


_BEHIND = ("", "#{number}", "#{number}.{place}")  # an article's id, by unit


def _bodies(rows: Iterable[Row]) -> dict[str, list[Any]]:
    """The terms of all paragraphs, in order, by field."""
    found: dict[str, list[Any]] = {}
    for row in rows:
        if row[0] == _PARAGRAPH:
            for name, terms in row[3].items():
                found.setdefault(name, []).append(terms)
    return found


def _joined(parts: Sequence[Any]) -> str | None:
    """One paragraph's terms behind the other's; None where some are not written as one string."""
    return " ".join(filter(None, parts)) if all(isinstance(part, str) for part in parts) else None
