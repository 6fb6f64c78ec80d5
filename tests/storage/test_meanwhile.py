"""Changes of the state that answers while a new one is made beside it."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from index.errors import LibraryBusy, StoreError
from index.storage.embedded import changing
from tests.storage.builders import an_article, documents_of, put_articles
from tests.storage.stores import on_files
from tests.storage.test_crashes import put_version, version_of
from tests.storage.test_formats import unpacked
from tests.storage.test_generations import articles, found_ids, ill, stored_ids

pytestmark = on_files


def put_into(writer, *stored):
    for each in stored:
        writer.put(each, documents_of(each))


def remove(store, *article_ids):
    with store.write() as writer:
        for article_id in article_ids:
            writer.remove(article_id)
        writer.commit()


def set_note(store, note):
    with store.write() as writer:
        writer.set_meta("note", note)
        writer.commit()


def changes(store, since=0):
    return [(each.article_id, each.sequence, each.removed) for each in store.snapshot().corpus.changes(since)]


def test_changes_of_the_old_state_are_seen_at_once_and_stand_in_the_new_one(store, reopened):
    put_articles(store, articles("a", "b", "c"))
    with store.write(full=True) as writer:
        put_into(writer, *articles("a", "b", "d"))
        put_articles(reopened, articles("b", "e", text="newer words"))
        remove(reopened, "a")
        assert stored_ids(store) == ["b", "c", "e"]
        writer.commit()
    assert stored_ids(reopened) == stored_ids(store) == ["b", "d", "e"]
    assert sorted(found_ids(reopened, "newer")) == ["b", "e"]
    assert ill(store) == []


def test_each_change_keeps_its_number_and_the_full_one_has_the_last(store, reopened):
    put_articles(store, articles("a", "b", "c"))
    with store.write(full=True) as writer:
        put_into(writer, *articles("a"), *articles("b", "c", "d", text="other words"))
        put_articles(reopened, articles("e"))
        put_articles(reopened, articles("c", text="newer words"))
        remove(reopened, "e")
        assert writer.commit() == 2
    assert changes(store) == [("a", 1, False), ("c", 3, False), ("e", 4, True), ("b", 5, False), ("d", 5, False)]
    assert store.snapshot().corpus.sequence() == 5
    put_articles(store, articles("f"))
    with store.rollback() as writer:
        writer.commit()
    assert changes(store, 5) == [(each, 7, each == "d") for each in "bdf"]
    assert found_ids(store, "newer") == ["c"]
    assert ill(store) == []


def test_what_was_only_written_again_does_not_go_before_what_the_full_change_has(store, reopened):
    put_articles(store, articles("a", "b", "c"))
    with store.write(full=True) as writer:
        put_into(writer, *articles("a", text="newer words"), *articles("b"))
        put_articles(reopened, articles("a", "c"))  # with the text that they had
        put_articles(reopened, [an_article("b", "words in b", item="moved")])
        writer.commit()
    assert found_ids(store, "newer") == ["a"]
    assert stored_ids(store) == ["a", "b"]
    assert store.snapshot().corpus.article("b").item == "moved"
    assert changes(store) == [("b", 1, False), ("a", 4, False), ("c", 4, True)]


def test_who_goes_on_changing_while_changes_are_brought_over_loses_nothing(store, reopened):
    put_articles(store, articles("a"))
    told = []

    def meanwhile(since):
        told.append((list(since.put), list(since.gone), since.new.meta("note"), since.old.meta("note")))
        with_it = set(since.new.article_ids())
        assert not with_it & set(since.put)
        if len(told) < 4:
            put_articles(reopened, articles(f"late{len(told)}"))
        else:
            with pytest.raises(LibraryBusy):  # the last time
                put_articles(reopened, articles("too late"))

    with store.write(full=True, meanwhile=meanwhile) as writer:
        put_into(writer, *articles("a"))
        set_note(reopened, "noted")
        writer.commit()
    assert told == [
        ([], [], None, "noted"),
        (["late1"], [], "noted", "noted"),
        (["late2"], [], "noted", "noted"),
        (["late3"], [], "noted", "noted"),
    ]
    assert stored_ids(store) == ["a", "late1", "late2", "late3"]
    assert changes(store) == [("a", 1, False), ("late1", 3, False), ("late2", 4, False), ("late3", 5, False)]
    assert store.snapshot().corpus.sequence() == 6
    assert ill(store) == []


def test_nothing_is_brought_over_where_nobody_changed_anything(store):
    put_articles(store, articles("a"))
    with store.write(full=True, meanwhile=lambda _: pytest.fail("nothing was changed")) as writer:
        put_into(writer, *articles("b"))
        assert writer.commit() == 2
    assert changes(store) == [("a", 2, True), ("b", 2, False)]


def test_one_full_change_is_made_at_a_time_and_nothing_goes_back_or_is_compacted_beside_it(store, reopened):
    put_version(store, 1)
    put_version(store, 2, full=True)
    with store.write(full=True):
        for alone in (
            lambda: put_version(reopened, 3, full=True),
            reopened.compact,
            lambda: reopened.rollback().__enter__(),
        ):
            with pytest.raises(LibraryBusy, match="Another process derives the whole library"):
                alone()
        put_version(reopened, 4)
    assert version_of(store) == 4
    put_version(store, 5, full=True)
    assert version_of(store) == 5


def test_a_full_change_begins_beside_another_and_waits_for_it_at_its_end(store, reopened, monkeypatch):
    monkeypatch.setattr(changing, "_PATIENCE", 0.2)
    put_version(store, 1)
    with reopened.write() as under_way:
        with pytest.raises(LibraryBusy, match="Another process is writing"):
            put_version(store, 2, full=True)
        put_into(under_way, *articles("late"))
        under_way.commit()
    assert found_ids(store, "in") == ["late"]
    remove(store, "late")
    assert version_of(store) == 1


def test_the_first_generation_may_be_another_ones(store, reopened, home):
    with store.write(full=True) as writer:
        put_into(writer, *articles("a"))
        put_articles(reopened, articles("b"))
        remove(reopened, "b")
        put_articles(reopened, articles("c"))
        assert stored_ids(store) == ["c"]
        writer.commit()
    assert stored_ids(store) == ["a", "c"]
    assert changes(store) == [("b", 2, True), ("c", 3, False), ("a", 4, False)]
    assert sorted(path.name for path in home.glob("g*")) == ["g000001", "g000002"]
    with store.rollback() as writer:
        writer.commit()
    assert stored_ids(store) == ["c"]


def test_a_library_in_an_earlier_format_is_brought_to_the_present_one_beside_a_full_change(kept, home):
    unpacked("2-late-tantivy.zip", home)
    store, other = kept.open(home), kept.open(home)
    before = set(stored_ids(store))
    with store.write(full=True) as writer:
        put_into(writer, *articles("x"))
        put_articles(other, articles("y"))
        assert set(stored_ids(other)) == before | {"y"}
        writer.commit()
    assert stored_ids(store) == ["x", "y"]
    set_note(store, "the next change")
    assert len(list(home.glob("g*"))) == 2
    assert ill(store) == []
    store.close()
    other.close()


def test_what_is_damaged_is_left_behind(store, reopened, home, caplog):
    put_articles(store, articles("a"))
    with store.write(full=True) as writer:
        put_into(writer, *articles("a"))
        put_articles(reopened, articles("b", "c"))
        with closing(sqlite3.connect(home / "g000001" / "corpus.sqlite", isolation_level=None)) as connection:
            connection.execute("UPDATE articles SET body = x'00' WHERE id = 'b'")
        writer.commit()
    assert stored_ids(store) == ["a", "c"]
    assert "Article b is damaged" in caplog.text


def test_what_can_no_longer_be_read_is_left_behind_too(store, reopened, home, caplog):
    put_articles(store, articles("a", "b"))
    with store.write(full=True) as writer:
        put_into(writer, *articles("a", "b"))
        put_articles(reopened, articles("c"))
        remove(reopened, "b")
        with closing(sqlite3.connect(home / "g000001" / "corpus.sqlite", isolation_level=None)) as connection:
            connection.execute("DROP TABLE meta")
        writer.commit()
    assert stored_ids(store) == ["a"]
    assert "Some of what was changed meanwhile can't be read" in caplog.text
    assert ill(store) == []


def test_a_library_that_breaks_meanwhile_is_replaced(store, home, caplog):
    put_articles(store, articles("a"))
    with store.write(full=True) as writer:
        put_into(writer, *articles("b"))
        store.snapshot()
        for path in home.glob("g000001/corpus.sqlite*"):
            path.write_bytes(b"nonsense" * 4000)
        writer.commit()
    assert stored_ids(store) == ["b"]
    put_articles(store, articles("c"))
    assert stored_ids(store) == ["b", "c"]


def test_what_fails_after_the_new_state_answers_takes_nothing_away(store, reopened, monkeypatch):
    def fail(*_):
        raise OSError("the disk is away")

    def change():
        with store.write(full=True) as writer:
            put_into(writer, *articles("b"))
            put_articles(reopened, articles("c"))
            writer.commit()

    put_articles(store, articles("a"))
    monkeypatch.setattr(changing.Generations, "tidy", fail)
    with pytest.raises(StoreError, match="the disk is away"):
        change()
    monkeypatch.undo()
    assert stored_ids(store) == ["b", "c"]
    put_articles(store, articles("d"))
    assert sorted(found_ids(store)) == ["b", "c", "d"]
    assert ill(store) == []


def test_what_attribution_found_in_a_text_that_was_dropped_is_not_kept_by_who_goes_on_deriving(store, reopened):
    gone, left = (replace(an_article(name).article, content_hash=name) for name in ("gone", "left"))
    put_articles(store, [an_article("a", attributor=2)])
    for cache in (store.cache(), reopened.cache()):
        cache.put(gone, 2, ())
        cache.put(left, 2, ())
    store.cache().drop(["gone", "gone", "never there"])
    reopened.cache().put(gone, 2, ())
    reopened.cache().put(left, 3, ())
    store.compact()
    store.cache().put(gone, 3, ())
    found = [[reopened.cache().get(each, number) for number in (2, 3)] for each in (gone, left)]
    assert found == [[None, None], [(), ()]]


def test_search_files_that_a_change_has_named_stay_whatever_fails_afterwards(store, monkeypatch):
    def fail(*_):
        raise OSError("the disk is away")

    put_articles(store, articles("a"))
    monkeypatch.setattr(changing.EngineFiles, "tidy", fail)
    with pytest.raises(StoreError, match="the disk is away"):
        put_articles(store, articles("b"))
    monkeypatch.undo()
    assert sorted(found_ids(store)) == ["a", "b"]
    assert ill(store) == []
