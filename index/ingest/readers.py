"""Articles one by one out of a file, a folder or a stream, for whoever wants them without indexing."""

import json
from collections.abc import Iterator
from typing import IO

from index.errors import SourceError
from index.ingest.decoding import decoded
from index.ingest.files import open_source
from index.ingest.jsonlines import json_lines
from index.ingest.records import MAX_TEXT, ArticleRecord, record_from


def read_source(name: str) -> Iterator[tuple[str, ArticleRecord | SourceError]]:
    """Yields (the id under which the article would be stored, the record), or (the item, why it can't be read).

    Raises:
        SourceError: the source as a whole can't be read.
    """
    source = open_source(name)
    if source.kind == "archive":
        raise SourceError(name, "a web archive is taken in by onrecord reindex, not read as a file of articles")
    for entry in source.read():
        yield entry.article_id or entry.item, entry.found


def read_stream(stream: IO[bytes]) -> Iterator[tuple[str, ArticleRecord | SourceError]]:
    """Yields the records of JSON lines, named by their ids or line numbers; a stream of anything else is one text."""
    start = stream.peek(64) if hasattr(stream, "peek") else b"{"
    if not start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield "stdin", _text(stream)
        return
    try:
        for line in json_lines(stream):
            item = f"stdin, line {line.number}"
            if line.reason is not None:
                yield item, SourceError(item, line.reason)
                continue
            try:
                record = record_from(line.value, item=item)
                yield record.id or str(line.number), record
            except SourceError as error:
                yield item, error
    except ValueError as error:
        yield "stdin", SourceError("stdin", str(error))


def record_of(raw: str) -> ArticleRecord:
    """The record that a store kept as JSON.

    Raises:
        ValueError: it isn't one.
    """
    return ArticleRecord.model_validate(json.loads(raw))


def _text(stream: IO[bytes]) -> ArticleRecord | SourceError:
    try:
        return record_from({"text": decoded(stream.read(4 * MAX_TEXT + 1))}, item="stdin")
    except SourceError as error:
        return error
    except ValueError as error:
        return SourceError("stdin", str(error))
