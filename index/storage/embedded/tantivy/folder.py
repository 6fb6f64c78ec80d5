"""Making the folder in which tantivy's indexes rest: one for each unit, never changed once the folder is published.

A change links the files of the folder before it into a new one, works there, and becomes visible when the corpus names
that folder: in the same transaction as the articles. So a reader's engine and corpus are always of one state.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import tantivy

from index.errors import StoreError
from index.storage.base import Unit
from index.storage.embedded.database import disk_full
from index.storage.embedded.files import FileSums, flush, link
from index.storage.embedded.keys import is_own, short_of
from index.storage.embedded.names import clean
from index.storage.embedded.tantivy.shape import (
    FORMAT,
    UNDATED,
    UNITS,
    Fields,
    fields_of,
    register,
    schema_of,
    word_of,
)

_HEAP = {Unit.ARTICLE: 32_000_000, Unit.PARAGRAPH: 64_000_000, Unit.STATEMENT: 64_000_000}  # bytes, one thread each


def write_folder(
    folder: Path,
    *,
    fields: Fields,
    before: Path | None,
    removed: Sequence[int],
    added: Iterable[tuple[int, str, Sequence[Any]]],
) -> None:
    """Makes a folder with the documents of the one before it, less those of some articles, and with some more.

    Args:
        folder: made here; it is safe on the disk when this returns.
        fields: all fields that documents have.
        before: the folder to start from; None for nothing.
        removed: rows of articles whose documents go.
        added: an article's row and id with its documents as the codec wrote them.

    Raises:
        StoreError: the disk is full, or the folder can't be written.
    """
    folder.mkdir()
    sums = FileSums(folder)
    with writing(folder):
        writers = {}
        for unit in UNITS:
            mine = folder / unit
            mine.mkdir()
            if before is not None:
                _link_index(before / unit, mine, FileSums.read(before), sums)
            writers[unit] = _Writer(unit, mine, fields[unit])
        for row in removed:
            for writer in writers.values():
                writer.remove(row)
        for row, article_id, documents in added:
            for document in documents:
                writers[UNITS[document[0]]].add(row, article_id, document)
        with ThreadPoolExecutor(len(writers)) as together:  # each waits for the disk most of the time
            for closed in [together.submit(writer.close) for writer in writers.values()]:
                closed.result()
        (folder / "fields.json").write_text(json.dumps({"format": FORMAT, "fields": fields}))
        sums.write()
        flush(folder)


def holds_fields(folder: Path, fields: Fields) -> bool:
    """Whether documents with these fields can be added to the folder as it is."""
    try:
        return fields_of(folder) == (FORMAT, fields)
    except (OSError, StoreError):
        return False


def remove_folder(folder: Path) -> None:
    """Takes a folder away; those who have it open keep what they need of it."""
    shutil.rmtree(folder, ignore_errors=True)


class _Writer:
    """Changes the index of one unit; nothing is opened for one that does not change."""

    def __init__(self, unit: Unit, folder: Path, fields: Mapping[str, str]) -> None:
        self._unit = unit
        self._folder = folder
        self._fields = fields
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None

    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._index = tantivy.Index(schema_of(self._fields), str(self._folder))
            register(self._index)
            self._writer = self._index.writer(_HEAP[self._unit], 1)
        return self._writer

    def remove(self, row: int) -> None:
        self._open().delete_documents_by_term("article", row)

    def add(self, row: int, article_id: str, document: Sequence[Any]) -> None:
        _, identity, number, fields, day, outlet, speakers, attitude = document
        written = tantivy.Document()
        for name, terms in fields.items():
            if terms:
                written.add_text(self._fields[name], _joined(terms))
        written.add_integer("article", row)
        written.add_integer("number", number)
        written.add_integer("place", int(identity.rpartition(".")[2]) if self._unit is Unit.STATEMENT else 0)
        written.add_integer("day", date.fromisoformat(day).toordinal() if day else UNDATED)
        written.add_boolean("attitude", attitude)
        if outlet is not None:
            written.add_text("outlet", clean(outlet))
        for short in {short_of(article_id, clean(key)) for key in speakers}:
            written.add_text("slugs" if is_own(short) else "speakers", short)
        self._open().add_document(written)

    def close(self) -> None:
        if not (self._folder / "meta.json").exists():
            self._open()
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()


def _joined(terms: str | Sequence[str]) -> str:
    if not isinstance(terms, str):
        terms = " ".join(word_of(term) for term in terms if term)
    terms = clean(terms)
    return terms if terms.isprintable() else re.sub("[\t\n\f\r]", "\u2420", terms)


def _link_index(before: Path, folder: Path, known: Mapping[str, str], sums: FileSums) -> None:
    """Links the files that the index needs; tantivy replaces files and never writes into one that is there."""
    for name in _files_of(before):
        link(before / name, folder / name)
        relative = f"{folder.name}/{name}"
        if relative in known and name != "meta.json":
            sums.known[relative] = known[relative]


def _files_of(folder: Path) -> list[str]:
    meta = json.loads((folder / "meta.json").read_bytes())
    segments = {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
    return ["meta.json", *(path.name for path in folder.iterdir() if path.name.partition(".")[0] in segments)]


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turns what tantivy raises while it writes into one sentence.

    Raises:
        StoreError: in its stead.
    """
    try:
        yield
    except OSError:
        raise
    except (ValueError, RuntimeError) as error:  # how tantivy tells of the disk
        if re.search(r"No space left|File too large|quota", str(error)):
            raise disk_full(folder.parent.parent) from error
        raise StoreError(f"The search files in {folder} can't be written ({error}).") from error
