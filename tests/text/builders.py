"""Builders that the tests of attribution share."""

from dataclasses import dataclass

from index.model import Article, Paragraph, Quote
from index.text.attribution import attribute
from index.text.reading import Sentence, read


@dataclass(frozen=True)
class Said:
    """A statement as a test compares it."""

    speaker: str | None
    words: str
    quote: Quote


def an_article(*paragraphs: str, title: str = "", **fields) -> Article:
    """An article of these paragraphs, numbered from 1; the title is paragraph 0."""
    texts = [title, *paragraphs]
    made = [Paragraph(article_id="a", number=number, text=text) for number, text in enumerate(texts) if number or title]
    return Article(id="a", title=title, paragraphs=tuple(made), **fields)


def said(*paragraphs: str, title: str = "", **fields) -> list[Said]:
    """The statements, plans and beliefs aside."""
    return [one for one in everything(*paragraphs, title=title, **fields) if not one.quote.attitude]


def everything(*paragraphs: str, title: str = "", **fields) -> list[Said]:
    """The statements, plans and beliefs among them."""
    quotes = attribute(an_article(*paragraphs, title=title, **fields))
    return [Said(q.speaker.name if q.speaker else None, " ".join(span.text for span in q.content), q) for q in quotes]


def pairs(*paragraphs: str, title: str = "", **fields) -> list[tuple[str | None, str]]:
    """Who said which words."""
    return [(one.speaker, one.words) for one in said(*paragraphs, title=title, **fields)]


def a_sentence(text: str) -> Sentence:
    """The first sentence of a text."""
    return read(1, 0, text).sentences[0]
