from index.errors import StoreError
from index.model import Speaker
from index.storage.records import StoredArticle
from tests.bot.library import FERRY, a_quote
from tests.bot.shown import text_of


async def test_speakers_lists_who_is_on_record(env, channel, ada):
    result = await ada.slash(channel, "speakers")
    shown = text_of(result.response.message)
    assert "**Maren Holt**, harbour master of Selby Quay · 2 statements in 1 article" in shown
    assert "**Otto Brandt**, mayor" in shown


async def test_speakers_takes_the_beginning_of_a_name(env, channel, ada):
    shown = text_of((await ada.slash(channel, "speakers", prefix="Otto")).response.message)
    assert "Otto Brandt" in shown
    assert "Maren Holt" not in shown


async def test_speakers_says_when_nobody_is_called_so(env, channel, ada):
    shown = text_of((await ada.slash(channel, "speakers", prefix="@everyone")).response.message)
    assert "Nobody like “\\@everyone” is on record." in shown


async def test_a_name_being_typed_is_completed_with_its_role(env, channel, ada):
    assert await ada.autocomplete(channel, "said", "speaker", "hol") == [
        {"name": "Maren Holt · harbour master of Selby Quay", "value": "maren-holt"}
    ]


async def test_suggestions_stay_within_discords_limits_whatever_the_names(env, channel, ada, library):
    quotes = [
        a_quote(FERRY, 1, "Nobody sails tonight", speaker=Speaker(id="x" * 99 + str(n), name=f"Name {n} " + "😀" * 90))
        for n in range(40)
    ]
    library.stored = (StoredArticle(article=FERRY, quotes=tuple(quotes)),)
    choices = await ada.autocomplete(channel, "said", "speaker", "Name")
    assert len(choices) == 10, "those whose id and name are too long to be chosen are left out"
    for choice in choices:
        assert 1 <= len(choice["name"].encode("utf-16-le")) // 2 <= 100
        assert 1 <= len(choice["value"].encode("utf-16-le")) // 2 <= 100


async def test_a_library_that_fails_disturbs_no_typing(env, channel, ada, library):
    library.failing = RuntimeError("gone")
    assert await ada.autocomplete(channel, "said", "speaker", "hol") == []


async def test_coverage_tells_what_is_on_record(env, channel, ada):
    shown = text_of((await ada.slash(channel, "coverage")).response.message)
    assert "The index covers 2 articles from 1 outlet" in shown
    assert "4 statements by 3 speakers in 3 paragraphs." in shown
    assert "The Selby Lamp · 1 article" in shown


async def test_a_topic_being_typed_is_completed_from_what_the_speaker_said(env, channel, ada):
    choices = await ada.autocomplete(channel, "said", "about", "pi", speaker="maren-holt")
    assert [choice["value"] for choice in choices] == ["the pier"]


async def test_without_a_speaker_topics_are_those_of_the_newest_articles(env, channel, ada):
    choices = await ada.autocomplete(channel, "said", "about", "ferry")
    assert [choice["name"] for choice in choices] == ["Ferry to stay in port"]


async def test_an_outlet_being_typed_is_completed(env, channel, ada):
    choices = await ada.autocomplete(channel, "said", "outlet", "lamp")
    assert [choice["value"] for choice in choices] == ["The Selby Lamp"]


async def test_words_that_discord_would_not_take_are_not_suggested(env, channel, ada, library):
    library.topics = lambda typed, speaker, limit: ("x" * 101, "", "bell\x07", *(f"topic {n}" for n in range(40)))
    choices = await ada.autocomplete(channel, "said", "about", "x")
    assert [choice["value"] for choice in choices] == [f"topic {n}" for n in range(25)]


async def test_topics_that_can_not_be_had_disturb_no_typing(env, channel, ada, library):
    library.failing = StoreError("The index can't be read.")
    assert await ada.autocomplete(channel, "said", "about", "x") == []
