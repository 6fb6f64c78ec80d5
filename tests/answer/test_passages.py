import logging
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.answer.passages import is_true, passage_of
from index.answer.reading import Candidate, Reader
from index.model import Paragraph
from tests.answer.builders import BRIDGE, stored

WHOLE = stored(BRIDGE)


class Tampered:
    """A corpus of one article whose text was changed after its statements were found."""

    def __init__(self, *, number, text):
        article = WHOLE.article
        changed = tuple(replace(p, text=text) if p.number == number else p for p in article.paragraphs)
        self.kept = replace(WHOLE, article=replace(article, paragraphs=changed))

    def articles(self, article_ids, *, records=True):
        return {i: self.kept for i in article_ids if i == BRIDGE.id}

    def person_of(self, key):
        return None


def candidates():
    return [
        Candidate(article_id=BRIDGE.id, number=quote.paragraph, score=1.0, statements=(place,))
        for place, quote in enumerate(WHOLE.quotes)
    ]


texts = st.sampled_from([p for p in BRIDGE.paragraphs if p.number]).flatmap(
    lambda p: st.tuples(
        st.just(p.number),
        st.integers(0, len(p.text)).flatmap(
            lambda at: st.tuples(st.just(at), st.text(max_size=3), st.integers(0, 3)).map(
                lambda edit: p.text[: edit[0]] + edit[1] + p.text[edit[0] + edit[2] :]
            )
        ),
    )
)


@given(texts)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_to_the_stored_text_only_what_stands_in_it_is_shown(caplog, edit):
    number, text = edit
    reader = Reader(corpus=Tampered(number=number, text=text))
    for candidate in candidates():
        caplog.clear()
        with caplog.at_level(logging.WARNING, "index.answer.passages"):
            passage = passage_of(candidate, reader)
        article = reader.stored(BRIDGE.id).article
        found_again = is_true(article, WHOLE.quotes[candidate.statements[0]])
        assert (passage is not None) == found_again
        assert bool(caplog.records) == (not found_again)
        for quote in passage.quotes if passage else ():
            for span in (*quote.content, *filter(None, (quote.cue, quote.source))):
                assert article.paragraph(span.paragraph).text[span.start : span.end] == span.text


def test_a_passage_whose_article_is_gone_is_withheld_with_a_line(caplog):
    reader = Reader(corpus=Tampered(number=1, text="x"))
    assert passage_of(Candidate(article_id="gone", number=1, score=1.0), reader) is None
    assert "it is not in the store" in caplog.text


def test_a_statement_that_the_article_no_longer_has_is_withheld(caplog):
    reader = Reader(corpus=Tampered(number=5, text="x"))
    assert passage_of(Candidate(article_id=BRIDGE.id, number=1, score=1.0, statements=(99,)), reader) is None
    assert "were not found again" in caplog.text


def test_a_true_statement_is_shown_without_its_tampered_neighbour(caplog):
    first = WHOLE.quotes[0]
    reader = Reader(corpus=Tampered(number=2, text="Nothing of it is left."))
    passage = passage_of(Candidate(article_id=BRIDGE.id, number=first.paragraph, score=1.0, statements=(0, 1)), reader)
    assert passage.quotes[0].content == first.content
    assert passage.answering == 1
    assert caplog.records


def test_a_quote_without_words_is_never_true():
    assert not is_true(BRIDGE, replace(WHOLE.quotes[0], content=()))


def test_an_empty_span_is_never_true():
    quote = WHOLE.quotes[0]
    empty = replace(quote.content[0], end=quote.content[0].start, text="")
    assert not is_true(BRIDGE, replace(quote, content=(empty,)))


def test_a_paragraph_that_is_missing_makes_it_untrue():
    other = replace(BRIDGE, paragraphs=(Paragraph(article_id="bridge", number=9, text="x"),))
    assert not is_true(other, WHOLE.quotes[0])
