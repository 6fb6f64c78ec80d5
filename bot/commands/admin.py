"""Who may administer, what of it the audit keeps, and `/reindex`; all of it ephemeral."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.audit import Deed
from bot.inert import escape, unescape
from bot.layouts import Card
from bot.notices import report_card, words_card
from bot.reindexing import Progress, progress_words
from bot.words import Refused, words_for
from index.errors import NewsError

if TYPE_CHECKING:
    from bot.client import NewsBot

log = logging.getLogger(__name__)


def must_administer(interaction: discord.Interaction["NewsBot"]) -> None:
    """Checks at run time what Discord's default permission already asks for, which a server can loosen.

    Raises:
        Refused: the person may not administer.
    """
    if interaction.user.id in interaction.client.settings.admins:
        return
    if interaction.guild_id is None or not interaction.permissions.manage_guild:
        raise Refused(
            "Only people who may manage this server, or whom the settings name as administrators, may do that."
        )


@dataclass(slots=True)
class Outcome:
    """How what an administrator does ends; the block that does it says so."""

    words: str = "done"


@asynccontextmanager
async def administering(
    interaction: discord.Interaction["NewsBot"], action: str, subject: str = "", *, channel: bool = False
) -> AsyncIterator[Outcome]:
    """Lets administrators in and nobody else, and keeps in the audit what they do and how it ends, refusals too.

    Args:
        interaction: who does it, and where.
        action: one word.
        subject: what it is about.
        channel: whether those may do it too who manage the channel.

    Raises:
        Refused: the person may not.
    """
    client, outcome = interaction.client, Outcome()
    try:
        if not (channel and interaction.guild_id and interaction.permissions.manage_channels):
            must_administer(interaction)
        yield outcome
    except BaseException as error:
        refused = isinstance(error, NewsError)
        outcome.words = unescape(str(error)) if refused else f"failed: {type(error).__name__}"
        raise
    finally:
        deed = Deed(who=interaction.user.id, action=action, subject=subject, result=outcome.words)
        await client.keep_deed(interaction.guild_id or 0, deed)


@app_commands.command(name="reindex", description="Read the sources again; questions are answered meanwhile.")
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def reindex(interaction: discord.Interaction["NewsBot"]) -> None:
    """`/reindex`."""
    client = interaction.client

    async def show(progress: Progress) -> None:
        words = f"Reading the sources: {progress_words(progress)}\n-# {escape(progress.item, 200)}"
        with suppress(discord.HTTPException):
            await interaction.edit_original_response(**client.sending(words_card(words, "Reindex")))

    async with administering(interaction, "reindex") as outcome:
        await interaction.response.defer(ephemeral=True, thinking=True)
        try:
            report = await client.reindexing.run(show)
            outcome.words = f"{report.added:,} added, {report.changed:,} changed, {report.removed:,} removed"
            card = report_card(report)
        except Exception as error:  # noqa: BLE001 - whoever asked gets a reason
            card = words_card(words_for(error), "Reindex")
            outcome.words = unescape(words_for(error)) if isinstance(error, NewsError) else "failed"
    await deliver(interaction, card)


async def deliver(interaction: "discord.Interaction[NewsBot]", card: Card) -> None:
    """Shows the outcome; Discord takes edits for 15 minutes only, later it goes out as a direct message."""
    sending = interaction.client.sending(card)
    try:
        await interaction.edit_original_response(**sending)
    except discord.HTTPException:
        try:
            await interaction.user.send(**sending)
        except discord.HTTPException as error:
            log.warning("an outcome could not be delivered: %s", error)


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    tree.add_command(reindex)
