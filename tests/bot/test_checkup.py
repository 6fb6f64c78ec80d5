import discord
import pytest

import bot.__main__ as command
from bot.checkup import PERMISSIONS, command_state, invitation, look
from bot.commands.asking import ask
from bot.commands.speakers import speakers
from bot.guilds import Choices


@pytest.fixture
async def findings(simcord_env):
    async def looked():
        return [finding async for finding in look(simcord_env.bot)]

    return looked


async def test_a_bot_in_no_server_is_told_the_address_that_adds_it(simcord_env, findings):
    found = [finding for finding in await findings() if not finding.well]
    assert "registered" in found[0].words
    assert "Run onrecord-bot --sync." in found[0].words
    assert "scope=bot+applications.commands" in found[1].words


async def test_everything_well_says_so(env, guild, findings):
    found = await findings()
    assert all(finding.well for finding in found)
    assert any("Server Newsroom: every permission is there" in finding.words for finding in found)


async def test_a_server_that_can_not_be_read_is_a_finding(env, guild, findings):
    env.inject_error("GET", f"/guilds/{guild.id}", status=403)
    assert any("its permissions can't be read" in finding.words for finding in await findings())


async def test_commands_that_are_no_longer_ours_are_named(bot):
    ours = [each.to_dict(bot.tree) for each in bot.tree.get_commands()]
    assert command_state(ours, ours).well
    assert "no longer ours: old" in command_state(ours, [*ours, {"name": "old"}]).words


async def test_commands_that_have_changed_since_they_were_registered_are_named(env, guild, findings, monkeypatch):
    monkeypatch.setattr(speakers, "description", "Other words.")
    monkeypatch.delitem(ask._params, "question")
    (found,) = [finding for finding in await findings() if not finding.well]
    assert found.words == "Commands: registered in an earlier form: ask, speakers. Run onrecord-bot --sync."


async def test_a_named_channel_that_takes_a_permission_away_is_a_finding(env, guild, channel, findings):
    overwrites = {guild.default_role: discord.PermissionOverwrite(send_messages=False, embed_links=False)}
    closed = guild.create_text_channel("closed", overwrites=overwrites)
    assert all(finding.well for finding in await findings())
    await env.bot.chosen.choose(guild.id, Choices(channels=frozenset({channel.id, closed.id})))
    (found,) = [finding for finding in await findings() if not finding.well]
    assert (
        "Server Newsroom: #closed, which was named for me, takes away Send Messages, Embed Links, Attach Files."
        in found.words
    )


def test_the_invitation_names_the_permissions_and_scopes():
    assert f"permissions={PERMISSIONS.value}" in invitation(5)


async def test_check_prints_each_finding_and_fails_when_one_needs_a_fix(simcord_env, capsys):
    assert await command._check(simcord_env.bot) == 1
    printed = capsys.readouterr().out
    assert printed.startswith("ok   Token: ")
    assert "FIX  Commands: not registered: Check this quote, Said on record, Who said this?, " in printed


async def test_check_succeeds_when_all_is_well(env, guild, capsys):
    assert await command._check(env.bot) == 0


async def test_sync_registers_the_commands_and_shows_the_invitation(simcord_env, capsys):
    assert await command._sync(simcord_env.bot) == 0
    printed = capsys.readouterr().out
    assert "/ask" in printed
    assert "https://discord.com/oauth2/authorize" in printed


async def test_what_is_registered_stays_within_discords_limits(env):
    for registered in await env.bot.tree.fetch_commands():
        assert 1 <= len(registered.name) <= 32
        if registered.type is discord.AppCommandType.chat_input:
            assert 1 <= len(registered.description) <= 100
        for option in registered.options:
            assert 1 <= len(option.description) <= 100


async def test_two_servers_without_named_administrators_are_a_finding(env, guild, findings):
    assert any("those with Manage Server in Newsroom may" in finding.words for finding in await findings())
    env.create_guild("Another newsroom")
    (found,) = [finding for finding in await findings() if not finding.well]
    assert "2 servers share the library" in found.words
    assert "Set ONRECORD_ADMINS" in found.words


async def test_named_administrators_are_well_in_any_number_of_servers(env, guild, findings, settings):
    env.create_guild("Another newsroom")
    env.bot.settings = settings.model_copy(update={"admins": frozenset({5})})
    found = await findings()
    assert all(finding.well for finding in found)
    assert any("ONRECORD_ADMINS names (1)" in finding.words for finding in found)
