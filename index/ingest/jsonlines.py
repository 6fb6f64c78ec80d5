"""Splits a stream into JSON lines with a bound on each, so that no line, however long or broken, stops the others."""

import gzip
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any

from index.ingest.decoding import decoded, marked_encoding

MAX_LINE = 24_000_000  # bytes; a text of 5 million characters fits, most of them escaped
_MAX_RATIO = 200  # a text that gzip packs tighter is a bomb, not news
_UNSUSPICIOUS = 100_000_000  # bytes, below which the ratio is not looked at
_CHUNK = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonLine:
    """A line that isn't blank: its value, or the reason in words why it has none. Numbers count from 1."""

    number: int
    value: Any = None
    reason: str | None = None


def json_lines(stream: IO[bytes], *, read: Callable[[], int] | None = None) -> Iterator[JsonLine]:
    """Yields the stream's lines.

    Args:
        stream: positioned at its start; UTF-8, another encoding with a byte order mark, or an older one.
        read: how many packed bytes were read so far, when the stream unpacks.

    Raises:
        ValueError: a sentence why the stream isn't read to its end: it is binary, or unpacks into far too much.
        OSError, EOFError, zlib.error: as reading the stream raises.
    """
    start = stream.peek(4)[:4] if isinstance(stream, io.BufferedReader | gzip.GzipFile) else b""
    encoding = marked_encoding(start)
    if encoding not in {"utf-16", "utf-32"}:
        yield from _bounded(stream, read)
        return
    characters = io.TextIOWrapper(stream, encoding, errors="replace", newline="\n")
    try:
        yield from _bounded(characters, read)
    finally:
        characters.detach()  # the stream is its opener's to close


def _bounded(lines: IO[Any], read: Callable[[], int] | None) -> Iterator[JsonLine]:
    number = unpacked = 0
    while line := lines.readline(MAX_LINE):
        number += 1
        unpacked += len(line)
        too_long = len(line) >= MAX_LINE and not _ended(line)
        while too_long and (more := lines.readline(_CHUNK)):
            unpacked += len(more)
            _check(unpacked, read)
            if _ended(more):
                break
        _check(unpacked, read)
        if too_long:
            reason = f"the line is longer than {MAX_LINE / 1e6:.0f} MB; one line holds one article"
            yield JsonLine(number=number, reason=reason)
        elif line.strip():
            yield _parsed(number, line)


def _parsed(number: int, line: bytes | str) -> JsonLine:
    try:
        text = (decoded(line) if isinstance(line, bytes) else line).strip().removeprefix("\ufeff")
    except ValueError as error:
        if number == 1:
            raise
        return JsonLine(number=number, reason=str(error).replace("a binary file", "binary"))
    try:
        return JsonLine(number=number, value=json.loads(text))
    except json.JSONDecodeError as error:
        cut = error.pos >= len(text) or error.msg.startswith("Unterminated string")
        reason = "the line ends before its JSON does; is it cut short?" if cut else f"not JSON ({error.msg})"
    except (ValueError, RecursionError):
        reason = "not JSON that can be read (a number too long, or nested too deeply)"
    return JsonLine(number=number, reason=reason)


def _ended(line: bytes | str) -> bool:
    return line.endswith(b"\n") if isinstance(line, bytes) else line.endswith("\n")


def _check(unpacked: int, read: Callable[[], int] | None) -> None:
    if read is not None and unpacked > _UNSUSPICIOUS and unpacked > _MAX_RATIO * max(read(), 1):
        raise ValueError(
            f"it unpacks into more than {_MAX_RATIO} times its size, which no text does; it was left there"
        )
