import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import SourceError
from index.ingest import attributing
from index.ingest.quoting import quotes_of
from tests.ingest.builders import a_record

TEXT = (
    "Ferry to stop\r\n\r\nFerry to stop\r\nMayor Ida BrockIda Marie BrockFares to rise: x MORE will keep the\xa0ferry "
    "in harbour, a town spokesman said.\r\n\r\n\u201cIt is too\u200b cold,\u201d Ida Brock said.\r\n"
)


def spans_of(quote):
    return [*quote["content"], *(quote[part] for part in ("cue", "source") if quote[part])]


def test_offsets_are_into_the_text_as_it_came():
    found = quotes_of(a_record(TEXT), "a")
    assert all(TEXT[span["start"] : span["end"]] == span["text"] for quote in found for span in spans_of(quote))
    assert all(set(span) == {"start", "end", "text"} for quote in found for span in spans_of(quote))
    direct = next(quote for quote in found if quote["kind"] == "direct")
    assert [span["text"] for span in direct["content"]] == ["\u201cIt is too\u200b cold,\u201d"]
    assert direct["speaker"] == {"id": "a:ida-brock", "name": "Ida Brock", "role": "Mayor", "kind": "person"}
    assert (direct["cue"]["text"], direct["source"]["text"]) == ("said", "Ida Brock")
    assert (direct["also"], direct["when"], direct["manner"], direct["attitude"]) == ([], None, "said", False)


def test_words_around_residue_come_in_true_pieces():
    found = quotes_of(a_record(TEXT), "a")
    pieces = [span["text"] for quote in found for span in quote["content"] if "MORE" in TEXT[: span["end"]]]
    assert not any("Fares to rise" in piece for quote in found for piece in [s["text"] for s in spans_of(quote)])
    assert "will keep the\xa0ferry in harbour" in pieces


def test_statements_of_a_title_that_the_text_lacks_are_left_out():
    record = a_record("It rained all day.", title="\u201cIt is too cold,\u201d Mayor Ida Brock said")
    assert quotes_of(record, "a") == []


def test_a_record_whose_statements_cannot_be_worked_out_is_told(monkeypatch):
    monkeypatch.setattr(attributing, "attribute", None)
    with pytest.raises(SourceError, match="could not be worked out"):
        quotes_of(a_record(TEXT), "a")


phrases = st.sampled_from(
    ["Mayor Ida Brock said", "she said", "\u201cIt is cold,\u201d", "according to Max Poe", ". ", ", ", "\n", "\xa0",
     "that it rained", "\u200b", "Ada RoeAda Eve RoePoll: who MORE", " said. ", "\u201c", "\u201d", "Advertisement\n"]
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(phrases, min_size=1, max_size=25).map("".join))
def test_whatever_the_article_every_span_is_true(text):
    try:
        found = quotes_of(a_record(text, title="Top"), "a")
    except SourceError:
        return
    for quote in found:
        assert quote["content"]
        assert all(text[span["start"] : span["end"]] == span["text"] != "" for span in spans_of(quote))
