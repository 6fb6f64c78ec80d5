import asyncio
import json
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import discord
import pytest

from bot.commands.sourcing import sources_card
from bot.onrecord import Onrecord
from bot.watching import Watching
from index.storage.records import SourceState
from tests.bot.limits import assert_inert, assert_within_limits, text_of_card
from tests.bot.newsroom import a_library
from tests.bot.shown import text_of

NOON = datetime(2024, 3, 14, 12, tzinfo=UTC)
LAMP = SourceState(
    name="https://lamp.example/feed",
    kind="feed",
    title="The Selby Lamp",
    articles=12,
    statements=30,
    last_success=NOON,
    next_poll=NOON + timedelta(minutes=5),
)
BROKEN = replace(LAMP, last_error="the server answered 500", failures=3)
REPORT = json.dumps({"event": "report", "sources": ["x"], "added": 4, "articles": 16, "statements": 33, "removed": 2})


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "library"))
    library, _ = a_library(tmp_path)
    yield library
    library.close()


@pytest.fixture
def chief(env, guild):
    role = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(env.create_user("chief"), roles=[role])


@pytest.fixture
def script(tmp_path):
    ran = str(tmp_path / "ran")
    return f"import pathlib, sys; pathlib.Path({ran!r}).write_text(repr(sys.argv[1:])); print({REPORT!r})"


@pytest.fixture
async def bot(make_bot, script):
    made = make_bot(onrecord=Onrecord([sys.executable, "-c", script], pause=0.0))
    yield made
    await made.close()


@pytest.fixture
def configure(library):
    """Makes these the configured sources."""

    def configured(*states):
        with library.store.write() as writer:
            writer.set_sources(states)
            writer.commit()

    return configured


def last(channel, person):
    return text_of(channel.history(viewer=person)[-1])


async def test_the_list_shows_each_sources_health_those_that_fail_first(env, channel, chief, configure):
    other = replace(LAMP, name="https://wire.example/feed", title=None, next_poll=None, last_success=None, articles=1)
    configure(other, BROKEN)
    result = await chief.slash(channel, "sources list")
    assert result.ephemeral
    shown = text_of(result.response.message)
    assert shown.index("⚠️ **The Selby Lamp (https\\://lamp.example/feed)**") < shown.index("wire.example")
    assert "-# feed · 12 articles, 30 statements · read <t:1710417600:R>, next <t:1710417900:R>" in shown
    assert "-# the server answered 500" in shown
    assert "-# feed · 1 article, 30 statements · never read" in shown
    assert "2 sources, 1 failing" in shown


async def test_a_source_is_added_by_its_address(env, channel, chief, tmp_path):
    await chief.slash(channel, "sources add", address="lamp.example/feed")
    assert (tmp_path / "ran").read_text() == "['add', '--json', '--', 'https://lamp.example/feed']"
    assert "**4** added" in last(channel, chief)
    audit = text_of((await chief.slash(channel, "audit")).response.message)
    assert "**sources add** lamp.example/feed\n-# added, 4 articles" in audit


@pytest.mark.parametrize(
    ("address", "words"),
    [("/etc/passwd", "That is no address"), ("file:///etc/passwd", "Only http and https are read from here")],
)
async def test_what_is_no_address_of_the_web_is_not_added(env, channel, chief, tmp_path, address, words):
    await chief.slash(channel, "sources add", address=address)
    assert len(env.errors) == 1
    assert words in last(channel, chief)
    assert not (tmp_path / "ran").exists()


class TestASourceThatTellsWhatWasFound:
    @pytest.fixture
    def script(self):
        found = {"event": "source", "outcome": "added", "message": "A *feed*: The Selby Lamp, 12 items."}
        return f"print({json.dumps(found)!r}); print({REPORT!r})"

    async def test_is_added_with_those_words(self, env, channel, chief):
        await chief.slash(channel, "sources add", address="https://lamp.example/feed")
        assert "A \\*feed\\*: The Selby Lamp, 12 items." in last(channel, chief)
        assert "**4** added" in last(channel, chief)


async def test_a_source_is_removed_by_its_title_or_address(env, channel, chief, configure, tmp_path):
    configure(LAMP)
    suggested = await chief.autocomplete(channel, "sources remove", "source", "lamp")
    assert suggested == [{"name": "The Selby Lamp (https://lamp.example/feed)", "value": LAMP.name}]
    await chief.slash(channel, "sources remove", source="the selby lamp")
    assert (tmp_path / "ran").read_text() == "['remove', '--json', '--', 'https://lamp.example/feed']"
    await chief.slash(channel, "sources remove", source="the selby lamp", articles=True)
    assert (tmp_path / "ran").read_text() == "['remove', '--json', '--articles', '--', 'https://lamp.example/feed']"
    assert "is read no more. 2 articles went with it." in last(channel, chief)
    await chief.slash(channel, "sources remove", source="nobody")
    assert len(env.errors) == 1
    assert "There is no such source" in last(channel, chief)


async def test_a_check_reads_all_sources_now(env, channel, chief, configure):
    configure(LAMP)
    await chief.slash(channel, "sources check")
    assert "1 source" in last(channel, chief)
    audit = text_of((await chief.slash(channel, "audit")).response.message)
    assert "**sources check**\n-# 0 of 1 source fail" in audit


async def test_members_may_neither_list_nor_add(env, guild, channel, ada, tmp_path):
    command = next(c for c in await env.bot.tree.fetch_commands() if c.name == "sources")
    guild.set_command_permissions(command, {ada: True})
    await ada.slash(channel, "sources list")
    await ada.slash(channel, "sources add", address="https://lamp.example/feed")
    assert len(env.errors) == 2
    assert all("Only people who may manage" in text_of(m) for m in channel.history(viewer=ada))
    assert not (tmp_path / "ran").exists()


class TestASourceThatFails:
    async def test_is_told_once_in_the_channel_for_it_and_once_when_it_recovers(
        self, env, guild, channel, chief, configure
    ):
        await chief.slash(channel, "settings", **{"admin-channel": channel})
        assert f"**Sources that fail**, and passages that are reported, are told of in <#{channel.id}>." in last(
            channel, chief
        )
        configure(replace(BROKEN, failures=2))
        await env.bot.watching.look()
        assert channel.history() == []
        configure(BROKEN)
        for _ in range(3):
            await env.bot.watching.look()
        (told,) = channel.history()
        assert "**The Selby Lamp (https\\://lamp.example/feed)** can't be read: the server answered 500" in text_of(
            told
        )
        configure(replace(BROKEN, last_error=None, failures=0))
        await env.bot.watching.look()
        await env.bot.watching.look()
        assert len(channel.history()) == 2
        assert "can be read again" in text_of(channel.history()[-1])

    async def test_stands_in_the_audit_where_no_channel_is_named_or_it_is_gone(
        self, env, guild, channel, chief, configure
    ):
        configure(BROKEN)
        await env.bot.watching.look()
        assert channel.history() == []
        audit = text_of((await chief.slash(channel, "audit")).response.message)
        assert "I · **source** The Selby Lamp (https\\://lamp.example/feed)\n-# the server answered 500" in audit
        await chief.slash(channel, "settings", **{"admin-channel": channel})
        env.inject_error("POST", f"/channels/{channel.id}/messages", status=403)
        configure(replace(BROKEN, last_error=None, failures=0))
        await env.bot.watching.look()
        audit = text_of((await chief.slash(channel, "audit")).response.message)
        assert "it can be read again" in audit

    async def test_is_told_to_named_administrators_alone_where_several_servers_share_it(
        self, env, guild, channel, chief, configure, settings
    ):
        boss = env.create_user("boss")
        env.bot.settings = settings.model_copy(update={"admins": frozenset({boss.id})})
        await chief.slash(channel, "settings", **{"admin-channel": channel})
        env.create_guild("Another newsroom")
        configure(BROKEN)
        await env.bot.watching.look()
        assert "can't be read: the server answered 500" in text_of(boss.dm_channel.last_message)
        assert channel.history() == []
        assert "source" not in text_of((await chief.slash(channel, "audit")).response.message)

    async def test_and_is_removed_is_told_of_no_more(self, env, channel, chief, configure):
        configure(BROKEN)
        await env.bot.watching.look()
        configure()
        await env.bot.watching.look()
        configure(LAMP)
        await env.bot.watching.look()
        audit = text_of((await chief.slash(channel, "audit")).response.message)
        assert audit.count("**source**") == 1


class TestPolling:
    @pytest.fixture
    def script(self, tmp_path):
        return f"""
import pathlib, sys, time
ran = pathlib.Path({str(tmp_path / "polls")!r})
with ran.open("a") as file: file.write(" ".join(sys.argv[1:]) + "\\n")
print('{{"event": "polled"}}', flush=True)
if not pathlib.Path({str(tmp_path / "steady")!r}).exists(): sys.exit("onrecord: no network")
time.sleep(60)
"""

    async def until(self, condition):
        async with asyncio.timeout(60):
            while not condition():  # noqa: ASYNC110 - another process acts
                await asyncio.sleep(0.02)

    async def test_runs_while_there_is_a_feed_again_when_it_ended_and_is_stopped(
        self, make_bot, configure, tmp_path, script
    ):
        polls = tmp_path / "polls"
        bot = make_bot(onrecord=Onrecord([sys.executable, "-c", script]))
        watching = bot.watching
        watching.start(every=0.03)
        await asyncio.sleep(0.2)
        assert not polls.exists()
        configure(LAMP)
        await self.until(lambda: polls.exists() and polls.read_text().count("watch --json") >= 2)
        (tmp_path / "steady").touch()
        await self.until(lambda: watching.running)
        configure()
        await self.until(lambda: not watching.running)
        await bot.close()
        assert not watching.running

    async def test_is_left_to_others_where_the_setting_says_so_or_they_do_it_already(self, bot, configure):
        configure(LAMP)

        class Taken:
            def claim(self, name, seconds):
                return False

        class Free:
            def claim(self, name, seconds):
                return True

        assert not await Watching(bot, Taken(), Free(), polls=True).look()
        assert not await Watching(bot, Free(), Free(), polls=False).look()
        assert await Watching(bot, Free(), Taken(), polls=True).look()


def test_a_list_is_inert_and_within_the_limits_whatever_the_sources_are_called():
    hostile = "@everyone **[x](http://y)** `" + "*" * 500
    many = [replace(BROKEN, name=f"{n}{hostile}", title=hostile, last_error=hostile) for n in range(40)]
    card = sources_card(many)
    assert_within_limits(card)
    assert_within_limits(card, "embeds")
    text = text_of_card(card).replace("<t:1710417600:R>", "").replace("<t:1710417900:R>", "")
    assert_inert(text)
    assert "40 sources, 40 failing; the first 10 are shown" in text
    assert "Nothing is read yet." in text_of_card(sources_card([]))
