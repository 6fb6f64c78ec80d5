import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot import tables
from bot.guilds import Ledger
from index.errors import StoreError


def of_the_first_version(path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(tables, "MIGRATIONS", tables.MIGRATIONS[:1])
        old = Ledger(path)
        with old.writing() as database:
            database.execute("INSERT INTO replies VALUES (1, 2, 3.0)")
        old.close()


def test_a_database_of_the_first_version_is_brought_up_to_date(tmp_path, monkeypatch):
    path = tmp_path / "bot.sqlite3"
    of_the_first_version(path, monkeypatch)
    new = Ledger(path)
    assert new.choices() == {}
    assert new.reply_to(1) == 2
    assert new.asker_of(2) is None
    new.close()


@pytest.mark.parametrize("old", [False, True])
def test_processes_that_open_one_database_together_wait_for_each_other(tmp_path, monkeypatch, old):
    together = threading.Barrier(6)

    def opened(path):
        ledger = Ledger(path)
        together.wait(30)
        try:
            return ledger.choices()
        finally:
            ledger.close()

    with ThreadPoolExecutor(6) as threads:
        for number in range(5):
            path = tmp_path / f"{number}.sqlite3"
            if old:
                of_the_first_version(path, monkeypatch)
            assert list(threads.map(opened, [path] * 6)) == [{}] * 6


def test_a_migration_that_breaks_off_leaves_the_database_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "bot.sqlite3"
    of_the_first_version(path, monkeypatch)
    with monkeypatch.context() as patched:
        patched.setattr(tables, "MIGRATIONS", (*tables.MIGRATIONS, "CREATE TABLE more (a); CREATE TABLE more (a);"))
        with pytest.raises(StoreError, match="table more already exists"):
            Ledger(path).choices()
    new = Ledger(path)
    assert new.reply_to(1) == 2
    new.close()
