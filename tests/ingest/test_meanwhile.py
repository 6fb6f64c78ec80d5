"""A small change that comes while another process derives the whole library anew beside the one that answers."""

import json
import subprocess
import sys
import time

import pytest

from index.errors import LibraryBusy
from index.ingest.applying import apply_records
from index.ingest.forgetting import forget_article
from index.ingest.reindex import reindex
from index.ingest.sources import Entry
from index.storage import open_store
from index.storage.records import SourceState, Unit
from index.text.analyzer import analyze
from tests.ingest.builders import a_record

PATIENCE = 60.0  # seconds; all that is waited for takes less than one
FEED = SourceState(name="https://example.org/feed", kind="feed")
COUNT = 30
DERIVE = """
import sys, time
from pathlib import Path
from index.ingest.reindex import reindex
from index.storage import open_store

home, begun, go = map(Path, sys.argv[1:])

def hold(progress):
    if progress.done == 20:
        begun.touch()
        until = time.monotonic() + 120
        while not go.exists() and time.monotonic() < until:
            time.sleep(0.02)

store = open_store(home, engine="tantivy")
report = reindex(store, full=True, progress=hold)
store.close()
print(report.articles)
"""


@pytest.fixture
def library(tmp_path):
    lines = [
        {"id": f"a{n:02}", "title": f"Lamp {n}", "text": f"Lamp {n} is lit. “It shines,” keeper Maren Holt said."}
        for n in range(COUNT)
    ]
    (tmp_path / "lamps.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    store = open_store(tmp_path / "home", engine="tantivy")
    reindex(store, [str(tmp_path / "lamps.jsonl")])
    yield store
    store.close()


def until(condition, running):
    """Waits for a condition while the other process runs."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert running.poll() is None, running.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def in_turn(change):
    """Makes a change as watching does: again and again, as long as another process writes."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return change()
        except LibraryBusy:
            assert time.monotonic() < end
            time.sleep(0.02)


def holding(store, word):
    """The articles in which the search files find a word."""
    (term,) = analyze(word)
    return {hit.article_id for hit in store.snapshot().engine.search(Unit.ARTICLE, {term: 1.0}, boosts={"body": 1.0})}


def test_what_comes_while_all_is_derived_anew_holds_afterwards_and_after_going_back(library, tmp_path):
    def add():
        found = a_record("The marmalade is out. “It burns,” keeper Otto Brandt said.")
        return apply_records(library, FEED, [Entry(item="new", place="new", found=found, article_id="new")])

    def forget():
        return forget_article(library, "a07")

    files = [tmp_path / name for name in ("home", "begun", "go")]
    deriving = subprocess.Popen(
        [sys.executable, "-c", DERIVE, *map(str, files)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        until((tmp_path / "begun").exists, deriving)
        for change in (add, forget):
            with pytest.raises(LibraryBusy):
                change()
        assert len(holding(library, "lamp")) == 10  # who asks is answered
        (tmp_path / "go").touch()
        assert in_turn(add).added == 1
        assert in_turn(forget).articles == 1
        out, errors = deriving.communicate(timeout=PATIENCE)
    finally:
        deriving.kill()
        deriving.wait()
    assert (out.strip(), errors) == (str(COUNT), "")

    def holds():
        ids = set(library.snapshot().corpus.article_ids())
        assert ids == {f"a{n:02}" for n in range(COUNT)} - {"a07"} | {"new"}
        assert holding(library, "marmalade") == {"new"}
        assert {e.speaker.name for e in library.snapshot().corpus.people_like("", 9)} == {"Maren Holt", "Otto Brandt"}

    holds()
    assert reindex(library).added == 0  # what was forgotten is not taken in again
    holds()
    with library.rollback() as writer:
        writer.commit()
    assert "new" in set(library.snapshot().corpus.article_ids())
    assert "a07" not in set(library.snapshot().corpus.article_ids())
