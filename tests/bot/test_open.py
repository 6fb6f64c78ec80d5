"""Channels in which every question is answered, and replies whose text the bot may not read."""

import discord
import pytest

from bot.checkup import look
from bot.guilds import Choices
from bot.settings import BotSettings
from index.errors import StoreError
from tests.bot.shown import text_of


@pytest.fixture
def settings():
    return BotSettings(_env_file=None, questions_per_minute=1000, message_content=True)


@pytest.fixture
def chief(env, guild):
    role = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(env.create_user("chief"), roles=[role])


@pytest.fixture
async def channel(env, guild):
    made = guild.create_text_channel("ask-here")
    await env.bot.chosen.choose(guild.id, Choices(open_channels=frozenset({made.id})))
    return made


async def test_a_question_is_answered_without_a_mention(env, channel, ada):
    asked = await ada.send(channel, "what did Holt say?")
    assert "**Maren Holt**" in text_of(channel.last_message)
    assert channel.last_message.reference.message_id == asked.id


@pytest.mark.parametrize("chatter", ["good morning", "Holt is at it again", "@everyone what did Holt say?"])
async def test_chatter_is_left_alone(env, channel, ada, library, chatter):
    await ada.send(channel, chatter)
    assert len(channel.history()) == 1
    assert library.asked == []


async def test_a_question_to_somebody_else_is_left_alone(env, channel, guild, ada, library):
    bo = guild.add_member(env.create_user("bo"))
    said = await bo.send(channel, "good morning")
    await ada.send(channel, f"{bo.mention} what did Holt say?")
    await ada.send(channel, "what did Holt say?", reply_to=said)
    assert library.asked == []


async def test_elsewhere_a_question_without_a_mention_is_left_alone(env, channel, guild, ada, library):
    other = guild.create_text_channel("other")
    await ada.send(other, "what did Holt say?")
    assert library.asked == []


async def test_a_question_in_a_thread_of_the_channel_is_answered(env, channel, ada):
    await env.bot.get_channel(channel.id).create_thread(name="more", type=discord.ChannelType.public_thread)
    (thread,) = channel.threads
    await ada.send(thread, "what did Holt say?")
    assert "**Maren Holt**" in text_of(thread.last_message)


async def test_an_edited_question_is_answered_anew_and_a_deleted_one_takes_its_answer_along(env, channel, ada):
    asked = await ada.send(channel, "what did Holt say?")
    await ada.edit(asked, "what did Brandt say?")
    assert "**Otto Brandt**" in text_of(channel.last_message)
    await ada.delete(asked)
    assert channel.history() == []


async def test_a_message_that_can_not_be_looked_at_is_left_alone(env, channel, ada, library, caplog):
    library.failing = StoreError("The index can't be read.")
    await ada.send(channel, "what did Holt say?")
    assert len(channel.history()) == 1
    assert "a message could not be looked at" in caplog.text


async def test_settings_names_open_channels_and_takes_them_out(env, guild, channel, chief, ada, library):
    other = guild.create_text_channel("other")
    shown = text_of((await chief.slash(channel, "settings", **{"open-channel": other})).response.message)
    assert f"**Every question**, also without a mention, is answered in <#{channel.id}>, <#{other.id}>." in shown
    await ada.send(other, "what did Holt say?")
    assert "**Maren Holt**" in text_of(other.last_message)
    await chief.slash(channel, "settings", **{"open-channel": other})
    shown = text_of((await chief.slash(channel, "settings", **{"open-channel": channel})).response.message)
    assert "is answered nowhere (`open-channel` names one)" in shown


async def test_an_open_channel_need_not_be_named_again_among_those_where_it_answers(env, guild, channel, chief, ada):
    other = guild.create_text_channel("other")
    await chief.slash(channel, "settings", channel=other)
    await ada.send(channel, "what did Holt say?")
    assert "**Maren Holt**" in text_of(channel.last_message)


async def test_limits_are_kept_for_a_person_and_for_a_channel(env, guild, channel, chief, ada):
    shown = text_of(
        (await chief.slash(channel, "settings", **{"person-limit": 2, "channel-limit": 3})).response.message
    )
    assert "one person may ask 2 questions, 3 in one channel" in shown
    bo = guild.add_member(env.create_user("bo"))
    for _ in range(3):
        await ada.send(channel, "what did Holt say?")
    assert "You ask faster than I look up" in text_of(channel.last_message)
    for _ in range(2):
        await bo.send(channel, "what did Holt say?")
    assert "This server limits the questions in a channel" in text_of(channel.last_message)
    shown = text_of((await chief.slash(channel, "settings", **{"channel-limit": 0})).response.message)
    assert "one person may ask 2 questions." in shown


async def test_check_asks_for_the_intent_that_the_setting_needs(env, guild):
    words = [finding.words for finding in [f async for f in look(env.bot)] if "Intents:" in finding.words]
    assert len(words) == 1
    assert "Message Content Intent" in words[0]


class TestWithoutTheIntent:
    @pytest.fixture
    def settings(self):
        return BotSettings(_env_file=None, questions_per_minute=1000)

    async def test_settings_explains_why_no_channel_can_be_named(self, env, channel, chief, guild):
        other = guild.create_text_channel("other")
        result = await chief.slash(channel, "settings", **{"open-channel": other})
        assert len(env.errors) == 1
        assert "Message Content Intent" in text_of(result.followups[-1].message)
        shown = text_of((await chief.slash(channel, "settings")).response.message)
        assert "nowhere: whoever runs me has not let me read messages" in shown

    async def test_a_question_without_a_mention_is_left_alone(self, env, channel, ada, library):
        await ada.send(channel, "what did Holt say?")
        assert library.asked == []

    async def test_only_so_many_people_are_remembered(self, bot, monkeypatch):
        monkeypatch.setattr("bot.client.MOST_TOLD", 2)
        assert [bot.told(user) for user in (1, 2, 1, 3, 4, 1)] == [False, False, True, False, False, False]
