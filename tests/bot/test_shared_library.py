"""The library is shared by all servers: who of which server may change it."""

import sys

import discord
import pytest

from bot.onrecord import Onrecord
from tests.bot.shown import buttons_of, text_of

CHANGES = {
    "reindex": {},
    "sources add": {"address": "https://lamp.example/feed.xml"},
    "sources remove": {"source": "lamp"},
    "sources check": {},
    "sources list": {},
    "aliases list": {},
    "forget article": {"article": "quay"},
    "forget speaker": {"speaker": "Maren Holt"},
    "aliases same": {"name": "Maren Holt", "other": "M. Holt"},
    "aliases different": {"name": "Maren Holt", "other": "Holt"},
    "aliases remove": {"name": "Holt"},
}
SHARED = (
    "Several servers share what I read, so nobody may list or change it from here until whoever runs me sets"
    " ONRECORD_ADMINS"
)
NAMED = "All servers share what I read, so only those whom ONRECORD_ADMINS names may list or change it."

every_change = pytest.mark.parametrize(("command", "options"), CHANGES.items(), ids=list(CHANGES))


@pytest.fixture
def chief(env, guild):
    role = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True, manage_channels=True))
    return guild.add_member(env.create_user("chief"), roles=[role])


@pytest.fixture
def name_admins(env, settings):
    def name(*people):
        ids = frozenset(person.id for person in people)
        env.bot.settings = settings.model_copy(update={"admins": ids})

    return name


@pytest.fixture
def touched(env, tmp_path):
    """A file that is there once anything was run on the library."""
    trace = tmp_path / "trace"
    script = f"import pathlib; pathlib.Path({str(trace)!r}).touch()"
    env.bot.onrecord = Onrecord([sys.executable, "-c", script])
    return trace


def refused(env, result):
    """What is said, to whoever asked alone, of a command that is refused."""
    assert len(env.errors) == 1
    assert result.ephemeral
    return text_of(result.response.message)


@every_change
async def test_in_several_servers_no_manager_may_unless_administrators_are_named(
    env, channel, chief, touched, command, options
):
    env.create_guild("Another newsroom")
    result = await chief.slash(channel, command, **options)
    assert SHARED in refused(env, result)
    assert not touched.exists()


@every_change
async def test_once_administrators_are_named_no_manager_may(
    env, channel, chief, name_admins, touched, command, options
):
    name_admins(env.create_user("boss"))
    result = await chief.slash(channel, command, **options)
    assert NAMED in refused(env, result)
    assert not touched.exists()


async def test_who_is_named_may_from_every_server_and_in_a_direct_message(env, channel, chief, name_admins):
    elsewhere = env.create_guild("Another newsroom")
    name_admins(chief.user)
    assert "Reindexed" in text_of((await chief.slash(channel, "reindex")).response.message)
    role = elsewhere.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    there = elsewhere.add_member(chief.user, roles=[role])
    desk = elsewhere.create_text_channel("desk")
    assert "Reindexed" in text_of((await there.slash(desk, "reindex")).response.message)
    assert "Reindexed" in text_of((await chief.user.slash("reindex")).response.message)


async def test_a_confirmation_is_refused_when_a_second_server_came_in_meanwhile(env, channel, chief, touched):
    asked = (await chief.slash(channel, "forget article", article="https://lamp.example/quay")).response.message
    env.create_guild("Another newsroom")
    forget = next(button for button in buttons_of(asked) if button.label == "Forget it")
    await chief.click(asked, custom_id=forget.custom_id)
    assert SHARED in text_of(channel.history(viewer=chief)[-1])
    assert not touched.exists()


async def test_with_several_shards_the_other_servers_are_not_known_so_no_manager_may(env, channel, chief, monkeypatch):
    monkeypatch.setattr(env.bot, "shard_count", 2)
    assert SHARED in refused(env, await chief.slash(channel, "reindex"))


async def test_what_is_a_servers_own_stays_with_its_managers(env, guild, channel, chief, name_admins):
    env.create_guild("Another newsroom")
    name_admins(env.create_user("boss"))
    for command in ("settings", "audit", "following"):
        shown = text_of((await chief.slash(channel, command)).response.message)
        assert "or change it" not in shown
        assert "Only people who" not in shown


@pytest.mark.parametrize(("command", "option"), [("sources remove", "source"), ("aliases remove", "name")])
async def test_nothing_is_suggested_to_those_who_may_not_list_it(env, channel, chief, command, option):
    env.create_guild("Another newsroom")
    assert await chief.autocomplete(channel, command, option, "") == []


async def test_a_refusal_stands_in_the_audit_of_the_server_where_it_happened_and_in_no_other(env, channel, chief):
    elsewhere = env.create_guild("Another newsroom")
    refused(env, await chief.slash(channel, "reindex"))
    assert "**reindex**" in text_of((await chief.slash(channel, "audit")).response.message)
    role = elsewhere.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    neighbour = elsewhere.add_member(env.create_user("neighbour"), roles=[role])
    audit = await neighbour.slash(elsewhere.create_text_channel("desk"), "audit")
    assert "Nothing was done here yet." in text_of(audit.response.message)
