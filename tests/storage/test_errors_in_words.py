"""What SQLite, tantivy and the operating system raise, as sentences for a person."""

import errno
import os
import sqlite3

import pytest

from index.errors import DamagedStore, StoreError
from index.storage.embedded import files
from index.storage.embedded.database import in_words
from index.storage.embedded.tantivy.folder import writing
from index.storage.embedded.tantivy.shape import reading


def sqlite_error(code):
    error = sqlite3.OperationalError("as SQLite puts it")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("raised", "kind", "words"),
    [
        (sqlite_error(sqlite3.SQLITE_FULL), StoreError, "is full"),
        (sqlite_error(sqlite3.SQLITE_READONLY), StoreError, "permissions"),
        (sqlite_error(sqlite3.SQLITE_READONLY_DIRECTORY), StoreError, "permissions"),
        (sqlite_error(sqlite3.SQLITE_CANTOPEN), StoreError, "permissions"),
        (sqlite_error(sqlite3.SQLITE_BUSY), StoreError, "locked by another program"),
        (sqlite_error(sqlite3.SQLITE_IOERR), StoreError, "The disk that holds"),
        (sqlite_error(sqlite3.SQLITE_ERROR), DamagedStore, "reindex --full"),
        (sqlite3.DatabaseError("malformed"), DamagedStore, "reindex --full"),
        (sqlite3.ProgrammingError("closed"), StoreError, "was closed"),
        (OSError(errno.ENOSPC, "no space"), StoreError, "is full"),
        (OSError(errno.EROFS, "read-only"), StoreError, "permissions"),
        (NotADirectoryError(errno.ENOTDIR, "no folder"), StoreError, "is not a folder"),
        (OSError(errno.EMFILE, "too many files"), StoreError, "too many files"),
    ],
    ids=repr,
)
def test_each_failure_of_a_file_is_one_sentence(tmp_path, raised, kind, words):
    with pytest.raises(StoreError, match=words) as told, in_words(tmp_path):
        raise raised
    assert type(told.value) is kind
    assert "\n" not in str(told.value)


class PanicException(BaseException):
    """What a panic in the engine looks like from here."""


@pytest.mark.parametrize("raised", [ValueError("no\nsuch file"), OSError("mapped"), PanicException("out of range")])
def test_whatever_the_engine_raises_while_it_reads_is_damage(raised):
    with pytest.raises(DamagedStore, match="onrecord compact") as told, reading("here"):
        raise raised
    assert "\n" not in str(told.value)


def test_an_interruption_is_not_taken_for_damage():
    with pytest.raises(KeyboardInterrupt), reading():
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("raised", "words"),
    [(ValueError("No space left on device"), "is full"), (ValueError("An index is busy"), "can't be written")],
)
def test_the_engine_that_cannot_write_says_why(tmp_path, raised, words):
    with pytest.raises(StoreError, match=words), writing(tmp_path / "g000001" / "engine"):
        raise raised


def test_a_disk_without_second_names_for_files_gets_copies(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EPERM, "not on this disk")

    monkeypatch.setattr(os, "link", refuse)
    (tmp_path / "a").write_text("text")
    files.link(tmp_path / "a", tmp_path / "b")
    assert (tmp_path / "b").read_text() == "text"
