"""What is kept of an article beside its text comes back as it was given, whatever it is."""

import random
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.storage.embedded.codec import documents_row, dumps, loads
from index.storage.embedded.keys import is_own, key_of, short_of, slug_of, ways_to_write
from index.storage.embedded.shorthand import documents_in, pack_documents, pack_near, unpack_near
from index.storage.records import Unit
from tests.storage.builders import a_document, a_speaker, an_article, documents_of

KEYS = st.text(alphabet="ab:=-", max_size=8)


@given(article_id=KEYS, key=KEYS)
def test_a_key_comes_back_from_its_short_form(article_id, key):
    short = short_of(article_id, key)
    assert key_of(article_id, short) == key
    (own_article, own), elsewhere = ways_to_write(key)
    assert (own_article, own) == (article_id, short) if is_own(short) else elsewhere == short
    if is_own(short):
        assert slug_of(key) == short


def words(count, *, seed=1):
    draw = random.Random(seed)
    return " ".join("".join(draw.choices(string.ascii_lowercase, k=draw.randint(2, 9))) for _ in range(count))


@pytest.mark.parametrize("length", [0, 10, 5_000, 7_000, 60_000])
@pytest.mark.parametrize("of_data", [0.0, 0.3, 1.0, 2.5])
def test_data_near_a_text_of_any_length_comes_back(length, of_data):
    text = words(length).encode()
    data = (text * 3)[: int(len(text) * of_data)] + b" and more"
    assert unpack_near(pack_near(data, text), text) == data


def test_a_record_that_repeats_a_long_text_takes_little_beside_it():
    text = words(30_000)
    assert len(pack_near(dumps({"text": text}), dumps([7, text]))) < len(text) / 50


@pytest.mark.parametrize("length", [100, 60_000])
def test_bytes_that_end_early_or_belong_to_another_text_are_an_error(length):
    text = words(length).encode()
    packed = pack_near(text, text)
    for damaged, near in ((packed[: len(packed) // 2], text), (b"", text), (packed[:2], text), (packed, text[::-1])):
        with pytest.raises(ValueError):  # noqa: PT011 -- whatever it says, `formats` puts it in words
            unpack_near(damaged, near)


TERMS = st.lists(st.text(alphabet="ab \ud83d☃", max_size=3), max_size=4).map(tuple)


@given(
    title=TERMS,
    body=TERMS,
    paragraphs=st.lists(TERMS, max_size=4),
    said=st.lists(st.tuples(TERMS, st.sampled_from(["a:x", "a:y", "b:x", "=z", ""]), st.booleans()), max_size=4),
    day=st.sampled_from([None, "2021-03-04"]),
)
def test_documents_come_back_as_they_were_given(title, body, paragraphs, said, day):
    documents = [a_document("a", unit=Unit.ARTICLE, fields={"title": title, "body": body}, day=day, outlet="post")]
    documents += [a_document(f"a#{n}", fields={"body": terms}, day=day) for n, terms in enumerate(paragraphs)]
    documents += [
        a_document(f"a#{n}.{n}", unit=Unit.STATEMENT, fields={"body": terms, "more": ()}, speakers=[key], attitude=plan)
        for n, (terms, key, plan) in enumerate(said)
    ]
    rows = loads(dumps(documents_row(documents)))
    text = dumps(["a", words(50)])
    assert documents_in("a", pack_documents("a", rows, text), text) == rows


def test_the_text_of_an_article_is_not_written_twice():
    paragraphs = [words(200, seed=n) for n in range(20)]
    stored = an_article("a", *paragraphs, speaker=a_speaker())
    rows = documents_row(documents_of(stored))
    text = dumps([stored.article.title, *paragraphs])
    packed = pack_documents("a", rows, text)
    assert documents_in("a", packed, text) == loads(dumps(rows))
    assert len(packed) < len(text) / 10


def test_terms_are_written_alike_in_one_string_and_one_by_one():
    apart = a_document("a#1", fields={"body": ("harbour", "open"), "context": ()})
    joined = a_document("a#1", fields={"body": "harbour open", "context": ""})
    assert documents_row([joined]) == documents_row([apart])
    assert documents_row([apart])[0][3]["body"] == "harbour open"
