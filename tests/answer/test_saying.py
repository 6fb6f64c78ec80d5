"""What somebody said without a topic: all of it, or what they put in the way that the question asks for."""

import pytest

from tests.answer.builders import a_library, an_article, ask, said_by

FERRY = an_article(
    "ferry",
    "Mayor Marsh on the ferry",
    "Months after she spoke of a promise, Mayor Ada Marsh met the ferry crews on Friday.",
    "“The crews are tired,” Marsh said.",
    "Mayor Ada Marsh promised that the ferry would sail all winter. “It costs money,” Marsh said.",
    "Mayor Ada Marsh denied that the crews had asked for less work.",
)


LATER = an_article(
    "later",
    "A second promise",
    "A promise is a promise, Marsh said of her first one. “I keep it,” Marsh said.",
    "Mayor Ada Marsh vowed to paint the ferry red.",
    "Mayor Ada Marsh hopes that the painters will come.",
    published="2024-06-20",
)


@pytest.fixture
def library(tmp_path):
    return a_library(tmp_path, FERRY, LATER)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("what did Ada Marsh promise?", ["to paint the ferry red", "that the ferry would sail all winter"]),
        ("what has the mayor denied?", ["that the crews had asked for less work"]),
        ("what does Marsh hope?", ["that the painters will come"]),
    ],
)
def test_what_somebody_promised_or_denied_is_what_was_put_so_newest_first(library, question, words):
    answer = ask(library, question)
    assert [passage.quotes[0].content[0].text for passage in answer.passages] == words


def test_where_nothing_was_put_so_all_that_somebody_said_is_shown(library):
    answer = ask(library, "what did Ada Marsh predict?")
    assert set(said_by(answer)) == {"Ada Marsh"}
    assert {passage.article.id for passage in answer.passages} == {"ferry", "later"}
    assert all(passage.quotes for passage in answer.passages)
