"""Programs that open one new file together wait for each other."""

import sqlite3
import threading

import pytest

from index.storage.embedded import database


@pytest.fixture
def contended(tmp_path):
    """A new file that another connection holds, and a connection for which SQLite itself would not wait."""
    path = tmp_path / "new.sqlite"
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("CREATE TABLE any (thing)")
    holder.execute("BEGIN EXCLUSIVE")
    other = sqlite3.connect(path, isolation_level=None, timeout=0)
    yield holder, other
    holder.close()
    other.close()


def test_the_log_is_waited_for_where_sqlite_refuses_at_once(contended):
    holder, other = contended
    release = threading.Timer(0.1, holder.execute, ("COMMIT",))
    release.start()
    database.keep_a_log(other)
    release.join()
    assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_that_stays_locked_is_given_up_in_words(contended, monkeypatch, tmp_path):
    _, other = contended
    monkeypatch.setattr(database, "_WAIT", 0.05)
    with pytest.raises(database.StoreError, match="locked by another program"), database.in_words(tmp_path):
        database.keep_a_log(other)
