import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.analyzer import STOP_WORDS, analyze, analyzed, fold, stem, tokens
from index.text.remembering import Remembered


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("The talks were talked about", ["talk", "talk"]),
        ("Beyoncé’s café", ["beyonc", "cafe"]),
        ("$1,000 and 2.5%", ["1000", "2.5"]),
        ("don't won’t", ["dont", "wont"]),
        ("the mayor's", ["mayor"]),
        ("the workers' strike", ["worker", "strike"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_text_becomes_folded_stems_without_stop_words(text: str, terms: list[str]) -> None:
    assert analyze(text) == terms


@pytest.mark.parametrize("country", ["U.S.", "US", "U.S"])
def test_the_country_is_not_the_pronoun(country: str) -> None:
    assert analyze(f"the {country} and us") == ["usa"]


def test_an_abbreviation_is_found_with_or_without_stops() -> None:
    assert analyze("the U.N. council") == analyze("the UN council")


def test_tokens_keep_stop_words_and_order() -> None:
    assert tokens("He said: not now!") == ["he", "said", "not", "now"]


@given(st.text())
def test_every_term_is_folded_and_no_stop_word(text: str) -> None:
    for word in tokens(text):
        assert word
        assert word == fold(word)
        assert word not in analyze(word) or word not in STOP_WORDS


_PIECES = st.sampled_from(
    ["U.S.", "U.S", "a.b", "1,000", "2.5", "isn't", "Ann’s", "x", ".", ",", "'", "\x85", "\xa0", "\u2003", "é"]
)


@given(st.one_of(st.text(), st.lists(_PIECES | st.just(" ")).map("".join)))
def test_terms_are_the_stems_of_the_words_that_are_told_apart_in_the_whole_text(text: str) -> None:
    assert analyze(text) == [stem(word) for word in tokens(text) if word not in STOP_WORDS]


def test_threads_stem_alike() -> None:
    words = [f"running{n} talks{n}" for n in range(200)]
    expected = [analyze(w) for w in words]
    found: list[list[list[str]]] = []
    threads = [threading.Thread(target=lambda: found.append([analyze(w) for w in words])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 8


@given(st.text(alphabet=st.sampled_from("aB's.’ 1,é-")))
def test_joined_terms_are_the_same_terms(text: str) -> None:
    found = analyzed(text)
    assert isinstance(found, str)
    assert found.split() == analyze(text)
    assert found == " ".join(analyze(text))


def test_terms_that_hold_a_blank_stay_apart() -> None:
    ligature = "\ufdfa"  # one letter, folded four words
    (whole,) = analyze(ligature)
    assert " " in whole
    assert analyzed(f"Harbour {ligature} reopened") == ("harbour", whole, "reopen")
    assert analyze(f"Harbour {ligature} reopened") == ["harbour", whole, "reopen"]


def test_no_more_is_remembered_than_was_allowed() -> None:
    made = []
    known = Remembered(lambda word: made.append(word) or len(word), 2)
    assert [known[word] for word in ("a", "bb", "a", "ccc", "a")] == [1, 2, 1, 3, 1]
    assert made == ["a", "bb", "ccc", "a"]
    assert len(known) == 2
