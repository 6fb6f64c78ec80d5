"""`/audit`: what administrators did in a server, newest first, page by page; ephemeral."""

import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.audit import NOBODY, Deed
from bot.buttons import IdButton
from bot.commands.admin import must_administer
from bot.inert import escape
from bot.layouts import Block, Card
from bot.passages import count_of

if TYPE_CHECKING:
    from bot.buttons import Press
    from bot.client import NewsBot

log = logging.getLogger(__name__)

PAGE = 8
SUBJECT_ROOM, RESULT_ROOM = 150, 220


@app_commands.command(name="audit", description="What administrators did here: who, when, what, and how it ended.")
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def audit(interaction: discord.Interaction["NewsBot"]) -> None:
    """`/audit`."""
    must_administer(interaction)
    log.info("server %d: the audit is read by %d", interaction.guild_id or 0, interaction.user.id)
    await interaction.response.defer(ephemeral=True, thinking=True)
    card = await _page(interaction, 0)
    await interaction.followup.send(**interaction.client.sending(card), ephemeral=True)


async def turn_audit(interaction: discord.Interaction["NewsBot"], ids: str) -> None:
    """Shows another page in the place of this one."""
    must_administer(interaction)
    await interaction.response.defer()
    start = int(ids) if ids.isdecimal() else 0
    await interaction.edit_original_response(**interaction.client.sending(await _page(interaction, start)))


async def _page(interaction: discord.Interaction["NewsBot"], start: int) -> Card:
    client, guild = interaction.client, interaction.guild_id or 0
    deeds, count = await client.off_loop(lambda: client.audit.page(guild, start=start, limit=PAGE))
    return audit_card(deeds, count, start)


def audit_card(deeds: list[Deed], count: int, start: int = 0) -> Card:
    """A page of the audit.

    Args:
        deeds: those of the page, newest first.
        count: how many there are in all.
        start: the place of the first.
    """
    lines = [_line(deed) for deed in deeds]
    text = "\n".join(lines) or "Nothing was done here yet."
    buttons = []
    if start:
        buttons.append(IdButton("audit", str(max(start - PAGE, 0)), "‹ Newer"))
    if start + len(deeds) < count:
        buttons.append(IdButton("audit", str(start + PAGE), "Older ›"))
    feet = (f"{start + 1}–{start + len(deeds)} of {count_of(count, 'deed')}",) if buttons else ()
    return Card(title="### Audit", blocks=(Block(text=text),), feet=feet, buttons=tuple(buttons), quiet=True)


def _line(deed: Deed) -> str:
    who = "I" if deed.who == NOBODY else f"<@{deed.who}>"
    subject = f" {escape(deed.subject, SUBJECT_ROOM)}" if deed.subject else ""
    result = f"\n-# {escape(deed.result, RESULT_ROOM)}" if deed.result else ""
    return f"<t:{int(deed.at)}:f> {who} · **{escape(deed.action)}**{subject}{result}"


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    tree.add_command(audit)


def presses() -> "dict[str, Press]":
    """What a press does, by verb."""
    return {"audit": turn_audit}
