import pytest

from index.answer.overlap import NOTHING, Overlap
from index.answer.reading import Reader
from index.answer.terms import Terms
from tests.answer.builders import a_library, an_article, ask


def over(library, text, **more):
    return Overlap(terms=Terms.of(text, library.engine, **more), reader=Reader(corpus=library.corpus))


@pytest.mark.parametrize(
    ("topic", "text"),
    [
        ("citizens", "Every citizen may vote."),
        ("happiness", "They were happy; happiness followed."),
        ("Castañeda", "Señor Castañeda spoke."),
        ("castaneda", "Señor Castañeda spoke."),
        ("U.S. ferries", "The U.S. ferry left."),
        ("4,200 people", "Some 4,200 people came."),
        ("the won race", "She will win the race."),
    ],
)
def test_a_text_with_the_words_in_any_form_holds_them(library, topic, text):
    overlap = over(library, topic)
    assert overlap.share(overlap.text(text)) > 0.75


def test_another_word_for_the_same_counts_less_than_the_word(library):
    overlap = over(library, "explosion")
    assert 0 < overlap.share(overlap.text("a blast")) < overlap.share(overlap.text("an explosion")) == 1


def test_a_word_of_one_family_counts_less_than_the_word(library):
    overlap = over(library, "citizens")
    assert 0 < overlap.share(overlap.text("citizenship")) < 1


def test_words_side_by_side_are_a_row_with_only_stop_words_between(library):
    overlap = over(library, "tax nurses")
    assert overlap.text("a tax on nurses").row
    assert not overlap.text("a tax hurts some nurses").row


def test_a_paragraph_that_is_not_there_holds_nothing(library):
    overlap = over(library, "bridge")
    assert overlap.paragraph("bridge", 99) == NOTHING
    assert overlap.paragraph("gone", 1) == NOTHING
    assert overlap.title("gone") == NOTHING
    assert overlap.article("gone") == NOTHING
    assert overlap.share(overlap.title("bridge")) == 1


def test_no_topic_is_wholly_held(library):
    overlap = over(library, "")
    assert overlap.share(overlap.text("anything")) == 1


def test_what_was_carried_over_and_hinted_is_searched_lightly(library):
    terms = Terms.of("tolls", library.engine, hints="defend", carried="ferries")
    assert terms.weights["toll"] == 1
    assert 0 < terms.weights["defend"] < 1
    assert 0 < terms.weights["ferri"] < 1
    assert set(terms.idf) == {"toll"}


def test_the_kind_of_thing_asked_for_is_searched_lightly(library):
    terms = Terms.of("which country closed its bridge", library.engine)
    assert terms.weights["countri"] < 1
    assert "countri" not in terms.idf


def test_hostile_questions_are_answered_without_a_crash(library):
    for text in (
        "?",
        "who said",
        "did",
        "what did say about",
        "(((",
        "\ud800",
        "a" * 900,
        "١٢٣ ½ ²",
        "what did \x00 say",
    ):
        ask(library, text, "and?", text)


def test_a_whole_article_holds_what_any_of_its_lines_holds_foreign_letters_or_not(tmp_path):
    article = an_article("cafe", "Harbour café shut", "The café on the quay is shut.", "A storm took its roof.")
    overlap = over(a_library(tmp_path / "home", article), "cafe roof quay")
    assert overlap.share(overlap.article("cafe")) == 1


def test_words_are_found_in_capitals_and_not_within_others():
    terms = Terms(weights={}, idf={"port": 1.0, "usa": 1.0, "4200": 1.0})
    overlap = Overlap(terms=terms, reader=None)
    assert overlap.text("PORTS of the U.S. took 4,200.").terms == {"port", "usa", "4200"}
    assert not overlap.text("An airport reports; versus 14,200 tons.").terms
