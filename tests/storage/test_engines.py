"""The contract of an engine: hits, order, filters and counts equal those of the formula written out."""

import random
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.storage.records import Filters, Unit
from tests.storage.builders import a_document, an_article, documents_of, put_articles, put_documents
from tests.storage.reference import browsed, same_hits, scores

BODY = {"body": 1.0}


def search(store, terms, *, unit=Unit.PARAGRAPH, boosts=None, filters=None, k=10):
    terms = terms if isinstance(terms, dict) else dict.fromkeys(terms.split(), 1.0)
    return store.snapshot().engine.search(unit, terms, boosts=boosts or BODY, filters=filters, k=k)


def ids(hits):
    return [hit.id for hit in hits]


@pytest.fixture
def town(store):
    """Two hundred paragraphs over a small vocabulary, in all units, with days, outlets and speakers."""
    draw = random.Random(7)
    words = [f"w{n}" for n in range(60)]
    days = [None, "2021-01-01", "2021-01-02", "2021-02-01", "2022-06-16"]
    documents = []
    for number in range(40):
        day, outlet = draw.choice(days), draw.choice([None, "the post", "the mail"])
        for n in range(5):
            body = tuple(draw.choices(words, weights=range(60, 0, -1), k=draw.randint(1, 90)))
            title = tuple(draw.choices(words, k=draw.randint(0, 6)))
            fields = {"body": body, "title": title} if draw.random() < 0.9 else {"body": body}
            document = a_document(
                f"art{number}#{n}",
                fields=fields,
                day=day,
                outlet=outlet,
                speakers=draw.sample(["k1", "k2", "k3", "k4"], draw.randint(0, 2)),
            )
            documents.append(document)
            documents.append(
                replace(document, unit=Unit.STATEMENT, id=f"art{number}#{n}.{n}", attitude=draw.random() < 0.3)
            )
        documents.append(a_document(f"art{number}", "w1 w2 " * number, unit=Unit.ARTICLE, day=day, outlet=outlet))
    put_documents(store, documents)
    return documents


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize("query", ["w1", "w59", "w1 w2 w3", "w40 w50 w58 w3", "w1 absent", "absent"])
def test_hits_and_order_are_those_of_the_formula(store, kept, town, unit, query):
    terms = dict.fromkeys(query.split(), 1.0)
    expected = scores(town, unit, terms, BODY, length=kept.length, empty=kept.empty)
    same_hits(search(store, query, unit=unit), expected)
    same_hits(search(store, query, unit=unit, k=1000), expected, k=1000)


def test_a_score_is_the_sum_over_fields_and_terms_of_boost_times_weight(store, kept, town):
    terms, boosts = {"w1": 1.0, "w30": 2.5, "w44": 0.25}, {"body": 1.0, "title": 3.0, "no such field": 9.0}
    expected = scores(town, Unit.PARAGRAPH, terms, boosts, length=kept.length, empty=kept.empty)
    same_hits(search(store, terms, boosts=boosts, k=300), expected, k=300)


@pytest.mark.parametrize(
    "filters",
    [
        Filters(),
        Filters(speakers=frozenset({"k1"})),
        Filters(speakers=frozenset({"k2", "k4", "nobody"})),
        Filters(speakers=frozenset()),
        Filters(since=date(2021, 1, 2)),
        Filters(until=date(2021, 1, 2)),
        Filters(since=date(2021, 1, 2), until=date(2021, 2, 1), undated=False),
        Filters(undated=False),
        Filters(since=date(2023, 1, 1), undated=False),
        Filters(outlet="The Post"),
        Filters(outlet="the post of nowhere"),
        Filters(articles=frozenset({"art1", "art2", "art39", "absent"})),
        Filters(articles=frozenset()),
        Filters(holding=frozenset({"w1", "w17", "absent", "a b", ""})),
        Filters(holding=frozenset({"w2"}), speakers=frozenset({"k1", "k2"}), outlet="the post"),
        Filters(holding=frozenset()),
        Filters(attitude=True),
        Filters(attitude=False, speakers=frozenset({"k1", "k3"}), until=date(2021, 2, 1), outlet="the mail"),
    ],
    ids=repr,
)
def test_filters_are_pushed_down_so_that_k_hits_come_back_where_k_exist(store, kept, town, filters):
    terms = {"w1": 1.0, "w2": 1.0}
    for unit in (Unit.PARAGRAPH, Unit.STATEMENT):
        expected = scores(town, unit, terms, BODY, filters, kept.length, kept.empty)
        same_hits(search(store, terms, unit=unit, filters=filters, k=7), expected, k=7)
        browse = store.snapshot().engine.browse(unit, filters=filters, k=11)
        assert ids(browse) == browsed(town, unit, filters)[:11]
        assert {hit.score for hit in browse} <= {0.0}


def test_browsing_goes_from_the_newest_day_to_the_undated_then_by_article_and_number(store, town):
    engine = store.snapshot().engine
    assert ids(engine.browse(Unit.PARAGRAPH, filters=Filters(), k=1000)) == browsed(town, Unit.PARAGRAPH)
    assert ids(engine.browse(Unit.ARTICLE, filters=Filters(), k=3)) == browsed(town, Unit.ARTICLE)[:3]


def test_numbers_are_browsed_as_numbers(store):
    put_documents(store, [a_document(f"a#{n}", "w") for n in (10, 9, 2, 1)])
    assert ids(store.snapshot().engine.browse(Unit.PARAGRAPH, filters=Filters(), k=3)) == ["a#1", "a#2", "a#9"]


def test_how_many_documents_hold_a_term_is_told_by_unit_and_field(store, town):
    engine = store.snapshot().engine
    for unit in Unit:
        assert engine.count(unit) == sum(d.unit == unit for d in town)
        for field in ("body", "title", "no such field"):
            for term in ("w1", "w59", "absent"):
                held = sum(d.unit == unit and term in d.fields.get(field, ()) for d in town)
                assert engine.df(unit, field, term) == held


def test_nothing_asked_nothing_found(store, town):
    assert search(store, {}) == []
    assert search(store, "w1", boosts={"no such field": 1.0}) == []
    assert search(store, "w1", k=0) == []
    assert store.snapshot().engine.browse(Unit.PARAGRAPH, filters=Filters(), k=0) == []


def test_an_empty_library_has_no_hits(store):
    put_documents(store, [])
    engine = store.snapshot().engine
    assert search(store, "anything") == []
    assert engine.browse(Unit.STATEMENT, filters=Filters()) == []
    assert (engine.count(Unit.ARTICLE), engine.df(Unit.PARAGRAPH, "body", "anything")) == (0, 0)


def test_a_lone_matching_document_is_a_hit_whatever_its_score(store):
    put_documents(store, [a_document("a#1", "alone")])
    (hit,) = search(store, "alone")
    assert (hit.id, hit.article_id, hit.number) == ("a#1", "a", 1)
    assert hit.score > 0


def test_a_term_that_every_document_holds_finds_all_of_them(store):
    put_documents(store, [a_document(f"a{n}#1", "everywhere") for n in range(30)])
    hits = search(store, "everywhere", k=50)
    assert ids(hits) == sorted(f"a{n}#1" for n in range(30))
    assert len({hit.score for hit in hits}) == 1


def test_equal_scores_fall_by_id_also_at_the_cut(store):
    put_documents(store, [a_document(f"a{n}#1", "same words here") for n in range(50)])
    assert ids(search(store, "words here", k=5)) == sorted(f"a{n}#1" for n in range(50))[:5]


def test_documents_without_any_terms_count_but_are_never_hits(store):
    put_documents(store, [a_document("a#1", ""), a_document("b#1", fields={}), a_document("c#1", "word")])
    assert ids(search(store, "word")) == ["c#1"]
    assert search(store, {"": 1.0}) == []
    assert store.snapshot().engine.count(Unit.PARAGRAPH) == 3


@pytest.mark.parametrize(
    "word", ["łódź", "東京", "🙂", "e\u0301", "\u202eabc", "a\u0000b", "x" * 30_000, "white house"]
)
def test_terms_and_keys_of_any_script_are_kept_apart_and_found(store, word):
    document = a_document("å/1?x=1#1", fields={"body": (word, "other")}, outlet=word, speakers=[word])
    put_documents(store, [document, a_document("b#1", "other words")])
    assert ids(search(store, {word: 1.0})) == ["å/1?x=1#1"]
    for filters in (
        Filters(speakers=frozenset({word})),
        Filters(outlet=word),
        Filters(articles=frozenset({"å/1?x=1"})),
    ):
        assert ids(search(store, "other", filters=filters)) == ["å/1?x=1#1"]


def test_half_a_character_neither_fails_nor_finds(store):
    put_documents(store, [a_document("a#1", "word \ud83d end", outlet="\ud83d", speakers=["\ud83d"])])
    assert ids(search(store, "end")) == ["a#1"]
    assert search(store, "\udc00") == []
    assert search(store, "end", filters=Filters(speakers=frozenset({"\udc00"}))) == []


def test_a_query_of_ten_thousand_terms_is_answered(store, kept):
    documents = [a_document(f"a{n}#1", f"t{n} t{n + 1} t{n + 2}") for n in range(300)]
    put_documents(store, documents)
    terms = {f"t{n}": 1.0 for n in range(10_000)}
    same_hits(
        search(store, terms, k=20),
        scores(documents, Unit.PARAGRAPH, terms, BODY, length=kept.length, empty=kept.empty),
        k=20,
    )


def test_a_filter_of_fifty_thousand_keys_is_applied(store):
    put_documents(store, [a_document(f"a{n}#1", "word", speakers=[f"a{n}:x"]) for n in range(20)])
    keys = frozenset(f"a{n}:x" for n in range(10, 50_000))
    assert len(search(store, "word", filters=Filters(speakers=keys), k=50)) == 10
    assert (
        len(search(store, "word", filters=Filters(articles=frozenset(f"a{n}" for n in range(5, 50_000))), k=50)) == 15
    )


def test_a_hundred_thousand_distinct_terms_are_told_apart(store):
    put_documents(store, [a_document(f"a{n}#1", " ".join(f"t{n}x{m}" for m in range(200))) for n in range(500)])
    assert ids(search(store, "t499x199")) == ["a499#1"]
    assert ids(search(store, "t0x0 t7x7")) == ["a0#1", "a7#1"]
    assert store.snapshot().engine.df(Unit.PARAGRAPH, "body", "t250x100") == 1


def test_replaced_articles_answer_with_their_new_words_only(store):
    put_articles(store, [an_article("a", "old words"), an_article("b", "old words too")])
    put_articles(store, [an_article("a", "new words")])
    assert ids(search(store, "old")) == ["b#1"]
    assert ids(search(store, "new")) == ["a#1"]
    assert store.snapshot().engine.count(Unit.PARAGRAPH) == 4


def test_removed_articles_are_no_longer_found(store):
    put_articles(store, [an_article(name, "words") for name in "abc"])
    with store.write() as writer:
        writer.remove("b")
        writer.remove("never there")
        writer.commit()
    assert ids(search(store, "words")) == ["a#1", "c#1"]
    assert store.snapshot().engine.count(Unit.ARTICLE) == 2


def test_a_library_rebuilt_in_full_scores_like_one_built_in_steps(store, kept, tmp_path):
    articles = [an_article(f"a{n}", f"words of article {n} " * (n % 3 + 1)) for n in range(20)]
    for stored in articles:
        put_articles(store, [stored])
    put_articles(store, articles, full=True)
    documents = [d for stored in articles for d in documents_of(stored)]
    terms = {"words": 1.0, "article": 1.0}
    same_hits(
        search(store, terms), scores(documents, Unit.PARAGRAPH, terms, BODY, length=kept.length, empty=kept.empty)
    )


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.lists(st.sampled_from("abcdef"), max_size=30), max_size=12),
    query=st.dictionaries(st.sampled_from("abcdefg"), st.floats(0.125, 8), max_size=5),
    k=st.integers(1, 15),
)
def test_any_small_library_answers_as_the_formula_says(store, kept, texts, query, k):
    documents = [a_document(f"a{n}#1", " ".join(words)) for n, words in enumerate(texts)]
    put_documents(store, documents, full=True)
    same_hits(
        search(store, query, k=k),
        scores(documents, Unit.PARAGRAPH, query, BODY, length=kept.length, empty=kept.empty),
        k=k,
    )
