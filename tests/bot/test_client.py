import asyncio

import discord
import pytest

from bot.client import NewsBot, intents
from bot.commands.speakers import speakers
from bot.pace import Pace
from bot.words import Refused, words_for
from index.errors import EmptyLibrary, LibraryBusy, SourceError, StoreError


def test_no_privileged_intent_is_asked_for():
    asked = intents()
    assert not asked.message_content
    assert not asked.members
    assert not asked.presences


async def test_no_message_of_the_bot_can_ping(bot):
    assert bot.allowed_mentions.to_dict() == {"parse": []}


async def test_a_stop_waits_for_answers_under_way(bot):
    async def answer():
        with bot.answering():
            await asyncio.sleep(0.05)
            done.append(True)

    done = []
    task = asyncio.create_task(answer())
    await asyncio.sleep(0)
    await bot.close()
    assert done == [True]
    await task


async def test_a_look_up_that_takes_too_long_is_given_up(bot, library, monkeypatch):
    monkeypatch.setattr("bot.client.PATIENCE", 0.01)
    library.gate.clear()
    with pytest.raises(TimeoutError) as raised:
        await bot.library(lambda shelf: shelf.coverage())
    library.gate.set()
    assert "took too long" in words_for(raised.value)
    await bot.close()


async def test_look_ups_do_not_hold_up_the_event_loop(bot, library):
    library.gate.clear()
    look_up = asyncio.create_task(bot.library(lambda shelf: shelf.coverage()))
    await asyncio.sleep(0.01)
    assert not look_up.done()
    library.gate.set()
    assert (await look_up).articles == 2
    await bot.close()


async def test_what_the_bot_keeps_for_itself_waits_for_no_look_up(bot, library):
    library.gate.clear()
    look_ups = [asyncio.create_task(bot.library(lambda shelf: shelf.coverage())) for _ in range(20)]
    await asyncio.sleep(0)
    assert await bot.off_loop(bot.ledger.choices) == {}
    assert not any(look_up.done() for look_up in look_ups)
    library.gate.set()
    await asyncio.gather(*look_ups)


async def test_closing_the_library_is_up_to_who_opened_it(bot, library):
    bot.close_library()
    assert library.closed


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (SourceError("a_b.txt", "it is *empty*"), "a\\_b.txt: it is \\*empty\\*"),
        (LibraryBusy("x"), "written to by another process"),
        (Refused("Please wait."), "Please wait."),
        (discord.app_commands.CheckFailure(), "may not use this command"),
        (discord.app_commands.CommandNotFound("old", []), "This command has changed"),
        (discord.app_commands.CommandInvokeError(speakers, TimeoutError()), "took too long"),
    ],
)
def test_each_error_has_its_words(error, words, monkeypatch):
    assert words in words_for(error)


def test_a_missing_permission_has_its_words():
    class Response:
        status, reason = 403, "Forbidden"

    assert "a permission is missing" in words_for(discord.Forbidden(Response(), "no"))


def test_the_pace_gives_each_person_their_own_allowance():
    clock = [0.0]
    pace = Pace(2, lambda: clock[0])
    assert [pace.wait("a"), pace.wait("a"), pace.wait("a"), pace.wait("b")] == [0, 0, 30, 0]
    clock[0] = 15
    assert pace.wait("a") == 15
    clock[0] = 30
    assert pace.wait("a") == 0


def test_the_pace_forgets_whom_it_need_not_remember():
    clock = [0.0]
    pace = Pace(5, lambda: clock[0])
    for who in range(1500):
        clock[0] += 1
        pace.wait(who)
    assert len(pace._left) <= 1001


async def test_an_explanation_that_comes_too_late_is_logged(env, channel, ada, library, caplog):
    library.failing = Refused("No.")
    env.inject_error("PATCH", "/webhooks/*", status=404)
    await ada.slash(channel, "ask", question="what did Holt say?")
    assert len(env.errors) == 1
    assert "an explanation could not be delivered" in caplog.text


async def test_a_client_is_made_of_what_it_is_given(bot):
    assert isinstance(bot, NewsBot)
    names = {command.name for command in bot.tree.get_commands()}
    assert {"ask", "said", "who-said", "did-say", "speakers", "coverage", "help", "reindex"} <= names


async def test_nothing_that_is_sent_or_edited_may_ping(env, guild, channel, ada):
    editors = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    chief = guild.add_member(env.create_user("chief"), roles=[editors])
    asked = await ada.send(channel, f"{env.bot.user.mention} what did Holt say?")
    await ada.edit(asked, f"{env.bot.user.mention} what did Brandt say?")
    await ada.click(channel.last_message, custom_id="context:ferry#2")
    await ada.slash(channel, "ask", question="what did @everyone say?")
    await chief.slash(channel, "reindex")
    await env.create_user("eve").slash("reindex")
    assert len(env.errors) == 1
    sent = [
        request.json.get("data", request.json)
        for request in env.http_requests
        if isinstance(request.json, dict) and "components" in str(request.json) and "/commands" not in request.path
    ]
    assert len(sent) >= 6
    for payload in sent:
        assert payload["allowed_mentions"]["parse"] == [], payload
        assert not payload["allowed_mentions"].get("replied_user")


class TestAnEmptyLibrary:
    @pytest.fixture
    def library(self, library):
        library.failing = EmptyLibrary("Nothing has been indexed yet.")
        return library

    async def test_is_filled_from_the_sources_when_the_bot_starts(self, bot, caplog):
        with caplog.at_level("INFO"):
            await bot.on_ready()
            await bot._first_reading
        assert "read for the first time: 3 articles" in caplog.text

    @pytest.mark.parametrize("reindex_script", ["import sys; sys.exit('no sources')"])
    async def test_says_in_the_log_why_it_stays_empty(self, bot, caplog, reindex_script):
        await bot.on_ready()
        await bot._first_reading
        assert "the first reading failed" in caplog.text


async def test_a_library_that_can_not_be_read_is_logged_at_the_start(bot, library, caplog):
    library.failing = StoreError("It is damaged.")
    await bot.on_ready()
    first = bot._first_reading
    await bot.on_ready()
    assert bot._first_reading is first, "a reconnect reads nothing again"
    await first
    assert "the library can't be read: It is damaged." in caplog.text
