"""Killed at every step that touches the disk: an exhaustive run of the promise of the store."""

import os
import shutil
import signal
import sys
import time

import pytest

from index.storage import open_store
from index.storage.embedded import database
from tests.storage.builders import an_article, documents_of
from tests.storage.stores import on_files
from tests.storage.test_crashes import CRASHES, in_a_child, put_version, version_of
from tests.storage.test_formats import told_by, unpacked
from tests.storage.test_generations import ill

STEPS = ("open", "os.mkdir", "os.rename", "os.link", "os.remove", "os.rmdir", "shutil.rmtree", "sqlite3.connect", "sql")
LISTED = ("COMMIT", "BEGIN", "UPDATE changes", "PRAGMA journal", "PRAGMA wal", "VACUUM", "INSERT OR REPLACE INTO state")


def in_steps(home, work, kill_at):
    """Runs `work` in a child that is killed at its step of that number; the steps that it took before."""
    reader, writer = os.pipe()

    def stepwise():
        taken = 0

        def step(event, arguments=()):
            nonlocal taken
            if event not in STEPS or not any(str(home) in str(each) for each in arguments):
                return
            taken += 1
            if taken == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            os.write(writer, b".")

        connect = database._connect

        def traced(*arguments):
            connection = connect(*arguments)
            connection.set_trace_callback(lambda sql: sql.startswith(LISTED) and step("sql", [home]))
            return connection

        database._connect = traced
        sys.addaudithook(step)
        work()

    child = in_a_child(stepwise)
    os.close(writer)
    taken = 0
    while some := os.read(reader, 65536):
        taken += len(some)
    os.close(reader)
    _, status = os.waitpid(child, 0)
    assert status in {0, signal.SIGKILL}
    return taken


def remove(folder):
    """Takes a folder away, also when a thread that just ends leaves one more file in it meanwhile."""
    end = time.monotonic() + 30
    while folder.exists() and time.monotonic() < end:
        shutil.rmtree(folder, ignore_errors=True)


def go_back(store):
    with store.rollback() as writer:
        writer.commit()


def change_beside(store):
    """A full change to version 2, meanwhile one to 3, and while that is brought over one more to 4."""
    later = iter([4])

    def go_on(_):
        for version in later:
            put_version(store, version, articles=3)

    with store.write(full=True, meanwhile=go_on) as writer:
        for n in range(3):
            stored = an_article(f"a{n}", "version2 of it all", item="2")
            writer.put(stored, documents_of(stored))
        put_version(store, 3, articles=3)
        writer.commit()


CHANGES = {
    "change": (lambda store: put_version(store, 2, articles=3), {1, 2}),
    "full": (lambda store: put_version(store, 2, articles=3, full=True), {1, 2}),
    "beside": (change_beside, {1, 3, 4}),
    "rollback": (go_back, {0, 1}),
    "compact": (lambda store: store.compact(), {1}),
}
CONVERGED = {"change": 2, "full": 2, "beside": 4, "rollback": 0, "compact": 1}


@on_files
@pytest.mark.parametrize("change", CHANGES)
def test_killed_at_any_step_the_library_answers_as_before_or_as_after_and_converges(kept, home, change):
    work, allowed = CHANGES[change]

    def opened_and_changed():
        work(kept.open(home))

    def prepared():
        remove(home)
        shutil.copytree(pattern, home)

    def verified_and_changed_again():
        store = kept.open(home)
        assert version_of(store, articles=3) in allowed
        assert ill(store) == []
        if change != "rollback" or version_of(store, articles=3) == 1:
            work(store)
        after = version_of(store, articles=3)
        assert ill(store) == []
        store.close()
        return after

    pattern = home.with_name("pattern")
    store = kept.open(pattern)
    put_version(store, 0, articles=3)
    put_version(store, 1, articles=3, full=True)
    store.close()
    prepared()
    steps = in_steps(home, opened_and_changed, kill_at=None)
    assert steps > 3
    for kill_at in range(1, steps + 1, max(1, steps // CRASHES)):
        prepared()
        in_steps(home, opened_and_changed, kill_at)
        assert verified_and_changed_again() == CONVERGED[change]


@pytest.mark.parametrize("engine", ["okapi", "tantivy"])
def test_killed_at_any_step_of_bringing_an_earlier_format_over_the_library_answers_and_converges(home, engine):
    def change(store):
        with store.write() as writer:
            writer.set_meta("note", "changed")
            writer.commit()

    def prepared():
        remove(home)
        unpacked(f"2-late-{engine}.zip", home)
        return open_store(home, engine=engine)

    before = told_by(prepared().snapshot())
    steps = in_steps(home, lambda: change(open_store(home, engine=engine)), kill_at=None)
    for kill_at in range(1, steps + 1, max(1, steps // CRASHES)):
        prepared().close()
        in_steps(home, lambda: change(open_store(home, engine=engine)), kill_at)
        store = open_store(home, engine=engine)
        for _ in range(2):
            assert told_by(store.snapshot())[:-1] == before[:-1]
            assert ill(store) == []
            change(store)
        assert store.snapshot().corpus.meta("note") == "changed"
        assert len(list(home.glob("g*"))) == 1
        store.close()
