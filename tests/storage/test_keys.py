"""A person's keys: written out only for those who look at them."""

import gc
import weakref

import pytest

from index.storage import open_store
from index.storage.embedded.keys import KeptKeys
from index.storage.keysets import Together
from index.storage.records import Filters, Unit
from tests.storage.builders import a_person, an_article, put_articles

STEPS = {"quill": [1, 2], "=b:quill": [0]}


def kept(asked):
    def ids_of(rows):
        asked.append(sorted(rows))
        return {1: "a", 3: "c"}

    return KeptKeys(b"entry", STEPS).read_by(ids_of)


def test_they_are_those_of_the_articles_whose_rows_are_kept():
    asked = []
    keys = kept(asked)
    assert keys == {"a:quill", "c:quill", "b:quill"}
    assert len(keys) == 3
    assert hash(keys) == hash(frozenset(keys))
    assert "'c:quill'" in repr(keys)
    assert keys - {"a:quill"} == {"b:quill", "c:quill"}
    assert asked == [[1, 3]]


def test_a_key_of_another_name_is_told_apart_without_writing_any_out():
    asked = []
    keys = kept(asked)
    assert "a:day" not in keys
    assert 7 not in KeptKeys(b"", {})
    assert not asked
    assert "a:quill" in keys
    assert asked


def test_what_is_no_entry_is_refused_at_once():
    with pytest.raises((TypeError, AttributeError)):
        KeptKeys.of(b"entry", {"quill": ["x"]})


def test_sets_put_together_hold_what_any_of_them_holds():
    keys = Together([frozenset(), kept([]), frozenset({"d:day"})])
    assert keys == {"a:quill", "c:quill", "b:quill", "d:day"}
    assert "d:day" in keys
    assert hash(keys) == hash(frozenset(keys))
    assert keys | {"e:day"} == {*keys, "e:day"}
    assert len(keys) == 4
    assert not Together([])


def test_statements_of_several_persons_are_found_together(home):
    store = open_store(home, engine="tantivy")
    put_articles(store, [an_article(each) for each in "abc"])
    quill, day = a_person("p1", keys=["a:mara-quill"]), a_person("p2", "Tom Day", keys=["c:mara-quill", "x:tom-day"])
    with store.write() as writer:
        writer.set_people([quill, day])
        writer.commit()
    snapshot = store.snapshot()
    keys = Together(snapshot.corpus.person(each).keys for each in ("p1", "p2"))
    for _ in range(2):  # the second time by the plan that was kept
        found = snapshot.engine.browse(Unit.STATEMENT, filters=Filters(speakers=keys), k=9)
        assert [hit.article_id for hit in found] == ["a", "c"]
    store.close()


def test_a_person_at_hand_keeps_no_state_of_the_library_open(home):
    store = open_store(home, engine="tantivy")
    put_articles(store, [an_article("a")])
    with store.write() as writer:
        writer.set_people([a_person("p1", keys=["a:mara-quill"])])
        writer.commit()
    corpus = store.snapshot().corpus
    assert corpus.person("p1").keys == {"a:mara-quill"}
    state = weakref.ref(corpus)
    del corpus
    gc.collect()
    assert state() is None
    assert store.snapshot().corpus.person("p1").keys == {"a:mara-quill"}
    store.close()
