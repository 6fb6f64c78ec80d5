"""Reads a .json file: ninjs items, schema.org JSON-LD, or records as JSON lines hold them, one or a list."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from index.errors import SourceError
from index.ingest.decoding import decoded
from index.ingest.jsonld import described_in, is_json_ld
from index.ingest.ninjs import is_ninjs, items_of, record_of_item
from index.ingest.records import ArticleRecord, record_from

_MOST = 100_000  # articles of one file
_LISTS = ("items", "articles", "results", "data")  # under which a feed puts its items


def records_of_file(data: bytes, *, where: str, now: datetime) -> Iterator[tuple[str, ArticleRecord | SourceError]]:
    """Yields each article of a file with its name in it, or why it can't be read; nothing for JSON of another kind.

    Args:
        data: the file.
        where: what an error names.
        now: in UTC, for items that are embargoed.

    Raises:
        SourceError: the file is no JSON.
    """
    names: set[str] = set()
    for number, (name, value) in enumerate(_values(_decoded(data, where), now, where), start=1):
        key = name or str(number)
        if key in names:
            key = f"{key}~{number}"
        names.add(key)
        yield key, value


def _values(value: Any, now: datetime, where: str) -> Iterator[tuple[str, ArticleRecord | SourceError]]:  # noqa: ANN401
    if is_json_ld(value):
        for one in described_in(value):
            if one.text or one.free is not False:
                yield _checked(one.fields(), where)
        return
    for one in _several(value)[:_MOST]:
        if is_ninjs(one):
            for uri, item in items_of(one):
                try:
                    yield uri, record_of_item(item, where=where, now=now)
                except SourceError as error:
                    yield uri, error
        elif isinstance(one, dict) and isinstance(one.get("text"), str):
            yield _checked(one, where)


def _several(value: Any) -> list[Any]:  # noqa: ANN401
    if isinstance(value, dict) and not is_ninjs(value):
        value = next((value[name] for name in _LISTS if isinstance(value.get(name), list)), value)
    return value if isinstance(value, list) else [value]


def _checked(fields: dict[str, Any], where: str) -> tuple[str, ArticleRecord | SourceError]:
    try:
        record = record_from(fields, item=where)
    except SourceError as error:
        return "", error
    return record.id or record.url or "", record


def _decoded(data: bytes, where: str) -> Any:  # noqa: ANN401
    try:
        text = decoded(data)
    except ValueError as error:
        raise SourceError(where, str(error)) from error
    try:
        return json.loads(text, strict=False)
    except json.JSONDecodeError as error:
        raise SourceError(where, f"not JSON ({error.msg}, line {error.lineno})") from error
    except (ValueError, RecursionError) as error:
        raise SourceError(where, "not JSON that can be read (a number too long, or nested too deeply)") from error
