from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest

from index.answer.citations import cite, note_of
from index.model import Article, Paragraph, Span
from index.storage.records import Revision, StoredArticle


def an_article(url: str | None = "https://example.org/a#comments", published: str | None = "2024-06-05") -> Article:
    text = "“Not one brick will fall, and nobody - nobody, I say - will lose a night of sleep over it,” Ada Marsh said."
    paragraph = Paragraph(article_id="a", number=3, text=text)
    return Article(id="a", title="Bridge", outlet="Coast Wire", url=url, published=published, paragraphs=(paragraph,))


def a_span(article: Article, words: str) -> Span:
    text = article.paragraphs[0].text
    start = text.index(words)
    return Span(paragraph=3, start=start, end=start + len(words), text=words)


def test_the_label_names_outlet_day_and_paragraph() -> None:
    article = an_article()
    assert cite(article, article.paragraphs[0]).label == "Coast Wire, 5 June 2024, paragraph 3"


def test_a_short_sentence_stands_whole_in_the_fragment() -> None:
    article = an_article()
    url = cite(article, article.paragraphs[0], (a_span(article, "Ada Marsh said."),)).url
    assert url == "https://example.org/a#:~:text=Ada%20Marsh%20said"


def test_a_long_sentence_is_cited_by_its_first_and_last_words() -> None:
    article = an_article()
    said = a_span(
        article, "“Not one brick will fall, and nobody - nobody, I say - will lose a night of sleep over it,”"
    )
    url = cite(article, article.paragraphs[0], (said,)).url
    assert url is not None
    start, comma, end = url.partition("#:~:text=")[2].partition(",")
    assert comma == ","
    assert (unquote(start), unquote(end)) == ("Not one brick will fall,", "night of sleep over it")
    assert "-" not in start + end


@pytest.mark.parametrize("count", range(1, 14))
def test_first_and_last_words_stand_one_after_the_other_or_the_browser_finds_neither(count: int) -> None:
    words = [f"word{number}" for number in range(count)]
    paragraph = Paragraph(article_id="a", number=1, text=" ".join(words))
    url = cite(an_article(), paragraph).url
    assert url is not None
    named = unquote(url.partition("#:~:text=")[2]).replace(",", " ").split()
    assert named == sorted(set(named), key=words.index)


def test_without_an_address_the_citation_is_a_reference() -> None:
    article = an_article(url=None)
    citation = cite(article, article.paragraphs[0])
    assert citation.url is None
    assert citation.reference == "a#3"


def test_an_undated_article_without_outlet_is_cited_by_its_id() -> None:
    article = Article(
        id="bridge-story", title="t", paragraphs=(Paragraph(article_id="bridge-story", number=0, text="t"),)
    )
    assert cite(article, article.paragraphs[0]).label == "bridge-story, headline"


def test_the_note_says_that_the_publisher_took_the_article_back() -> None:
    taken = StoredArticle(article=an_article(), quotes=(), withdrawn="The count was wrong.")
    assert note_of(taken) == "Withdrawn by its publisher: The count was wrong."
    assert note_of(replace(taken, withdrawn="")) == "Withdrawn by its publisher."


def test_the_note_says_when_the_article_last_changed() -> None:
    first = Revision(content_hash="a", replaced=datetime(2024, 6, 6, 9, tzinfo=UTC))
    last = Revision(content_hash="b", replaced=datetime(2024, 6, 8, 9, tzinfo=UTC))
    changed = StoredArticle(article=an_article(), quotes=(), revisions=(first, last))
    assert note_of(changed) == "Changed since it first came in, last on 8 June 2024."


def test_an_article_that_stands_as_it_came_in_has_no_note() -> None:
    assert note_of(StoredArticle(article=an_article(), quotes=())) is None
