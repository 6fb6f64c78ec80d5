"""Who said these words, and whether somebody did."""

import pytest

from index.model import Intent, Verdict
from tests.answer.builders import a_library, an_article, ask, said_by, shown


def test_who_said_finds_the_speaker_of_the_words(library):
    answer = ask(library, "who said not one brick")
    assert answer.intent is Intent.WHO_SAID
    assert answer.speaker.name == "Ada Marsh"
    assert shown(answer)[0] == "bridge#2"


def test_who_said_without_a_statement_falls_back_on_paragraphs(library):
    answer = ask(library, "who crossed to say that the promise goes with the subsidies")
    assert answer.found
    assert "opinion#2" in shown(answer)


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ('did ada marsh say "not one brick of the old pier will fall"', Verdict.WORD_FOR_WORD),
        ("did okoro say not one brick of the old pier will fall", Verdict.SAID_BY_OTHER),
        ("did marsh say the toll would pay for the bridge within nine years", Verdict.IN_SUBSTANCE),
        ('did okoro say "a tax on bridges"', Verdict.NOT_FOUND),
        ('did gerta brandt say "a tax on bridges"', Verdict.NOT_FOUND),
    ],
)
def test_whether_somebody_said_it_has_a_verdict(library, question, verdict):
    answer = ask(library, question)
    assert answer.verdict is verdict
    assert answer.found == (verdict is not Verdict.NOT_FOUND)


def test_somebody_elses_words_are_shown_with_whose_they_are(library):
    answer = ask(library, "did okoro say not one brick of the old pier will fall")
    assert answer.reason == "Not Ben Okoro in what I have: Ada Marsh said so."
    assert shown(answer)[0] == "bridge#2"


def test_who_said_shows_only_those_who_hold_the_words(tmp_path) -> None:
    article = an_article(
        "pier",
        "Pier closed",
        "Ada Marsh said she had read the audit twice, “the second time standing up.”",
        "Ben Okoro said it was time for a second ferry.",
        "“Nobody is standing still,” Lena Frost said.",
    )
    assert said_by(ask(a_library(tmp_path, article), "who said the second time standing up")) == ["Ada Marsh"]


def test_words_of_another_of_the_surname_are_theirs(tmp_path) -> None:
    boats = [f"Ada Marsh said boat number {n} was late." for n in range(9)]
    library = a_library(
        tmp_path,
        an_article("boats", "Late boats", *boats),
        an_article("eels", "Eels", "“Eels climb better than mayors,” said Cora Marsh, who keeps a smokehouse."),
    )
    answer = ask(library, 'did marsh say "eels climb better than mayors"')
    assert (answer.verdict, answer.speaker.name) == ("word_for_word", "Cora Marsh")
    assert ask(library, 'did ada marsh say "eels climb better than mayors"').verdict == "said_by_other"


def test_a_slip_in_the_name_of_who_said_the_words_is_read_over(tmp_path) -> None:
    article = an_article("eels", "Eels", "“Eels climb better than mayors,” said Corazon Delacroix, who smokes them.")
    answer = ask(a_library(tmp_path, article), 'did corazn delacoix say "eels climb better than mayors"')
    assert (answer.verdict, answer.speaker.name) == ("word_for_word", "Corazon Delacroix")


def test_after_who_said_he_is_the_one_who_was_found(library) -> None:
    answer = ask(library, "what else did he say?", "who called the toll that ada marsh wants a tax on nurses")
    assert answer.speaker.name == "Ben Okoro"
    woman = ask(library, "what did she say about bolts?", "who called the toll that ada marsh wants a tax on nurses")
    assert woman.speaker is None or woman.speaker.name != "Ben Okoro"
