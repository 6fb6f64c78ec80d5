"""Statements and paragraphs that are made when they are looked at."""

import pytest

from index.model import Paragraph, Quote, QuoteKind, Span
from index.storage.statements import Kept, Paragraphs, Statements


def a_quote(number):
    return Quote(kind=QuoteKind.DIRECT, content=(Span(paragraph=number, start=0, end=5, text="words"),))


def made_of(quotes, made):
    def make(place):
        made.append(place)
        return quotes[place]

    def within(number):
        return [place for place, quote in enumerate(quotes) if quote.content[0].paragraph == number]

    def load():
        made.append("loaded")
        speaking = [(quote.speaker, "") for quote in quotes]
        return Kept(count=len(quotes), make=make, within=within, speaking=lambda: speaking, speakers=list)

    return Statements(load)


def test_only_those_that_are_looked_at_are_made_and_each_once():
    made = []
    statements = made_of([a_quote(number) for number in range(5)], made)
    assert len(statements) == 5
    assert statements[3] is statements[3]
    assert statements[-2] is statements[3]
    assert made == ["loaded", 3]


def test_those_of_a_paragraph_are_made_alone():
    made = []
    statements = made_of([a_quote(1), a_quote(2), a_quote(1)], made)
    assert statements.within(1) == [a_quote(1), a_quote(1)]
    assert made == ["loaded", 0, 2]


def test_they_are_equal_to_a_tuple_of_the_same_ones():
    quotes = (a_quote(1), a_quote(2))
    statements = made_of(quotes, [])
    assert statements == quotes
    assert quotes == statements
    assert statements[:1] == quotes[:1]
    assert statements != quotes[:1]
    assert hash(statements) == hash(quotes)
    assert list(statements) == list(quotes)
    assert quotes[1] in statements
    assert repr(statements) == repr(quotes)


def test_a_place_beyond_the_end_is_an_error():
    statements = made_of([a_quote(1)], [])
    with pytest.raises(IndexError):
        statements[1]


def test_nothing_is_unpacked_before_one_is_looked_at():
    made = []
    statements = made_of([a_quote(1)], made)
    assert not made
    assert len(statements) == 1
    assert made == ["loaded"]


def test_paragraphs_are_made_when_they_are_looked_at_and_equal_a_tuple():
    paragraphs = Paragraphs("a", [[0, "Bridge closed"], [1, "It is closed."]])
    assert paragraphs[1] is paragraphs[1]
    assert paragraphs == tuple(Paragraph(article_id="a", number=n, text=paragraphs[n].text) for n in (0, 1))
    assert [each.text for each in paragraphs] == ["Bridge closed", "It is closed."]
    assert len(paragraphs) == 2
