import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import SourceError
from index.ingest.records import MAX_TEXT, ArticleRecord, record_from
from tests.ingest.builders import a_record

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)

FIELDS = ("id", "title", "outlet", "url", "authors", "published", "language", "notes", "more")


def test_only_the_text_is_required_and_unknown_fields_are_ignored():
    record = record_from({"text": " As it came.\r\n", "colour": "red"}, item="here")
    assert record == ArticleRecord(text=" As it came.\r\n")
    assert record.title is record.outlet is record.url is record.published is record.id is None


def test_every_field_is_kept_in_its_form():
    record = a_record(
        id=17,
        title=" Two\nlines ",
        outlet="The Elmsworth\u200b Echo",
        url=" https://example.org/a?b=c ",
        authors=["Ada Roe", {"name": "Max Poe"}, None, "Ada Roe", ""],
        published="June 16, 2022",
        language="en-GB",
    )
    assert record.model_dump() == {
        "text": "Ada Roe said so.",
        "id": "17",
        "title": "Two lines",
        "outlet": "The Elmsworth Echo",
        "url": "https://example.org/a?b=c",
        "authors": ("Ada Roe", "Max Poe"),
        "published": "2022-06-16",
        "language": "en",
        "withdrawn": None,
        "mark": None,
    }
    assert record.notes == ()


def test_a_byline_names_its_authors():
    assert a_record(authors="By Ada Roe, Max Poe and Ed Fo").authors == ("Ada Roe", "Max Poe", "Ed Fo")
    assert a_record(authors=12).authors == ()


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "ftp://example.org/",
        "example.org",
        "https://",
        "http://[::1",
        "http://a b/",
        "x" * 3000,
        5,
    ],
)
def test_an_address_that_is_not_of_the_web_is_left_out_with_a_note(url):
    record = a_record(url=url)
    assert record.url is None
    assert "address" in record.notes[0]


@pytest.mark.parametrize("published", ["yesterday", "2022-02-31", {"when": 1}, 12345678901])
def test_a_nonsense_day_leaves_the_article_undated_with_a_note(published):
    record = a_record(published=published)
    assert record.published is None
    assert "undated" in record.notes[0]


def test_a_record_cannot_write_notes_of_its_own():
    assert a_record(notes=["all is well"]).notes == ()


@pytest.mark.parametrize("language", ["english", 7, "", "e", None])
def test_a_language_that_is_no_code_is_unknown(language):
    assert a_record(language=language).language is None


def test_lone_surrogates_become_replacement_characters_one_for_one():
    record = a_record("a\ud800b", title="\udfffT")
    assert record.text == "a\ufffdb"
    assert record.title == "\ufffdT"


@pytest.mark.parametrize(
    ("given_record", "words"),
    [
        ([], "not a record"),
        ({}, 'no "text"'),
        ({"text": None}, 'no "text"'),
        ({"text": 5}, "a number"),
        ({"text": ["a"]}, "a list"),
        ({"text": " \n"}, "empty"),
        ({"text": "x" * (MAX_TEXT + 1)}, "at most 5,000,000"),
    ],
)
def test_a_record_that_cannot_be_used_is_refused_in_one_sentence(given_record, words):
    with pytest.raises(SourceError, match=words) as caught:
        record_from(given_record, item="news.jsonl, line 3")
    assert str(caught.value).startswith("news.jsonl, line 3: ")


def test_long_fields_are_cut():
    record = a_record(id="i" * 999, title="t" * 999, outlet="o" * 999, authors=["a" * 999] * 99)
    assert (len(record.id), len(record.title), len(record.outlet), len(record.authors[0])) == (300, 500, 200, 200)


@given(
    st.fixed_dictionaries(
        {"text": st.text(min_size=1)},
        optional=dict.fromkeys(FIELDS, json_values),
    )
)
def test_whatever_a_record_holds_it_is_read_or_refused_in_a_sentence(given_record):
    try:
        record = record_from(given_record, item="x")
    except SourceError:
        return
    assert record.text == given_record["text"]
    assert record_from(record.model_dump(), item="x") == record.model_copy(update={"notes": ()})
