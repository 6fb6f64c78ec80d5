import discord
import pytest

from bot.audit import KEPT_ENTRIES, KEPT_SECONDS, NOBODY, Audit, Deed
from bot.commands.auditing import audit_card
from bot.guilds import Ledger
from tests.bot.limits import assert_inert, assert_within_limits, text_of_card
from tests.bot.shown import buttons_of, text_of


@pytest.fixture
def chief(env, guild):
    role = guild.create_role("Editors", permissions=discord.Permissions(manage_guild=True))
    return guild.add_member(env.create_user("chief"), roles=[role])


async def test_an_audit_without_deeds_says_so(env, channel, chief):
    result = await chief.slash(channel, "audit")
    assert result.ephemeral
    assert "Nothing was done here yet." in text_of(result.response.message)


async def test_deeds_stand_newest_first_and_pages_are_turned(env, guild, channel, chief):
    for number in range(11):
        env.bot.audit.note(guild.id, Deed(who=chief.user.id, action="follow", subject=f"n{number}", result="done"))
    env.bot.audit.note(guild.id + 1, Deed(who=1, action="elsewhere"))
    first = (await chief.slash(channel, "audit")).response.message
    assert "n10\n-# done" in text_of(first)
    assert "n2" not in text_of(first)
    assert "elsewhere" not in text_of(first)
    assert "1–8 of 11 deeds" in text_of(first)
    (older,) = buttons_of(first)
    await chief.click(first, custom_id=older.custom_id)
    second = channel.history(viewer=chief)[-1]
    assert "9–11 of 11 deeds" in text_of(second)
    (newer,) = buttons_of(second)
    await chief.click(second, custom_id=newer.custom_id)
    assert "1–8 of 11 deeds" in text_of(channel.history(viewer=chief)[-1])


async def test_a_reindex_stands_in_the_audit(env, channel, chief):
    await chief.slash(channel, "reindex")
    audit = text_of((await chief.slash(channel, "audit")).response.message)
    assert "**reindex**\n-# 2 added, 0 changed, 0 removed" in audit


def test_the_newest_thousand_of_a_server_are_kept_for_a_year(tmp_path):
    clock = [0.0]
    audit = Audit(Ledger(tmp_path / "bot.sqlite3", now=lambda: clock[0]))
    for number in range(KEPT_ENTRIES + 5):
        audit.note(1, Deed(who=1, action="a", subject=str(number)))
    audit.note(2, Deed(who=1, action="other"))
    deeds, count = audit.page(1, limit=2)
    assert (count, [deed.subject for deed in deeds]) == (KEPT_ENTRIES, ["1004", "1003"])
    assert audit.page(2)[1] == 1
    clock[0] = KEPT_SECONDS + 1.0
    audit.note(2, Deed(who=1, action="late"))
    assert audit.page(1)[1] == 0
    assert [deed.action for deed in audit.page(2)[0]] == ["late"]


async def test_a_ledger_that_can_not_be_written_hinders_no_deed(env, channel, chief, tmp_path):
    env.bot.audit = Audit(Ledger(tmp_path))
    result = await chief.slash(channel, "reindex")
    assert "**2** added" in text_of(result.response.message)


def test_a_page_is_inert_and_within_the_limits_whatever_it_tells():
    hostile = "@everyone **[x](http://y)** `" + "*" * 500
    deeds = [Deed(who=n % 2, action="forget article", subject=hostile[:120], result=hostile[:200]) for n in range(8)]
    card = audit_card(deeds, 20, 8)
    assert_within_limits(card)
    assert_within_limits(card, "embeds")
    text = text_of_card(card).replace("<@1>", "").replace("<t:0:f>", "")
    assert_inert(text)
    assert "I · **forget article**" in text
    assert NOBODY == 0


@pytest.mark.parametrize("name", ["audit", "following"])
async def test_what_a_server_has_set_up_is_shown_to_no_member_whom_discord_lets_through(env, guild, channel, ada, name):
    command = next(c for c in await env.bot.tree.fetch_commands() if c.name == name)
    guild.set_command_permissions(command, {ada: True})
    result = await ada.slash(channel, name)
    assert len(env.errors) == 1
    assert result.ephemeral
    assert "Only people who may manage this server" in text_of(result.response.message)
