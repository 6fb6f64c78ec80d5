from datetime import date
from pathlib import Path

import pytest

from index.app import open_library
from tests.kept import settings_for


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    seeds = Path(__file__).parents[2] / "seeds"
    made = open_library(
        settings_for(tmp_path_factory.mktemp("library"), sources=str(seeds)),
        today=lambda: date(2024, 12, 1),
    )
    made.reindex(progress=lambda _: None)
    yield made
    made.close()


@pytest.mark.parametrize(
    "text",
    [
        "what did Nauert say?",
        "What did Nauert say about talks",
        'who said "a bridge you cannot afford to cross"?',
        'did Calder say "no toll"?',
        "why is the bridge closed?",
        "compare Voss and Calder on the toll",
        "who spoke about the toll?",
        "how has Calder's view on the toll changed?",
        "what did Merkel say?",
        "so what did Calder tell us about the toll?!",
        "Nauert on talks?",
        "Calder's position on the toll?",
        "what is the toll?",
    ],
)
def test_a_question_for_the_index_is_one_whoever_it_is_addressed_to(library, text):
    assert library.asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "hi",
        "lol",
        "thanks!",
        "good morning everyone",
        "what's up?",
        "how are you?",
        "who's up for lunch?",
        "did you see the game last night?",
        "what time is it?",
        "how is it going?",
        "why?",
        "who said that?",
        "what did he say?",
        "what did you say?",
        "what do you think about the bridge?",
        "who wants coffee?",
        "I think Nauert is wrong",
        "Nauert on talks",
        "Calder said no toll",
        "that bridge again...",
        "what " * 400,
    ],
)
def test_chatter_is_no_question(library, text):
    assert not library.asks(text)


def test_after_an_answer_a_few_words_with_a_question_mark_ask_on(library):
    context = ("what did Voss say about the toll?",)
    assert library.asks("and Calder?", context=context)
    assert library.asks("why?", context=context)
    assert not library.asks("thanks!", context=context)
