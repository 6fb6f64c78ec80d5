"""Libraries as every earlier format wrote them, opened, asked and changed by this version.

python -m tests.storage.test_formats     writes those of the present format
"""

import sqlite3
import sys
import tempfile
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.storage import open_store
from index.storage.embedded.database import SCHEMA
from index.storage.records import Filters, Revision, Signature, Unit
from tests.storage.builders import a_person, a_speaker, an_article, documents_of, put_articles

FORMATS = Path(__file__).parent / "formats"


@pytest.fixture(params=sorted(FORMATS.glob("*.zip")), ids=lambda path: path.stem)
def earlier(request, home):
    unpacked(request.param.name, home)
    return home


def unpacked(name, home):
    with zipfile.ZipFile(FORMATS / name) as written:
        written.extractall(home)


def test_there_is_a_library_of_the_present_format():
    assert {f"{SCHEMA}-okapi.zip", f"{SCHEMA}-tantivy.zip"} <= {path.name for path in FORMATS.glob("*.zip")}


def test_an_earlier_library_is_read_searched_and_changed(earlier):
    store = open_store(earlier)
    snapshot = store.snapshot()
    found = snapshot.corpus.article("a")
    assert found.article.paragraphs[1].text == "the bridge will open in spring , the mayor said"
    assert found.quotes[0].speaker.name == "Mara Quill"
    assert [person.speaker.name for person in snapshot.corpus.people_like("quil")] == ["Mara Quill"]
    assert [revision.lost for revision in found.revisions] in ([], [("it opens tomorrow",)])
    assert [(change.article_id, change.sequence) for change in snapshot.corpus.changes(0)] == [("a", 1)]
    hits = snapshot.engine.search(Unit.STATEMENT, {"spring": 1.0}, boosts={"body": 1.0})
    assert [hit.id for hit in hits] == ["a#1.0"]
    assert [words for _, well, words in store.verify() if not well] == []
    put_articles(store, [an_article("b", "spring again")])
    hits = store.snapshot().engine.search(Unit.PARAGRAPH, {"spring": 1.0}, boosts={"body": 1.0})
    assert {hit.id for hit in hits} == {"a#1", "b#1"}
    store.close()


@pytest.mark.parametrize("engine", ["okapi", "tantivy"])
def test_all_that_an_earlier_library_holds_is_brought_to_the_present_format(home, engine):
    unpacked(f"2-late-{engine}.zip", home)
    store = open_store(home, engine=engine)
    before = told_by(store.snapshot())
    with store.write() as writer:
        assert {mention.family for mention in writer.mentions(families=frozenset({"quill"}))} == {"quill"}
        assert writer.copies().signature("a") == Signature(day=737853, keys=(1, 2, 3), body=b"body")
        assert writer.copies().members("a") == ["a"]
        writer.commit()
    assert told_by(store.snapshot()) == before
    assert [path.name for path in home.glob("g*")] == ["g000002"]
    store.close()


def told_by(snapshot):
    corpus, engine = snapshot.corpus, snapshot.engine
    alone = Filters(speakers=frozenset({"a:mara-quill"}))
    return (
        corpus.articles(["a"]),
        list(corpus.changes(0)),
        list(corpus.mentions()),
        corpus.person_of("a:mara-quill"),
        corpus.people_in_role(frozenset({"mayor"})),
        corpus.people_like("mara quil"),
        corpus.people_like("qiull"),
        corpus.coverage(),
        engine.browse(Unit.STATEMENT, filters=alone),
        engine.browse(Unit.PARAGRAPH, filters=Filters(speakers=frozenset({"b:mara-quill"}))),
        corpus.meta("note"),
    )


def test_what_is_damaged_in_an_earlier_library_is_left_behind_and_told(home, caplog):
    unpacked("2-late-okapi.zip", home)
    connection = sqlite3.connect(home / "g000001" / "corpus.sqlite")
    connection.execute("UPDATE articles SET body = x'00'")
    connection.commit()
    connection.close()
    store = open_store(home)
    put_articles(store, [an_article("b")])
    assert list(store.snapshot().corpus.article_ids()) == ["b"]
    assert any("Article a is damaged" in record.message for record in caplog.records)
    assert [words for _, well, words in store.verify() if not well] == []
    store.close()


def test_going_back_to_an_earlier_format_brings_it_to_the_present_one(home):
    unpacked("2-late-tantivy.zip", home)
    store = open_store(home, engine="tantivy")
    put_articles(store, [an_article("b")], full=True)
    put_articles(store, [an_article("c")])
    with store.rollback() as writer:
        assert {mention.key for mention in writer.mentions()} == {"a:mara-quill", "c:mara-quill"}
    assert list(store.snapshot().corpus.article_ids()) == ["b", "c"]
    with store.rollback() as writer:
        writer.commit()
    assert list(store.snapshot().corpus.article_ids()) == ["a", "c"]
    assert [words for _, well, words in store.verify() if not well] == []
    store.close()


def test_an_earlier_format_is_brought_to_the_present_one_by_the_first_change_with_a_line_that_says_so(home, caplog):
    unpacked("1-okapi.zip", home)
    store = open_store(home)
    held = store.snapshot()
    with store.write() as writer:
        writer.remove("a")
    assert store.snapshot().corpus.article("a").stored is None
    came = datetime(2021, 3, 5, tzinfo=UTC)
    put_articles(store, [an_article("b", stored=came)])
    assert [f"from format 1 to {SCHEMA}" in record.message for record in caplog.records] == [True]
    corpus = store.snapshot().corpus
    assert (corpus.article("a").stored, corpus.article("b").stored) == (None, came)
    assert [(change.article_id, change.sequence) for change in corpus.changes(0)] == [("a", 1), ("b", 2)]
    assert held.corpus.article("a") is not None
    assert list(held.corpus.article_ids()) == ["a"]
    put_articles(store, [an_article("b")], full=True)
    with store.rollback() as writer:
        writer.commit()
    assert [words for _, well, words in store.verify() if not well] == []
    store.close()


def test_a_full_change_takes_the_place_of_an_earlier_format(home):
    unpacked("1-tantivy.zip", home)
    store = open_store(home)
    put_articles(store, [an_article("b")], full=True)
    changes = store.snapshot().corpus.changes(0)
    assert [(change.article_id, change.removed) for change in changes] == [("a", True), ("b", False)]
    with store.rollback() as writer:
        writer.commit()
    assert list(store.snapshot().corpus.article_ids()) == ["a"]
    store.close()


def write_present_format():
    for engine in ("okapi", "tantivy"):
        home = Path(tempfile.mkdtemp()) / "library"
        store = open_store(home, engine=engine)
        came = datetime(2021, 3, 5, 6, 7, tzinfo=UTC)
        revisions = (Revision(content_hash="before", replaced=came, lost=("it opens tomorrow",)),)
        stored = an_article("a", speaker=a_speaker(role="mayor"), stored=came, revisions=revisions)
        with store.write() as writer:
            writer.put(stored, documents_of(stored), families={"a:mara-quill": "quill"})
            writer.copies().sign("a", Signature(day=737853, keys=(1, 2, 3), body=b"body"))
            writer.copies().set_groups({"a": "a"})
            writer.set_people([a_person(keys=["a:mara-quill"], roles=["mayor"], family="quill")])
            writer.set_meta("note", "kept")
            writer.commit()
        store.close()
        with zipfile.ZipFile(FORMATS / f"{SCHEMA}-{engine}.zip", "w", zipfile.ZIP_DEFLATED) as target:
            for path in sorted(home.rglob("*")):
                if path.is_file() and not path.name.endswith((".lock", "-shm", "-wal")):
                    target.write(path, path.relative_to(home))


if __name__ == "__main__":
    sys.exit(write_present_format())
