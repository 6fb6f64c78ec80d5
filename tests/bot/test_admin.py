import asyncio
import sys
from contextlib import suppress

import discord
import pytest

from bot.reindexing import Reindexing
from tests.bot.conftest import PATIENT, REPORT
from tests.bot.shown import text_of


@pytest.fixture
def chief(env, guild):
    role = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(env.create_user("chief"), roles=[role])


async def meanwhile(env, action, shown, words):
    """Acts while the bot is still busy with something else, and waits until what is shown holds the words.

    The simulation would wait until the bot is idle, which it isn't.
    """
    env.settle_timeout = 0.3
    with suppress(TimeoutError):
        await action
    env.settle_timeout = PATIENT
    async with asyncio.timeout(60):
        while not any(words in text_of(message) for message in shown()):  # noqa: ASYNC110 - another process acts
            await asyncio.sleep(0.02)
    return next(message for message in shown() if words in text_of(message))


async def test_a_reindex_reports_to_the_administrator_alone_with_each_failure_and_its_reason(env, channel, chief):
    result = await chief.slash(channel, "reindex")
    assert result.ephemeral
    shown = text_of(result.response.message)
    assert "**2** added · **0** changed · 1 unchanged · 0 removed" in shown
    assert "seeds/a.txt – it is empty" in shown


async def test_discord_hides_the_command_from_members(env, channel, ada):
    assert "reindex" not in ada.available_commands(channel)


async def test_a_member_whom_the_server_lets_through_is_still_refused(env, channel, guild, ada):
    command = next(c for c in await env.bot.tree.fetch_commands() if c.name == "reindex")
    guild.set_command_permissions(command, {ada: True})
    result = await ada.slash(channel, "reindex")
    assert len(env.errors) == 1
    assert result.ephemeral
    assert "Only people who may manage this server" in text_of(result.response.message)


async def test_a_named_administrator_may_reindex_in_a_direct_message(env, settings):
    boss = env.create_user("boss")
    object.__setattr__(env.bot, "settings", settings.model_copy(update={"admins": frozenset({boss.id})}))
    result = await boss.slash("reindex")
    assert "Reindexed" in text_of(result.response.message)


async def test_anybody_else_is_refused_in_a_direct_message(env):
    result = await env.create_user("eve").slash("reindex")
    assert len(env.errors) == 1
    assert result.ephemeral
    assert "Only people who may manage this server" in text_of(result.response.message)


class TestWhileAReindexRuns:
    @pytest.fixture
    def reindex_script(self, tmp_path):
        go = tmp_path / "go"
        return f"""
import pathlib, time
print('{{"event": "progress", "done": 3, "total": 8, "item": "seeds/*b*.txt"}}', flush=True)
while not pathlib.Path({str(go)!r}).exists(): time.sleep(0.02)
print({REPORT!r})
"""

    async def test_progress_is_shown_a_second_is_refused_and_questions_are_answered(
        self, env, channel, chief, ada, tmp_path
    ):
        def to_chief():
            return channel.history(viewer=chief)

        reading = "Reading the sources: 3 of 8\n-# seeds/\\*b\\*.txt"
        progress = await meanwhile(env, chief.slash(channel, "reindex"), to_chief, reading)
        await meanwhile(env, chief.slash(channel, "reindex"), to_chief, "running already (3 of 8); one at a time")
        question = ada.slash(channel, "ask", question="what did Holt say?")
        await meanwhile(env, question, lambda: channel.history(viewer=ada), "“Nobody sails")
        (tmp_path / "go").touch()
        await env.settle()
        assert "**2** added" in text_of(message_by_id(channel, chief, progress.id))


def message_by_id(channel, viewer, message_id):
    return next(m for m in channel.history(viewer=viewer) if m.id == message_id)


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("import os; os.kill(os.getpid(), 9)", "stopped with exit code -9 and no report"),
        ("import sys; sys.exit('no space left')", "no report: no space left"),
        ("""print('{"event": "error", "message": "the disk is full"}')""", "The reindex failed: the disk is full"),
        ("print('[1]'); print('not json')", "stopped with exit code 0 and no report"),
        ("""print('{"event": "report", "sources": 3}')""", "a report that can't be read"),
        ("print('x' * 5_000_000)", "a report that can't be read"),
    ],
)
class TestAReindexThatGoesWrong:
    @pytest.fixture
    def reindex_script(self, script):
        return script

    async def test_is_explained_in_words(self, env, channel, chief, script, words):
        result = await chief.slash(channel, "reindex")
        assert words in text_of(result.response.message)


class TestAReindexThatCanNotStart:
    @pytest.fixture
    def reindexing(self):
        return Reindexing(["/nowhere/at/all"])

    async def test_is_explained_in_words(self, env, channel, chief):
        result = await chief.slash(channel, "reindex")
        assert "could not start: No such file or directory" in text_of(result.response.message)


async def test_an_outcome_that_comes_too_late_for_an_edit_goes_out_as_a_direct_message(env, channel, chief):
    env.inject_error("PATCH", "/webhooks/*", status=404)
    await chief.slash(channel, "reindex")
    assert "**2** added" in text_of(chief.user.dm_channel.last_message)


async def test_a_stop_ends_a_running_reindex(tmp_path):
    ready = tmp_path / "ready"
    script = f"import pathlib, time; pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    reindexing = Reindexing([sys.executable, "-c", script])
    await reindexing.stop()
    run = asyncio.create_task(reindexing.run(print))
    while not ready.exists():  # noqa: ASYNC110 - another process makes it
        await asyncio.sleep(0.02)
    await reindexing.stop()
    with pytest.raises(Exception, match="exit code -15"):
        await run
    assert reindexing.progress is None
