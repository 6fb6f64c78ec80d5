"""What a source hands over, untrusted: checked here once, so that everything behind it may rely on it."""

import re
from collections.abc import Mapping
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from index.errors import SourceError
from index.ingest.published import read_published

MAX_TEXT = 5_000_000  # code points; a long newspaper article has 50,000
_MAX_ID, _MAX_TITLE, _MAX_OUTLET, _MAX_URL, _MAX_AUTHORS, _MAX_AUTHOR = 300, 500, 200, 2_000, 50, 200
_MAX_WITHDRAWN, _MAX_MARK = 300, 40
_SURROGATES = re.compile(r"[\ud800-\udfff]")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
_BETWEEN_AUTHORS = re.compile(r"\s*(?:[,;|]|\band\b|&)\s*", re.IGNORECASE)


class ArticleRecord(BaseModel):
    """An article as it came; only `text` is required, unknown fields are ignored.

    Attributes:
        text: exactly as it came: offsets of `onrecord quotes` point into it. Lone surrogates become U+FFFD.
        published: ISO 8601 day or UTC time; None when unknown or unclear.
        url: http or https, else None.
        language: ISO 639-1 code, None when the source doesn't say.
        withdrawn: one sentence when the publisher took the article back.
        mark: what its feed said of it when it was read, digested; by it polling sees that nothing changed.
        notes: what of the record was not used and why, for the report.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    text: Annotated[str, StringConstraints(max_length=MAX_TEXT)]
    id: str | None = None
    title: str | None = None
    outlet: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    published: str | None = None
    language: str | None = None
    withdrawn: str | None = None
    mark: str | None = None
    notes: tuple[str, ...] = Field(default=(), exclude=True)

    @model_validator(mode="before")
    @classmethod
    def _tidy(cls, given: object) -> object:
        """Brings every field but the text into its form, or leaves it out with a note."""
        if not isinstance(given, Mapping):
            return given
        notes: list[str] = []
        text = given.get("text")
        url, published, language = given.get("url"), given.get("published"), given.get("language")
        tidy: dict[str, Any] = {
            "text": _SURROGATES.sub("\ufffd", text) if isinstance(text, str) else text,
            "id": _line(given.get("id"), _MAX_ID),
            "title": _line(given.get("title"), _MAX_TITLE),
            "outlet": _line(given.get("outlet"), _MAX_OUTLET),
            "url": _address(url),
            "authors": _authors(given.get("authors")),
            "published": read_published(published),
            "language": _language(language),
            "withdrawn": _line(given.get("withdrawn"), _MAX_WITHDRAWN),
            "mark": _line(given.get("mark"), _MAX_MARK),
        }
        if url and tidy["url"] is None:
            notes.append("its address was left out, because it is not one that starts with http:// or https://")
        if published and tidy["published"] is None:
            notes.append(f"it is undated, because {_shortened(published)} is not a day that can be read")
        tidy["notes"] = tuple(notes)
        return tidy


def record_from(given: object, *, item: str) -> ArticleRecord:
    """Checks one record.

    Args:
        given: decoded JSON, or any mapping.
        item: what an error names.

    Raises:
        SourceError: not a mapping, no text, or a text that is too long.
    """
    if not isinstance(given, Mapping):
        raise SourceError(item, 'not a record; a record is a JSON object with at least a "text"')
    text = given.get("text")
    if text is None:
        raise SourceError(item, 'the record has no "text", which is where the article\'s words belong')
    if not isinstance(text, str):
        raise SourceError(item, f'its "text" is {_kind(text)}, not a string')
    if not text.strip():
        raise SourceError(item, "its text is empty")
    if len(text) > MAX_TEXT:
        raise SourceError(item, f"its text has {len(text):,} characters; at most {MAX_TEXT:,} are read, so split it")
    try:
        return ArticleRecord.model_validate(given)
    except ValidationError as error:
        raise SourceError(item, f"not a record that can be read: {error.errors()[0]['msg']}") from error


def _line(given: object, longest: int) -> str | None:
    """A string or a number as one line of at most so many code points; None for anything else or nothing."""
    if isinstance(given, bool) or not isinstance(given, str | int | float):
        return None
    text = _SURROGATES.sub("\ufffd", str(given)[: 4 * longest])
    return " ".join(_UNPRINTABLE.sub(" ", text).split())[:longest].strip() or None


def _address(given: object) -> str | None:
    if not isinstance(given, str) or len(given) > _MAX_URL or _SURROGATES.search(given):
        return None
    address = given.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    if parts.scheme.lower() not in {"http", "https"} or not parts.hostname or re.search(r"[\s<>\x00-\x1f]", address):
        return None
    return address


def _authors(given: object) -> tuple[str, ...]:
    """Names from a list of strings or of objects with a "name", or from a byline ("By Ada Roe and Max Poe")."""
    if isinstance(given, str):
        byline = re.sub(r"^\s*by\s+", "", given[: _MAX_AUTHORS * _MAX_AUTHOR], flags=re.IGNORECASE)
        given = _BETWEEN_AUTHORS.split(byline)
    if not isinstance(given, list | tuple):
        return ()
    names = (_line(one.get("name") if isinstance(one, Mapping) else one, _MAX_AUTHOR) for one in given[:_MAX_AUTHORS])
    return tuple(dict.fromkeys(name for name in names if name))


def _language(given: object) -> str | None:
    """The ISO 639-1 code in "en", "en-US" or "EN_gb"; None for anything else."""
    if not isinstance(given, str):
        return None
    code = re.match(r"\s*([a-z]{2})(?:[-_].*)?\s*$", given[:35].lower())
    return code[1] if code else None


def _shortened(given: object) -> str:
    return f'"{_line(given, 40) or _kind(given)}"'


def _kind(given: object) -> str:
    names: dict[type, str] = {
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list",
        dict: "an object",
    }
    return names.get(type(given), "something else")
