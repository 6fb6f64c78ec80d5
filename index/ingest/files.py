"""Reads articles out of files and folders: text, JSON, JSON lines and saved pages, each failure told where it is."""

import gzip
import json
import os
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from index.errors import SourceError
from index.ingest.decoding import decoded
from index.ingest.extraction import MAX_PAGE, extract
from index.ingest.jsonfiles import records_of_file
from index.ingest.jsonlines import JsonLine, json_lines
from index.ingest.markdown import read_markdown
from index.ingest.records import MAX_TEXT, record_from
from index.ingest.sources import Entry, Source

_MAX_BYTES = 4 * MAX_TEXT  # of a text file: no encoding takes more for a code point, UTF-32's mark aside
_MAX_JSON = 100_000_000  # bytes of a file of items, which is read at once
_MAX_SIDECAR = 1_000_000
_COUNTED = 2_000_000_000  # bytes that are looked through before reading, to show how far it is
_KINDS = (".txt", ".md", ".markdown", ".jsonl", ".jsonl.gz", ".json", ".html", ".htm")
_TEXTS = frozenset({".txt", ".md", ".markdown"})
ARCHIVES = (".warc", ".warc.gz", ".warc.zst")
_ONE = _TEXTS | {".html", ".htm", ".json"}  # kinds that hold one article, most of the time
_SAVED_FROM = re.compile(rb"saved from url=\(\d{1,5}\)(\S{1,2000})|^\s*url: (https?://\S{1,2000})", re.MULTILINE)
_SAVED_WITHIN = 2_000  # bytes at the top, where browsers say where a page came from
_HEADER = re.compile(r"[ \t]*([A-Za-z]+)[ \t]*:[ \t]*([^\r\n]*?)[ \t]*(?:\r\n|\n|\r|$)")
_BLANK = re.compile(r"[ \t]*(?:\r\n|\n|\r|$)")
_FIELDS = {"title": "title", "outlet": "outlet", "url": "url", "author": "authors", "authors": "authors",
           "published": "published", "language": "language"}  # fmt: skip


class Files:
    """A file or a folder, read in the order of the names; hidden files and READMEs are left out.

    Args:
        path: absolute.
        clock: gives times in UTC, for items that are embargoed.

    Attributes:
        name: the absolute path.
        notes: sentences for the report, complete when reading is done.
    """

    enumerable = True

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.path = path
        self._clock = clock
        self.name = str(path)
        self.kind = "folder" if _is_folder(path) else "file"
        self.notes: list[str] = []

    def check(self) -> None:
        try:
            self.path.stat()
            if self.kind == "folder":
                os.scandir(self.path).close()
            elif _kind(self.path.name) is not None and self.path.is_file():
                self.path.open("rb").close()
            else:
                kinds = ", ".join(_KINDS)
                raise SourceError(self.name, f"not a kind of file that is read; those are {kinds}, and folders")
        except OSError as error:
            raise SourceError(self.name, explained(error)) from error

    def count(self) -> int | None:
        paths = self.path.rglob("*") if self.kind == "folder" else [self.path]
        total, left = 0, _COUNTED
        try:
            for path in paths:
                items, read = _items(path, left)
                total, left = total + items, left - read
                if left <= 0:
                    return None
        except (OSError, EOFError, zlib.error):
            return None
        return total

    def covers(self, name: str) -> bool:
        return self.kind == "folder" and Path(name).is_relative_to(self.path)

    def read(self) -> Iterator[Entry]:
        self.check()
        if self.kind == "folder":
            yield from self._folder()
        else:
            empty = True
            for entry in _file(self.path, self.path.name, self._clock()):
                empty = False
                yield entry
            if empty:
                reason = "it holds no article: no ninjs, no JSON-LD NewsArticle, and no record with a text"
                raise SourceError(self.name, reason)

    def _folder(self) -> Iterator[Entry]:
        unlisted: list[OSError] = []
        skipped: Counter[str] = Counter()
        found = False
        for folder, subfolders, names in os.walk(self.path, onerror=unlisted.append):
            pages = {Path(name).stem + "_files" for name in names if _kind(name) in {".html", ".htm"}}
            subfolders[:] = sorted(name for name in subfolders if not name.startswith(".") and name not in pages)
            for name in sorted(names):
                path = Path(folder, name)
                if name.startswith(".") or name.upper().startswith("README") or _is_sidecar(path):
                    continue
                if name.lower().endswith(ARCHIVES):
                    found = True  # each is a source of its own: `index.ingest.archives`
                    continue
                if _kind(name) is None or not path.is_file():
                    skipped[path.suffix.lower() or name] += 1
                    continue
                empty = True
                for entry in _file(path, path.relative_to(self.path).as_posix(), self._clock()):
                    empty = False
                    yield entry
                skipped[path.suffix.lower()] += empty
                found |= not empty
        for error in unlisted:
            place = Path(error.filename or self.name).relative_to(self.path).as_posix() + "/"
            yield Entry(item=place, place=place, found=SourceError(f"{self.name}/{place}", explained(error)))
        if skipped.total():
            kinds = ", ".join(kind for kind, count in skipped.most_common(5) if count)
            self.notes.append(f"{self.name}: {skipped.total():,} files of other kinds were left out ({kinds}).")
        if not found and not unlisted:
            self.notes.append(f"{self.name}: the folder holds no articles ({', '.join(_KINDS)}).")


def open_source(name: str) -> Source:
    """The source of that name.

    Raises:
        SourceError: nothing that is read has such a name.
    """
    if re.match(r"[a-z][a-z+.-]+://", name.lower()):
        raise SourceError(name, "only files and folders are read so; onrecord add follows an address")
    if not name.strip() or "\0" in name:
        raise SourceError(repr(name), "not the name of a file or folder")
    path = Path(name).expanduser().absolute()
    if path.name.lower().endswith(ARCHIVES) and not path.is_dir():
        from index.ingest.warc import Archive  # noqa: PLC0415 -- it stands on this module

        return Archive(path)
    return Files(path)


def explained(error: OSError) -> str:
    """Why the system refused, in words that say what to do."""
    match error:
        case FileNotFoundError():
            return "there is no such file or folder"
        case PermissionError():
            return "it may not be read; give the user that runs On Record permission to read it"
        case _:
            return f"it can't be read: {error.strerror or error}"


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False  # reading it says why


def _kind(name: str) -> str | None:
    return next((kind for kind in _KINDS if name.lower().endswith(kind)), None)


def _items(path: Path, most: int) -> tuple[int, int]:
    """How many articles a file holds, about: lines are counted, not read. And how many bytes that took, at most."""
    kind = _kind(path.name)
    if kind is None or kind in _ONE or not path.is_file():
        return int(kind is not None), 0
    lines = read = 0
    with path.open("rb") if kind == ".jsonl" else gzip.open(path) as stream:
        while read < most and (block := stream.read(1 << 20)):
            lines += block.count(b"\n")
            read += len(block)
    return lines, read


def _is_sidecar(path: Path) -> bool:
    return path.suffix.lower() == ".json" and path.with_suffix(".txt").exists()


def _file(path: Path, place: str, now: datetime) -> Iterator[Entry]:
    """Yields the articles of a file; nothing for JSON that holds none."""
    kind = _kind(path.name)
    stem = place[: -len(kind or "")] or place
    try:
        if kind in _TEXTS:
            yield _text_file(path, place, stem)
        elif kind == ".json":
            yield from _json_file(path, place, stem, now)
        elif kind in _ONE:
            yield _page(path, place, stem)
        else:
            with path.open("rb") as stream:
                yield from _records(stream, path, place, stem)
    except SourceError as error:
        yield Entry(item=place, place=place, found=error)
    except OSError as error:
        yield Entry(item=place, place=place, found=SourceError(str(path), explained(error)))


# ---------------------------------------------------------------------------------------------------------------
# Text files


def _text_file(path: Path, place: str, stem: str) -> Entry:
    try:
        text = decoded(_bytes(path, _MAX_BYTES))
    except ValueError as error:
        raise SourceError(str(path), str(error)) from error
    sidecar, notes = _sidecar(path)
    header, text = _header(text) if path.suffix.lower() == ".txt" else read_markdown(text)
    fields = {**sidecar, **header, "text": text}
    record = record_from(fields, item=str(path))
    record = record.model_copy(update={"notes": record.notes + notes})
    return Entry(item=place, place=place, found=record, article_id=record.id or stem)


def _bytes(path: Path, most: int) -> bytes:
    size = path.stat().st_size
    if size == 0:
        raise SourceError(str(path), "the file is empty")
    if size > most:
        raise SourceError(str(path), f"it has {size / 1e6:,.0f} MB; at most {most / 1e6:,.0f} MB are one article")
    with path.open("rb") as stream:
        return stream.read(most)


def _header(text: str) -> tuple[dict[str, str], str]:
    """The fields in header lines at the top, and the text after the blank line that ends them.

    Header lines are "Title:", "Outlet:", "URL:", "Authors:", "Published:" and "Language:"; others among them are
    ignored. Without one at the very top, or without the blank line, all is text.
    """
    fields: dict[str, str] = {}
    at = 0
    while (line := _HEADER.match(text, at)) and line.end() > at:
        name = line[1].lower()
        if at == 0 and name not in _FIELDS:
            return {}, text
        if name in _FIELDS and line[2]:
            fields[_FIELDS[name]] = line[2]
        at = line.end()
    blank = _BLANK.match(text, at)
    return (fields, text[blank.end() :]) if at and blank else ({}, text)


def _sidecar(path: Path) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The fields in NAME.json beside NAME.txt, and a note when it can't be used."""
    beside = path.with_suffix(".json")
    try:
        with beside.open("rb") as stream:
            fields = json.loads(decoded(stream.read(_MAX_SIDECAR)))
    except FileNotFoundError:
        return {}, ()
    except (OSError, ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        return {}, (f"{beside.name} beside it was left out, because it is not a JSON object that can be read",)
    return fields, ()


# ---------------------------------------------------------------------------------------------------------------
# Saved pages and JSON


def _page(path: Path, place: str, stem: str) -> Entry:
    data = _bytes(path, MAX_PAGE)
    saved = _SAVED_FROM.search(data[:_SAVED_WITHIN])
    url = (saved[1] or saved[2]).decode("ascii", "replace") if saved else None
    try:
        record = extract(data, url)
    except SourceError as error:
        raise SourceError(str(path), error.reason) from error
    return Entry(item=place, place=place, found=record, article_id=stem)


def _json_file(path: Path, place: str, stem: str, now: datetime) -> Iterator[Entry]:
    for name, found in records_of_file(_bytes(path, _MAX_JSON), where=str(path), now=now):
        given = "" if isinstance(found, SourceError) else found.id or f"{stem}:{name}"
        yield Entry(item=f"{place}:{name}", place=place, found=found, article_id=given)


# ---------------------------------------------------------------------------------------------------------------
# JSON lines


def _records(stream: IO[bytes], path: Path, place: str, stem: str) -> Iterator[Entry]:
    empty = True
    packed = path.name.lower().endswith(".gz")
    unpacked = cast("IO[bytes]", gzip.GzipFile(fileobj=stream)) if packed else stream
    try:
        for line in json_lines(unpacked, read=stream.tell if packed else None):
            empty = False
            yield _record(line, path, place, stem)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        reason = (
            "it is not what gzip wrote" if isinstance(error, gzip.BadGzipFile) else "the compressed file is cut short"
        )
        raise SourceError(str(path), f"{reason}; what could be unpacked was read, so fetch the file again") from error
    except ValueError as error:
        raise SourceError(str(path), str(error)) from error
    if empty:
        raise SourceError(str(path), "the file is empty")


def _record(line: JsonLine, path: Path, place: str, stem: str) -> Entry:
    where = f"{path}, line {line.number}"
    item = f"{place} line {line.number}"
    if line.reason is not None:
        return Entry(item=item, place=place, found=SourceError(where, line.reason))
    try:
        record = record_from(line.value, item=where)
    except SourceError as error:
        return Entry(item=item, place=place, found=error)
    if record.id:
        return Entry(item=f"{place}:{record.id}", place=place, found=record, article_id=record.id)
    return Entry(item=item, place=place, found=record, article_id=f"{stem}:{line.number}")
