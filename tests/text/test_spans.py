"""What holds for every text: exact spans, no errors, and work that grows with the length and no faster."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.text.attribution import attribute
from tests.text.builders import an_article

PIECES = st.sampled_from(
    [
        "Ada Marsh", "Marsh", "she", "he", "they", "said", "says", "that", "according to",
        "the board", ", ", ". ", "“", "”",
        '"', "''", "``", "‘", "’", "'", "—", ":", "adding", "claim", "'s", "U.S.", "Mr.", "Sen.",
        "and", "while", "on Tuesday",
        "told reporters", "(", ")", "?", "!", "the pier leaks", "\xa0", "é", "😀", "Ben Okoro",
        "who", "of", "a spokesman", "70-year-old",
    ]
)  # fmt: skip


def check(article) -> None:
    texts = {p.number: p.text for p in article.paragraphs}
    for quote in attribute(article):
        spans = [*quote.content, *(span for span in (quote.cue, quote.source) if span)]
        for span in spans:
            assert texts[span.paragraph][span.start : span.end] == span.text
            assert span.text.strip()
        assert 0 <= quote.confidence <= 1


@given(st.lists(st.lists(PIECES, max_size=25).map(" ".join), max_size=5))
@settings(max_examples=150, deadline=None)
def test_spans_are_exact_in_any_mixture_of_news_words(paragraphs):
    check(an_article(*paragraphs))


@given(st.lists(st.text(max_size=80), max_size=4))
@settings(max_examples=150, deadline=None)
def test_any_text_is_read_without_an_error(paragraphs):
    check(an_article(*(p.replace("\n", " ") for p in paragraphs)))


@given(st.lists(PIECES, max_size=30).map(" ".join))
@settings(max_examples=50, deadline=None)
def test_the_same_text_gives_the_same_statements(text):
    assert attribute(an_article(text)) == attribute(an_article(text))


def seconds(text: str) -> float:
    started = time.process_time()
    attribute(an_article(text))
    return time.process_time() - started


@pytest.mark.parametrize(
    "piece",
    [
        "“The pier leaks,” Ada Marsh said on Tuesday. ",
        '" ',
        "“ ",
        "' ",
        "word ",
        "Ada ",
        "said ",
        "the pier and the bridge, ",
        "a, ",
        "( ",
        "Ada Marsh said that ",
        "’s ",
    ],
)
def test_time_grows_with_the_length_and_no_faster(piece):
    seconds(piece * 10)
    short = seconds(piece * 400) + 0.005
    assert seconds(piece * 3200) < 24 * short + 0.5
