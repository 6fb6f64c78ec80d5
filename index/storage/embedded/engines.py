"""Which engine serves a library, and its files: made anew or from those before, never changed once they are named."""

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from index.errors import StoreError
from index.storage.base import EngineChoice
from index.storage.embedded.formats import format_in
from index.storage.embedded.tantivy.folder import NewFolder, Written, holds_fields, remove_folder, write_folder
from index.storage.embedded.tantivy.shape import Fields
from index.storage.records import Unit

log = logging.getLogger(__name__)

_PARAGRAPH = tuple(Unit).index(Unit.PARAGRAPH)  # as the codec numbers units
_FEW = 100  # articles that a small change puts
_DAMAGED = "The search files in %s can't be added to (%s): they are made anew."
OKAPI_UP_TO = 10_000  # paragraphs, up to which rank-bm25 answers in about ten milliseconds


def choose(setting: str, paragraphs: int, okapi_up_to: int = OKAPI_UP_TO) -> EngineChoice:
    """The engine for a library of that size."""
    limits = {"okapi_up_to": okapi_up_to}
    if setting != "auto":
        return EngineChoice(name=setting, why=f"ONRECORD_ENGINE is {setting}", limits=limits)
    if paragraphs > okapi_up_to:
        why = f"{paragraphs:,} paragraphs are more than {okapi_up_to:,}"
        return EngineChoice(name="tantivy", why=why, limits=limits)
    return EngineChoice(name="okapi", why=f"{paragraphs:,} paragraphs are at most {okapi_up_to:,}", limits=limits)


class EngineFiles:
    """The engine's files of one generation, for one change.

    Args:
        generation: the generation's folder.
        setting: "auto" or an engine's name.
        okapi_up_to: paragraphs up to which "auto" is okapi.
        anew: whether everything is made from the stored documents, even where files before could be kept.
        along: whether the generation is new, so that files are made along with its articles.
    """

    def __init__(
        self, generation: Path, setting: str, okapi_up_to: int, *, anew: bool = False, along: bool = False
    ) -> None:
        self._generation = generation
        self._setting = setting
        self._okapi_up_to = okapi_up_to
        self._anew = anew
        self._along = along and setting != "okapi"  # which has no files
        self._making: NewFolder | None = None
        self._closing: Future[None] | None = None
        self._held: list[Written] = []  # until there are too many for okapi
        self._paragraphs = 0
        self._added: set[int] = set()
        self._removed: set[int] = set()
        self._kept: set[str] = set()

    def put(
        self,
        connection: sqlite3.Connection,
        sequence: int,
        row: int,
        article_id: str,
        documents: Sequence[Sequence[Any]],
    ) -> None:
        """Takes note of an article that the change has put.

        Args:
            connection: inside the change.
            sequence: of the change.
            row: the article's.
            article_id: likewise.
            documents: its units, as the codec writes them.
        """
        self._unsettle()
        if not self._along:
            self._added.add(row)
            return
        self._paragraphs += sum(document[0] == _PARAGRAPH for document in documents)
        if self._making is None:
            self._held.append((row, article_id, documents))
            if choose(self._setting, self._paragraphs, self._okapi_up_to).name == "okapi":
                return
            self._making = NewFolder(self._folder(sequence), fields=_fields(connection))
            for article in self._held:
                self._making.add(article)
            self._held.clear()
        elif self._making.takes(documents):
            self._making.add((row, article_id, documents))
        else:  # which tantivy has no place for: then they are made at the end
            self._stop()

    def remove(self, row: int) -> None:
        """Takes note of an article that the change has taken out."""
        self._unsettle()
        if self._making is not None:
            self._making.remove(row)
        self._held = [article for article in self._held if article[0] != row]
        if not self._along:
            self._added.discard(row)
            self._removed.add(row)

    def settle(self, connection: sqlite3.Connection, sequence: int, paragraphs: int) -> None:
        """Begins to bring the files to the disk, beside what else the change does; for what comes yet, it begins again.

        Args:
            connection: inside the change, whose articles are in.
            sequence: of the change.
            paragraphs: how many there are now.
        """
        if self._closing is None and choose(self._setting, paragraphs, self._okapi_up_to).name == "tantivy":
            fields = _fields(connection)
            if self._making is not None and self._making.fields != fields:
                self._stop()
            old = self._before(connection)
            changed = self._added or self._removed
            if self._making is None and changed and old is not None and self._extends(old, fields):
                self._extend(connection, self._folder(sequence), old, fields)
            if self._making is not None:
                beside = ThreadPoolExecutor(1)
                self._closing = beside.submit(self._making.close)
                beside.shutdown(wait=False)

    def renew(self, connection: sqlite3.Connection, sequence: int, paragraphs: int) -> tuple[str, str]:
        """The engine after the change, and the folder with its files ("" for none); arguments as for `settle`."""
        old, folder = self._before(connection), self._folder(sequence)
        self._kept = {old.name} if old is not None else set()
        name = choose(self._setting, paragraphs, self._okapi_up_to).name
        if name == "okapi":
            self._stop()
            return name, ""
        fields = _fields(connection)
        if old is not None and self._extends(old, fields) and not self._added and not self._removed:
            self._stop()
            return name, old.name
        self.settle(connection, sequence, paragraphs)
        self._kept.add(folder.name)
        if not self._closed(old):
            remove_folder(folder)  # of a change that was killed
            added = _documents(connection, "ORDER BY id")
            write_folder(folder, fields=fields, before=None, removed=(), added=added)
        return name, folder.name

    def _before(self, connection: sqlite3.Connection) -> Path | None:
        """The folder with the files before the change."""
        state = connection.execute("SELECT folder FROM state").fetchone()
        return self._generation / state[0] if state is not None and state[0] else None

    def _extends(self, old: Path, fields: Fields) -> bool:
        """Whether the files before are kept and added to."""
        return not self._anew and holds_fields(old, fields)

    def _extend(self, connection: sqlite3.Connection, folder: Path, old: Path, fields: Fields) -> None:
        """Makes the folder from the one before, as far as that one is sound."""
        remove_folder(folder)  # of a change that was killed
        try:
            self._making = NewFolder(
                folder, fields=fields, before=old, whole=bool(self._removed), few=len(self._added) < _FEW
            )
            for row in sorted(self._removed):
                self._making.remove(row)
            for row in sorted(self._added):
                for article in _documents(connection, "WHERE row = ?", row):
                    self._making.add(article)
        except (StoreError, OSError, ValueError) as error:
            log.warning(_DAMAGED, old, error)
            self._stop()

    def _closed(self, old: Path | None) -> bool:
        """Waits until the files are on the disk; False when they have to be made anew.

        Raises:
            StoreError: the disk is full, or the folder can't be written.
        """
        if self._closing is None:
            return False
        try:
            self._closing.result()
        except (StoreError, OSError, ValueError) as error:
            if old is None:
                raise
            log.warning(_DAMAGED, old, error)
            self._stop()
            return False
        return True

    def _unsettle(self) -> None:
        """Something comes yet."""
        if self._closing is not None:
            self._stop()

    def _stop(self) -> None:
        """Makes no more files along with articles, and drops those that are being made."""
        self._along = False
        self._held.clear()
        if self._closing is not None:
            self._closing.exception()  # waits
            self._closing = None
        if self._making is not None:
            self._making.abandon()
            self._making = None

    def _folder(self, sequence: int) -> Path:
        return self._generation / f"engine-{sequence:09d}"

    def tidy(self) -> None:
        """Removes the files that no reader can still be about to open; called once the change is visible."""
        self._remove_but(self._kept)

    def discard(self, folder: str) -> None:
        """Removes what a change that failed has made; `folder` is the one that still serves."""
        self._stop()
        self._remove_but({folder})

    def _remove_but(self, kept: set[str]) -> None:
        for path in self._generation.glob("engine-*"):
            if path.name not in kept:
                remove_folder(path)


def _fields(connection: sqlite3.Connection) -> dict[Unit, dict[str, str]]:
    fields: dict[Unit, dict[str, str]] = {unit: {} for unit in Unit}
    for unit, name, place in connection.execute("SELECT unit, name, place FROM fields ORDER BY place"):
        fields[Unit(unit)][name] = f"t{place}"
    return fields


def _documents(connection: sqlite3.Connection, which: str, *values: object) -> Iterator[tuple[int, str, Sequence[Any]]]:
    form = format_in(connection)
    rows = connection.execute(f"SELECT row, id, body, documents FROM articles {which}", values)  # noqa: S608 -- ours
    for row, article_id, body, documents in rows:
        yield row, article_id, form.documents(body, documents)
