"""Rows of statements that are parsed when they are looked at, whatever stands in them."""

from hypothesis import given
from hypothesis import strategies as st

from index.model import Article, Paragraph, Quote, QuoteKind, Span, Speaker
from index.storage.embedded.codec import dumps
from index.storage.embedded.quoterows import QuoteRows
from index.storage.embedded.shorthand import short_quotes

WORDS = st.sampled_from(
    ['["direct",[', '],["mixed",[[1,2,3]', '"', "\\", '\\"', "[1,", "]]", ",[]]", "said", "é", "\ud800", ""]
)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map("".join)


@st.composite
def spans(draw, texts):
    number = draw(st.sampled_from(sorted(texts)))
    end = draw(st.integers(0, len(texts[number])))
    start = draw(st.integers(0, end))
    words = draw(st.one_of(st.just(texts[number][start:end]), TEXTS))
    return Span(paragraph=number, start=start, end=end, text=words)


@st.composite
def written(draw):
    texts = dict(enumerate(draw(st.lists(TEXTS, min_size=1, max_size=13))))
    speakers = st.builds(Speaker, id=TEXTS, name=TEXTS, role=st.none() | TEXTS, aliases=st.lists(TEXTS).map(tuple))
    quote = st.builds(
        Quote,
        kind=st.sampled_from(QuoteKind),
        content=st.lists(spans(texts), max_size=3).map(tuple),
        cue=st.none() | spans(texts),
        source=st.none() | spans(texts),
        speaker=st.none() | speakers,
        also=st.lists(speakers, max_size=2).map(tuple),
        when=st.none() | TEXTS,
        manner=TEXTS,
    )
    paragraphs = tuple(Paragraph(article_id="a", number=number, text=text) for number, text in texts.items())
    article = Article(id="a", title="", paragraphs=paragraphs)
    return short_quotes(article, draw(st.lists(quote, max_size=4))), texts


@given(written())
def test_each_row_is_what_was_written_and_found_by_its_paragraphs(given_rows):
    (speakers, quotes), texts = given_rows
    rows = QuoteRows(dumps([speakers, quotes]))
    plain = [[list(s) if s else s for s in each[1]] for each in quotes]
    assert len(rows) == len(quotes)
    assert [rows[place] for place in range(len(rows))] == list(rows)
    assert [each[1] for each in rows] == plain
    assert [each[0] for each in rows.speakers()] == [each[0] for each in speakers]
    for number in texts:
        within = [place for place, spans in enumerate(plain) if any(span[0] == number for span in spans)]
        assert rows.within(number) == within
