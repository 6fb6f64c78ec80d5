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
from pathlib import Path
from typing import Any

import tantivy

from index.errors import StoreError
from index.storage.embedded.database import disk_full
from index.storage.embedded.files import FileSums, flush
from index.storage.embedded.keys import is_own
from index.storage.embedded.tantivy.parts import Parts, close, share_arenas
from index.storage.embedded.tantivy.segments import complete, take_over
from index.storage.embedded.tantivy.shape import (
    FORMAT,
    UNDATED,
    UNITS,
    Fields,
    fields_of,
    register,
    schema_of,
)
from index.storage.embedded.tantivy.words import Words, ordinal
from index.storage.records import Unit

Written = tuple[int, str, Sequence[Any]]  # an article's row and id with its documents as the codec writes them

_HEAP = {Unit.ARTICLE: 16_000_000, Unit.PARAGRAPH: 32_000_000, Unit.STATEMENT: 32_000_000}  # bytes, one thread each
_LITTLE = 15_000_000  # bytes: the least that tantivy takes, of which it clears a part at each change


def write_folder(
    folder: Path,
    *,
    fields: Fields,
    before: Path | None,
    removed: Sequence[int],
    added: Iterable[Written],
    few: bool = False,
) -> None:
    """Makes a folder with the documents of the one before it, less those of some articles, and with some more.

    Args:
        folder: made here; it is safe on the disk when this returns.
        fields: all fields that documents have.
        before: the folder to start from; None for nothing.
        removed: rows of articles whose documents go.
        added: the articles whose documents come.
        few: whether those are so few that little memory does.

    Raises:
        StoreError: the disk is full, or the folder can't be written.
    """
    making = NewFolder(folder, fields=fields, before=before, whole=bool(removed), few=few)
    for row in removed:
        making.remove(row)
    for article in added:
        making.add(article)
    making.close()


class NewFolder:
    """A folder that is being made.

    Args:
        folder: made here.
        fields: all fields that documents have.
        before: the folder to start from; None for nothing.
        whole: whether documents of that one may go.
        few: whether so few come that little memory does.

    Raises:
        StoreError: by every method too: the disk is full, or the folder can't be written.
    """

    def __init__(
        self, folder: Path, *, fields: Fields, before: Path | None = None, whole: bool = False, few: bool = False
    ) -> None:
        self.fields = fields
        self._folder = folder
        self._sums = FileSums(folder, before)
        folder.mkdir()
        if before is None:
            share_arenas()
        with writing(folder):
            self._writers = [
                _Writer(
                    unit,
                    folder / unit,
                    fields[unit],
                    before=before / unit if before is not None else None,
                    sums=self._sums,
                    whole=whole,
                    heap=_LITTLE if few else _HEAP[unit],
                )
                for unit in UNITS
            ]

    def remove(self, row: int) -> None:
        """Takes out the documents of an article."""
        with writing(self._folder):
            for writer in self._writers:
                writer.remove(row)

    def takes(self, documents: Iterable[Sequence[Any]]) -> bool:
        """Whether there is a place for each field of the documents, as the codec writes them."""
        shapes = {(document[0], *document[3]) for document in documents}
        return all(name in self.fields[UNITS[unit]] for unit, *names in shapes for name in names)

    def add(self, article: Written) -> None:
        """Puts the documents of an article."""
        row, article_id, documents = article
        words = Words(article_id, documents)
        with writing(self._folder):
            for document in documents:
                self._writers[document[0]].add(row, document, words)

    def close(self) -> None:
        """Brings everything to the disk."""
        with writing(self._folder):
            with ThreadPoolExecutor(len(self._writers)) as together:  # each waits for the disk most of the time
                for closed in [together.submit(writer.close) for writer in self._writers]:
                    closed.result()
            description = json.dumps({"format": FORMAT, "fields": self.fields})
            (self._folder / "fields.json").write_text(description)
            flush(self._folder / "fields.json")
            self._sums.write()  # which flushes the folder too

    def abandon(self) -> None:
        """Stops in the midst and removes the folder."""
        for writer in self._writers:
            writer.abandon()
        self._writers.clear()
        remove_folder(self._folder)


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

    def __init__(
        self,
        unit: Unit,
        folder: Path,
        fields: Mapping[str, str],
        *,
        before: Path | None,
        sums: FileSums,
        whole: bool,
        heap: int,
    ) -> None:
        self._unit = unit
        self._folder = folder
        self._fields = fields
        self._before = before
        self._sums = sums
        self._heap = heap
        self._writer: tantivy.IndexWriter | None = None
        folder.mkdir()
        self._parts = Parts(folder)
        self._left = take_over(before, folder, sums, whole=whole) if before is not None else ()

    def _writer_in(self, place: Path) -> tantivy.IndexWriter:
        index = tantivy.Index(schema_of(self._fields), str(place))
        register(index)
        return index.writer(self._heap if place == self._folder else _LITTLE, 1)

    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._writer_in(self._parts.place)
        return self._writer

    def remove(self, row: int) -> None:
        self._open().delete_documents_by_term("article", row)
        self._parts.removed(row)

    def add(self, row: int, document: Sequence[Any], article: Words) -> None:
        _, identity, number, fields, day, outlet, speakers, attitude = document
        names = self._fields
        written = tantivy.Document()
        for name, terms in fields.items():
            if terms:
                written.add_text(names[name], article.joined(terms))
        written.add_integer("article", row)
        written.add_integer("number", number)
        written.add_integer("place", int(identity.rpartition(".")[2]) if self._unit is Unit.STATEMENT else 0)
        written.add_integer("day", ordinal(day) if day else UNDATED)
        written.add_boolean("attitude", attitude)
        if outlet is not None:
            written.add_text("outlet", article.clean(outlet))
        for short in article.shorts(speakers) if speakers else ():
            written.add_text("slugs" if is_own(short) else "speakers", short)
        self._open().add_document(written)
        if self._parts.added() and self._before is None:
            close(self._open())
            self._writer = None
            self._parts.begin()

    def abandon(self) -> None:
        self._writer = None  # nothing else holds it, and when it goes it waits for its threads to end

    def close(self) -> None:
        if self._before is None:
            self._open()  # so that there is an index, if an empty one
        if self._writer is not None:
            close(self._writer)
        self._parts.join(self._writer_in)
        if self._before is not None and (self._left or self._writer is None):
            complete(self._before, self._folder, self._sums, self._left)


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
