"""What only a library in a cluster has: claims, periods, roll-over, late versions, a cluster that is away."""

import logging
import socket
import threading
import time

import pytest

from index.errors import SettingsError, StoreError
from index.settings import IndexSettings
from index.storage import open_store
from index.storage.opensearch import bulk
from index.storage.opensearch.connection import ClusterAway, Connection, client_options
from index.storage.opensearch.layout import keyword, period_of, term
from index.storage.opensearch.lease import Lease
from index.storage.opensearch.options import ClusterOptions, options_of
from index.storage.opensearch.store import ClusterStore
from index.storage.records import Filters, Unit
from tests.storage.builders import a_document, a_text, an_article, put_articles, put_documents
from tests.storage.reference import one_byte, same_hits, scores
from tests.storage.stores import drop_cluster, needs_cluster, open_cluster

BODY = {"body": 1.0}


@pytest.fixture
def closed_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield taken.getsockname()[1]


# ---------------------------------------------------------------------------------------------------------------
# Without a cluster


def test_a_cluster_that_is_away_is_told_at_once_and_asked_again_after_a_rest(closed_port):
    now = [0.0]
    connection = Connection(ClusterOptions(urls=(f"http://127.0.0.1:{closed_port}",)), clock=lambda: now[0])
    asked = []

    def ask():
        with connection.reading() as client:
            asked.append(now[0])
            client.info()

    for _ in range(3):
        with pytest.raises(ClusterAway, match="can't be reached; try again in a moment"):
            ask()
    assert asked == [0.0]
    now[0] = 0.6
    with pytest.raises(ClusterAway):
        ask()
    assert asked == [0.0, 0.6]
    now[0] = 1.0
    with pytest.raises(ClusterAway):
        ask()
    assert asked == [0.0, 0.6]  # the rest grows
    connection.close()


def test_a_cluster_that_does_not_answer_is_told_within_the_time(closed_port):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        options = ClusterOptions(urls=(f"http://127.0.0.1:{silent.getsockname()[1]}",), timeout=0.3)
        store = ClusterStore(options)
        began = time.monotonic()
        with pytest.raises(ClusterAway, match="took too long to answer"):
            store.snapshot()
        assert time.monotonic() - began < 30
        assert store.findings() == [("cluster", False, store.findings()[0][2])]
        store.close()


def test_writing_is_tried_again_until_patience_is_used_up(closed_port, caplog):
    caplog.set_level(logging.INFO)
    connection = Connection(ClusterOptions(urls=(f"http://127.0.0.1:{closed_port}",), patience=0.6))
    with pytest.raises(ClusterAway):
        connection.writing(lambda client: client.info())
    assert "Trying again" in caplog.text
    connection.close()


def test_who_this_is_goes_to_the_client():
    plain = client_options(ClusterOptions())
    assert "http_auth" not in plain
    assert "headers" not in plain
    named = client_options(ClusterOptions(user="desk", password="secret"))
    assert named["headers"] == {"Authorization": "Basic ZGVzazpzZWNyZXQ="}
    keyed = client_options(ClusterOptions(api_key="k3y"))
    assert keyed["headers"] == {"Authorization": "ApiKey k3y"}
    checked = client_options(options_of(IndexSettings(_env_file=None, opensearch_ca="/ca.pem")))
    assert (checked["ca_certs"], checked["verify_certs"]) == ("/ca.pem", True)


def test_signed_requests_without_what_signs_them_are_explained():
    try:
        import botocore  # noqa: F401
    except ImportError:
        with pytest.raises(SettingsError, match="pip install botocore"):
            client_options(ClusterOptions(aws_region="eu-west-1"))


def test_the_settings_name_the_cluster(tmp_path):
    settings = IndexSettings(
        _env_file=None, opensearch_urls="https://one:9200, https://two:9200", opensearch_prefix="news"
    )
    store = open_store(tmp_path, engine="opensearch", settings=settings)
    assert isinstance(store, ClusterStore)
    assert store.options.urls == ("https://one:9200", "https://two:9200")
    assert store.options.prefix == "news"
    store.close()
    with pytest.raises(StoreError, match="was closed"):
        store.snapshot()


@pytest.mark.parametrize("text", ["white house", "x" * 5000, "", "half \ud83d", "a\u2003b"])
def test_terms_that_are_no_words_are_indexed_by_a_digest_that_stays(text):
    assert " " not in term(text)
    assert len(term(text)) < 100
    assert term(term(text)) == term(text)
    assert keyword(keyword(text)) == keyword(text)


def test_periods_are_those_of_the_day():
    from datetime import date

    day = date(2021, 3, 4)
    assert [period_of(day, each) for each in ("all", "year", "month")] == ["all", "2021", "2021.03"]
    assert [period_of(None, each) for each in ("all", "year")] == ["all", "undated"]


# ---------------------------------------------------------------------------------------------------------------
# With one


@pytest.fixture
def home(tmp_path):
    yield tmp_path
    drop_cluster(tmp_path)


def opened(home, **options):
    return open_cluster(home, **options)


pytest_cluster = [pytest.mark.opensearch, needs_cluster]


def in_cluster(test):
    for mark in pytest_cluster:
        test = mark(test)
    return test


@in_cluster
def test_scores_over_years_rolled_over_indices_and_shards_are_those_of_one_index(home):
    store = opened(home, period="year", roll_over=1, shards=2)
    documents = [
        a_document(f"a{n}#1", f"words of {'many ' * (n % 4)} w{n % 3}", day=f"20{10 + n % 3}-03-0{1 + n % 7}")
        for n in range(30)
    ]
    for start in range(0, 30, 10):
        with store.write() as writer:
            for document in documents[start : start + 10]:
                stored = an_article(document.article_id, quotes=(), published=document.day.isoformat())
                writer.put(stored, [document])
            writer.commit()
    names = store.connection.writing(lambda c: c.indices.get_alias(index=f"{store.options.prefix}-paragraph-*"))
    assert len(names) > 3  # every change found its index full
    engine = store.snapshot().engine
    for terms in ({"words": 1.0, "w1": 2.0}, {"many": 1.0}):
        expected = scores(documents, Unit.PARAGRAPH, terms, BODY, length=one_byte, empty=1)
        same_hits(engine.search(Unit.PARAGRAPH, terms, boosts=BODY, k=30), expected, k=30)
    put_articles(store, [an_article("a3", "said anew", published="2022-01-01")])  # another year, the same place
    assert store.snapshot().engine.count(Unit.ARTICLE) == 30
    assert [hit.id for hit in store.snapshot().engine.search(Unit.PARAGRAPH, {"anew": 1.0}, boosts=BODY)] == ["a3#1"]
    assert store.snapshot().engine.browse(Unit.ARTICLE, filters=Filters(articles=frozenset({"a3"})))[0].id == "a3"
    store.close()


@in_cluster
def test_an_older_version_that_arrives_late_changes_nothing(home):
    store = opened(home)
    put_articles(store, [an_article("a", "first words")])
    put_articles(store, [an_article("a", "second words")])
    name = f"{store.options.prefix}-article-g000001-all-000001"
    found = store.connection.writing(lambda c: c.search(index=name, body={}))["hits"]["hits"][0]
    late = bulk.put_line(name, found["_id"], 1, found["_source"] | {"item": "late"})
    bulk.send(store.connection, [late])
    store.generations.refresh(1)
    again = store.connection.writing(lambda c: c.get(index=name, id=found["_id"]))
    assert (again["_source"]["item"], again["_version"]) == ("a", 2)
    store.close()


@in_cluster
def test_an_entry_that_the_cluster_refuses_is_an_error_in_words(home):
    store = opened(home)
    put_documents(store, [a_document("a#1", "word")])
    name = f"{store.options.prefix}-paragraph-g000001-all-000001"
    with pytest.raises(StoreError, match="did not take an entry"):
        bulk.send(store.connection, [bulk.put_line(name, "x", 9, {"no such field": 1})])
    store.close()


@in_cluster
def test_a_field_that_the_indices_do_not_have_is_refused(home):
    store = opened(home)
    with pytest.raises(ValueError, match="have no field"):
        put_documents(store, [a_document("a#1", fields={"mood": ("good",)})])
    store.close()


@in_cluster
def test_a_claim_is_held_by_one_until_it_lapses(home):
    now = [1_000.0]
    store = opened(home)
    one, other = store.claims(), store.claims()
    one._clock = other._clock = lambda: now[0]
    assert one.claim("digest of Monday", 60)
    assert not other.claim("digest of Monday", 60)
    assert one.claim("digest of Monday", 60)
    assert other.claim("digest of Tuesday", 60)
    now[0] += 61
    assert other.claim("digest of Monday", 60)
    assert not one.claim("digest of Monday", 60)
    store.close()


@in_cluster
def test_of_many_who_claim_at_once_one_gets_it(home):
    store = opened(home)
    got = []
    claims = [store.claims() for _ in range(8)]
    threads = [threading.Thread(target=lambda c=c: got.append(c.claim("a post", 60))) for c in claims]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got.count(True) == 1
    store.close()


@in_cluster
def test_who_lost_the_right_to_write_shows_nothing(home):
    now = [time.time()]
    store = opened(home)
    put_articles(store, [an_article("a")])
    with store.write() as writer:
        writer.remove("a")
        now[0] += 3_600
        with (
            Lease(store.connection, store.generations, clock=lambda: now[0]),
            pytest.raises(StoreError, match="took over writing"),
        ):
            writer.commit()
    assert list(store.snapshot().corpus.article_ids()) == ["a"]
    store.close()


@in_cluster
def test_a_state_that_the_cluster_let_go_is_read_as_the_newest(home):
    store = opened(home)
    put_articles(store, [an_article("a", "old words")])
    held = store.snapshot()
    put_articles(store, [an_article("b", "old words too")])
    points = list(held.corpus._reading.points.values())
    with store.connection.reading() as client:
        client.delete_pit(body={"pit_id": points})
    assert len(held.engine.search(Unit.PARAGRAPH, {"old": 1.0}, boosts=BODY)) == 2
    assert held.corpus.article("b") is not None
    store.close()


@in_cluster
def test_whoever_closes_gives_the_held_states_back_though_somebody_has_one_still(home):
    store, other = opened(home), opened(home)
    put_articles(store, [an_article("a", "old words")])
    held = store.snapshot()
    points = set(held.corpus._reading.points.values())
    with other.connection.reading() as client:
        assert points & {each["pit_id"] for each in client.get_all_pits()["pits"]} == points
    store.close()
    with other.connection.reading() as client:
        assert not points & {each["pit_id"] for each in client.get_all_pits().get("pits", [])}
    assert held is not None
    other.close()


@in_cluster
def test_what_is_wrong_is_found_by_verify_and_doctor(home):
    store = opened(home, replicas=5)
    put_articles(store, [an_article("a"), an_article("b")])
    (cluster, *rest) = store.findings()
    assert not cluster[1]
    assert "have no node" in cluster[2]
    assert all(well for _, well, _ in rest)
    assert [well for _, well, _ in store.verify()] == [False, True, True]
    name = f"{store.options.prefix}-paragraph-g000001-all-000001"
    hits = store.connection.writing(lambda c: c.search(index=name, body={}))["hits"]["hits"]
    bulk.send(store.connection, [bulk.drop_line(name, hits[0]["_id"], 9)])
    name = f"{store.options.prefix}-article-g000001-all-000001"
    found = store.connection.writing(lambda c: c.search(index=name, body={}))["hits"]["hits"][0]
    bulk.send(store.connection, [bulk.put_line(name, found["_id"], 9, found["_source"] | {"quotes": "[1"})])
    store.generations.refresh(1)
    store = opened(home)
    findings = {what: (well, words) for what, well, words in store.verify()}
    assert "1 damaged: run `onrecord reindex --full`" in findings["articles"][1]
    with pytest.raises(StoreError, match="is damaged in the store"):
        store.snapshot().corpus.article(found["_source"]["article"])
    store.close()


@in_cluster
def test_attribution_that_was_forgotten_is_gone(home):
    store = opened(home)
    store.cache().drop(["one"])
    store.cache().put(a_text("one"), 1, ())
    store.cache().put(a_text("two"), 1, ())
    store.cache().drop(["one"])
    assert (store.cache().get(a_text("one"), 1), store.cache().get(a_text("two"), 1)) == (None, ())
    store.close()
