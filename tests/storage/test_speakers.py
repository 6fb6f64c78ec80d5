"""Statements of somebody whose name others share, however many keys that takes."""

import pytest

from index.storage import open_store
from index.storage.records import Filters, Unit
from tests.storage.builders import a_document, put_documents


@pytest.fixture
def store(home):
    opened = open_store(home, engine="tantivy")
    yield opened
    opened.close()


def found(store, keys):
    filters = Filters(speakers=frozenset(keys))
    engine = store.snapshot().engine
    hits = engine.search(Unit.STATEMENT, {"bridge": 1.0}, boosts={"body": 1.0}, filters=filters, k=1_000)
    assert {hit.id for hit in hits} == {hit.id for hit in engine.browse(Unit.STATEMENT, filters=filters, k=1_000)}
    return {hit.article_id for hit in hits}


def keys_of(slug, numbers):
    return [f"a{number}:{slug}" for number in numbers]


@pytest.mark.parametrize("namesakes", [0, 3, 60, 130])
def test_namesakes_are_left_out_whether_they_are_few_or_many(store, namesakes):
    put_documents(
        store,
        [
            a_document(f"a{number}#1.0", "bridge", unit=Unit.STATEMENT, speakers=[f"a{number}:quill"])
            for number in range(140)
        ],
    )
    mine = range(140 - namesakes)
    assert found(store, keys_of("quill", mine)) == {f"a{number}" for number in mine}


def test_one_who_speaks_together_with_a_namesake_is_found_by_the_other_name(store):
    together = a_document("a0#1.0", "bridge", unit=Unit.STATEMENT, speakers=["a0:quill", "a0:mara-quill"])
    others = [
        a_document(f"a{number}#1.0", "bridge", unit=Unit.STATEMENT, speakers=[f"a{number}:quill"])
        for number in range(1, 80)
    ]
    put_documents(store, [together, *others])
    assert found(store, ["a0:mara-quill", *keys_of("quill", range(1, 80))]) == {f"a{n}" for n in range(80)}
    assert found(store, keys_of("quill", range(1, 80))) == {f"a{n}" for n in range(1, 80)}


def test_keys_of_other_articles_are_told_apart_too(store):
    strange = a_document("a0#1.0", "bridge", unit=Unit.STATEMENT, speakers=["a1:quill", "b:quill"])
    others = [
        a_document(f"a{number}#1.0", "bridge", unit=Unit.STATEMENT, speakers=[f"a{number}:quill"])
        for number in range(2, 80)
    ]
    put_documents(store, [strange, *others])
    assert found(store, ["a1:quill", *keys_of("quill", range(2, 80))]) == {"a0", *(f"a{n}" for n in range(2, 80))}


@pytest.mark.parametrize("key", ["c", "a1:=quill", "b:=quill", "a0:9:30-quill", "a0:quill:"])
def test_keys_of_unusual_forms_are_found(store, key):
    documents = [
        a_document("a0#1.0", "bridge", unit=Unit.STATEMENT, speakers=[key]),
        a_document("a1#1.0", "bridge", unit=Unit.STATEMENT, speakers=["a1:quill"]),
    ]
    put_documents(store, documents)
    assert found(store, [key]) == {"a0"}
