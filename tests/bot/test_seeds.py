"""The bot over the real library and the sample articles."""

from datetime import date
from pathlib import Path

import pytest

from bot.followups import as_question
from index.app import open_library
from tests.bot.shown import buttons_of, text_of
from tests.kept import settings_for

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    home = tmp_path_factory.mktemp("library")
    library = open_library(settings_for(home, sources=str(SEEDS)), today=lambda: date(2024, 12, 1))
    library.reindex(progress=lambda _: None)
    yield library
    library.close()


@pytest.fixture
def library(real):
    return real


async def test_what_nauert_said_is_answered_with_her_words_and_nobody_elses(env, channel, ada):
    await ada.send(channel, f"{env.bot.user.mention} what did Nauert say?")
    shown = text_of(channel.last_message)
    assert "-# What Heather Nauert said" in shown
    assert "> “Kim Jong Un is not showing any level of seriousness" in shown
    assert "without precondition" not in shown
    assert "doing itself no favors" not in shown
    names = [line for line in shown.split("\n") if line.startswith("**")]
    assert set(names) == {"**Heather Nauert**, State Department spokeswoman"}


async def test_nobody_by_that_name_is_said_so_with_what_is_covered(env, channel, ada):
    shown = text_of((await ada.slash(channel, "ask", question="what did Merkel say?")).response.message)
    assert "Nobody called “Merkel” is on record." in shown
    assert shown.count("The index covers") == 1


async def test_a_speaker_chosen_from_the_suggestions_is_found_by_id(env, channel, ada):
    choice = (await ada.autocomplete(channel, "said", "speaker", "nuert"))[0]
    assert choice["name"].startswith("Heather Nauert")
    result = await ada.slash(channel, "said", speaker=choice["value"], about="talks")
    assert "-# What Heather Nauert said about talks" in text_of(result.response.message)


async def test_a_reply_carries_the_speaker_over(env, channel, ada):
    await ada.send(channel, f"{env.bot.user.mention} what did Mayor Calder say about the toll?")
    await ada.send(
        channel, f"{env.bot.user.mention} and what did she say about the ferry?", reply_to=channel.last_message
    )
    assert "-# What Ines Calder said about the ferry" in text_of(channel.last_message)


async def test_both_sides_of_a_comparison_are_on_the_first_page_and_pages_turn(env, channel, ada):
    await ada.send(channel, f"{env.bot.user.mention} what did Voss and Calder say about the toll?")
    first = text_of(channel.last_message)
    assert "**Dorothea Voss**" in first
    assert "**Ines Calder**" in first
    turn = next(button for button in buttons_of(channel.last_message) if button.label == "Next ›")
    await ada.click(channel.last_message, custom_id=turn.custom_id)
    second = text_of(channel.last_message)
    assert "6–10 of " in second
    assert not {line for line in first.split("\n") if line.startswith("> ")} & set(second.split("\n"))


async def test_every_link_leads_to_the_sentence(env, channel, ada):
    await ada.send(channel, f"{env.bot.user.mention} what did Mayor Calder say about the toll?")
    assert "](https://" in text_of(channel.last_message)
    assert "#:~:text=" in text_of(channel.last_message)


async def test_a_verdict_is_given_on_words(env, channel, ada):
    result = await ada.slash(
        channel, "did-say", speaker="Heather Nauert", words="not showing any level of seriousness about sitting down"
    )
    assert "**Yes, word for word.**" in text_of(result.response.message)


@pytest.mark.parametrize(
    "question",
    [
        "what did Nauert say about talks?",
        "what did Voss and Calder say about the toll?",
        'who said "a bridge you cannot afford to cross"?',
        'did Calder say "no toll"?',
        "who spoke about the toll?",
        "why is the bridge closed?",
        "what did Mayor Calder say about the toll over time?",
        "what did Calder say about the toll in May 2024?",
        "what did Calder say about the toll in 2024?",
        "what did Calder say about the toll since May 2024?",
        "what did Calder say about the toll on 21 May 2024?",
    ],
)
def test_the_line_as_understood_is_understood_again_in_the_same_way(real, question):
    once = real.ask(question)
    again = real.ask(as_question(once.understood))
    assert again.understood == once.understood
    assert again.intent is once.intent
    assert [p.citation for p in again.passages] == [p.citation for p in once.passages]


def test_a_stretch_of_days_without_a_name_keeps_its_beginning():
    assert as_question("What X said, 2 May 2024 to 9 May 2024, in Y") == "What X said since 2 May 2024, in Y"
