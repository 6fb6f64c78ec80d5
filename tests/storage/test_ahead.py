"""What a store is told that it is about to be asked: one at hand does not mind, one far away is asked once for all."""

import logging

import pytest

from index.storage.ahead import read_ahead, search_ahead
from index.storage.base import count_together
from index.storage.records import Filters, Unit
from tests.storage.builders import a_person, an_article, put_articles
from tests.storage.stores import drop_cluster, needs_cluster, on_files, open_cluster

BODY = {"body": 1.0}
KEYS = frozenset({"a:mara-quill", "c:mara-quill"})
OF_A, OF_C = Filters(articles=frozenset({"a"})), Filters(speakers=frozenset({"c:mara-quill"}))


@pytest.fixture
def filled(store):
    fill(store)
    return store.snapshot()


def fill(store):
    with store.write() as writer:
        writer.set_people([a_person("p1", "Mara Quill", keys=KEYS)])
        writer.commit()
    put_articles(store, [an_article(each, f"the bridge in {each} opens") for each in "abc"])


@pytest.fixture
def far(tmp_path):
    store = open_cluster(tmp_path)
    fill(store)
    snapshot = store.snapshot()
    yield snapshot
    store.close()
    drop_cluster(tmp_path)


@pytest.fixture
def ways(far):
    """Counts the ways to the cluster and back from here on."""
    heard = logging.getLogger("opensearch")
    found = []

    class Ways(logging.Handler):
        def emit(self, record):
            found.append(record)

    counting, level = Ways(logging.INFO), heard.level
    heard.addHandler(counting)
    heard.setLevel(logging.INFO)
    yield lambda: len(found)
    heard.removeHandler(counting)
    heard.setLevel(level)


def asking(engine):
    return [
        engine.search(Unit.PARAGRAPH, {"opens": 1.0, "b": 2.0}, boosts=BODY),
        engine.search(Unit.PARAGRAPH, {"opens": 1.0, "b": 2.0}, boosts=BODY, k=1),
        engine.search(Unit.ARTICLE, {"opens": 1.0}, boosts=BODY, filters=OF_A),
        engine.search(Unit.PARAGRAPH, {"bridge": 1.0}, boosts={}),
        engine.search(Unit.PARAGRAPH, {"bridge": 1.0}, boosts=BODY, filters=Filters(speakers=frozenset())),
        engine.browse(Unit.STATEMENT, filters=OF_C),
    ]


def test_what_was_said_ahead_changes_no_answer(filled):
    corpus, engine = filled.corpus, filled.engine
    found = asking(engine)
    assert [[hit.article_id for hit in hits] for hits in found] == [["b", "a", "c"], ["b"], ["a"], [], [], ["c"]]
    search_ahead(engine, asking)
    assert asking(engine) == found
    read_ahead(
        corpus, articles=["c", "a", "c", "nowhere"], names=["mara quill", "nobody"], keys=[*KEYS, "b:mara-quill"]
    )
    assert {each: stored.article.id for each, stored in corpus.articles("abc").items()} == {
        "a": "a",
        "b": "b",
        "c": "c",
    }
    assert [corpus.person_of(key) for key in sorted(KEYS)] == [corpus.person("p1")] * 2
    assert corpus.person_of("b:mara-quill") is None
    assert corpus.people_named("mara quill") == (corpus.person("p1"),)
    assert corpus.people_named("nobody") == ()
    assert corpus.article("nowhere") is None


@on_files
def test_a_store_at_hand_is_asked_nothing_ahead(filled):
    def never(*_):
        raise AssertionError("asked")

    search_ahead(filled.engine, never)
    read_ahead(filled.corpus, articles=map(never, "a"), names=map(never, "a"), keys=map(never, "a"))


@pytest.mark.opensearch
@needs_cluster
def test_searches_that_were_said_ahead_take_one_way_to_the_cluster(far, ways):
    search_ahead(far.engine, asking)
    assert ways() == 1
    asking(far.engine)
    search_ahead(far.engine, asking)
    assert ways() == 1
    count_together(far.engine, Unit.PARAGRAPH, "body", ["bridge", "opens"])
    assert (far.engine.df(Unit.PARAGRAPH, "body", "opens"), far.engine.count(Unit.PARAGRAPH)) == (3, 6)
    assert ways() == 2


@pytest.mark.opensearch
@needs_cluster
def test_articles_and_persons_that_were_said_ahead_take_one_way_to_the_cluster(far, ways):
    read_ahead(far.corpus, articles="ac", names=["mara quill"], keys=[*KEYS, "b:mara-quill"])
    assert ways() == 1
    assert set(far.corpus.articles("ac", records=False)) == {"a", "c"}
    assert far.corpus.people_named("mara quill") == (far.corpus.person_of("a:mara-quill"),)
    assert far.corpus.person_of("b:mara-quill") is None
    read_ahead(far.corpus, articles="ca", keys=KEYS)
    assert ways() == 1


@pytest.mark.opensearch
@needs_cluster
def test_raw_records_come_where_they_are_wanted(far, ways):
    assert far.corpus.articles("a", records=False)["a"].raw == "{}"
    assert far.corpus.articles("a")["a"].raw == '{"text": "as it came"}'
    assert ways() == 2
    assert far.corpus.articles("a", records=False)["a"].article.id == "a"
    assert far.corpus.article("a").raw == '{"text": "as it came"}'
    assert ways() == 2
