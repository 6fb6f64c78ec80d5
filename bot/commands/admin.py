"""Who may administer a server, and the library that all servers share; what the audit keeps of it; and `/reindex`."""

import logging
from collections.abc import AsyncIterator, Callable
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


def must_keep_library(interaction: discord.Interaction["NewsBot"]) -> None:
    """Checks who may list and change what all servers read: those named, or the managers of the only server there is.

    Raises:
        Refused: the person may not.
    """
    client, named = interaction.client, interaction.client.settings.admins
    if interaction.user.id in named:
        return
    must_administer(interaction)
    if named:
        raise Refused("All servers share what I read, so only those whom ONRECORD_ADMINS names may list or change it.")
    if client.serves_several:
        raise Refused(
            "Several servers share what I read, so nobody may list or change it from here until whoever runs me sets"
            " ONRECORD_ADMINS to the ids of those who may."
        )


def may_keep_library(interaction: discord.Interaction["NewsBot"]) -> bool:
    """Whether somebody may list and change what all servers read, for suggestions while they type."""
    try:
        must_keep_library(interaction)
    except Refused:
        return False
    return True


def must_manage_channel(interaction: discord.Interaction["NewsBot"]) -> None:
    """Checks that the person may administer, or at least manage the channel.

    Raises:
        Refused: neither.
    """
    if not (interaction.guild_id and interaction.permissions.manage_channels):
        must_administer(interaction)


@dataclass(slots=True)
class Outcome:
    """How what an administrator does ends; the block that does it says so."""

    words: str = "done"


@asynccontextmanager
async def administering(
    interaction: discord.Interaction["NewsBot"],
    action: str,
    subject: str = "",
    *,
    may: Callable[[discord.Interaction["NewsBot"]], None] = must_administer,
) -> AsyncIterator[Outcome]:
    """Lets administrators in and nobody else, and keeps in the audit what they do and how it ends, refusals too.

    Args:
        interaction: who does it, and where.
        action: one word.
        subject: what it is about.
        may: raises for those who may not.

    Raises:
        Refused: the person may not.
    """
    client, outcome = interaction.client, Outcome()
    try:
        may(interaction)
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

    async with administering(interaction, "reindex", may=must_keep_library) as outcome:
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
