import discord
import pytest

from bot.commands.aliasing import aliases_card
from index.people import Aliases
from tests.bot.limits import assert_inert, assert_within_limits, text_of_card
from tests.bot.newsroom import MAYOR, QUAY, a_library
from tests.bot.shown import text_of

KIN = {"id": "kin", "title": "Kin", "text": "Mara Hollister said that it snows."}


@pytest.fixture
def library(tmp_path, monkeypatch):
    monkeypatch.setenv("ONRECORD_HOME", str(tmp_path / "library"))
    monkeypatch.chdir(tmp_path)
    library, _ = a_library(tmp_path, QUAY, MAYOR, KIN)
    yield library
    library.close()


@pytest.fixture
def chief(env, guild):
    role = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(env.create_user("chief"), roles=[role])


def last(channel, person):
    return text_of(channel.history(viewer=person)[-1])


async def test_two_names_become_one_person_and_two_again(env, channel, chief, library):
    assert "Nothing is said of who is who." in text_of((await chief.slash(channel, "aliases list")).response.message)
    result = await chief.slash(channel, "aliases same", name="Maren Holt", other="Mara Hollister")
    assert result.ephemeral
    assert "**Maren Holt** = **Mara Hollister**" in last(channel, chief)
    assert {e.speaker.name: e.statements for e in library.speakers()} == {"Maren Holt": 3, "Otto Brandt": 1}
    assert await chief.autocomplete(channel, "aliases remove", "name", "hol") == [
        {"name": "Maren Holt", "value": "Maren Holt"},
        {"name": "Mara Hollister", "value": "Mara Hollister"},
    ]
    await chief.slash(channel, "aliases remove", name="Mara Hollister")
    assert "Nothing is said of who is who." in last(channel, chief)
    assert {e.speaker.name for e in library.speakers()} == {"Maren Holt", "Mara Hollister", "Otto Brandt"}
    audit = text_of((await chief.slash(channel, "audit")).response.message)
    assert "**aliases same** Maren Holt, Mara Hollister\n-# done" in audit
    assert "**aliases remove** Mara Hollister\n-# done" in audit


async def test_a_name_that_nobody_bears_is_noted_and_what_contradicts_is_refused(env, channel, chief):
    await chief.slash(channel, "aliases different", name="Otto Brandt", other="Odo Brand")
    assert "**Otto Brandt** ≠ **Odo Brand**\n-# Nobody called “Odo Brand” is on record now." in last(channel, chief)
    await chief.slash(channel, "aliases same", name="Otto Brandt", other="Odo Brand")
    assert len(env.errors) == 1
    assert "keep one of the two" in last(channel, chief)


async def test_members_may_not(env, guild, channel, ada):
    command = next(c for c in await env.bot.tree.fetch_commands() if c.name == "aliases")
    guild.set_command_permissions(command, {ada: True})
    await ada.slash(channel, "aliases list")
    await ada.slash(channel, "aliases same", name="Maren Holt", other="Mara Hollister")
    assert len(env.errors) == 2
    assert all("Only people who may manage" in text_of(m) for m in channel.history(viewer=ada))


def test_a_list_is_inert_and_within_the_limits_whatever_the_names_are():
    hostile = "@everyone **[x](http://y)** `" + "*" * 150
    told = Aliases(same=((hostile,) * 9,) * 20, different=((hostile, "b"),), in_article={("a", hostile): hostile})
    card = aliases_card(told, [hostile] * 9)
    assert_within_limits(card)
    assert_within_limits(card, "embeds")
    text = text_of_card(card)
    assert_inert(text)
    assert "7 more lines" in text
    assert "in a is **" in text_of_card(aliases_card(Aliases(in_article={("a", "b"): "c"})))
