"""Administration: `/reindex`, for those who manage the server or are named in the settings; all of it ephemeral."""

import logging
from contextlib import suppress
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.inert import escape
from bot.layouts import Card
from bot.notices import report_card, words_card
from bot.reindexing import Progress, progress_words
from bot.words import Refused, words_for

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


@app_commands.command(name="reindex", description="Read the sources again; questions are answered meanwhile.")
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=False)
async def reindex(interaction: discord.Interaction["NewsBot"]) -> None:
    """`/reindex`."""
    must_administer(interaction)
    client = interaction.client
    log.info("reindex asked for by %d", interaction.user.id)
    await interaction.response.defer(ephemeral=True, thinking=True)

    async def show(progress: Progress) -> None:
        words = f"Reading the sources: {progress_words(progress)}\n-# {escape(progress.item, 200)}"
        with suppress(discord.HTTPException):
            await interaction.edit_original_response(**client.sending(words_card(words, "Reindex")))

    try:
        card = report_card(await client.reindexing.run(show))
    except Exception as error:  # noqa: BLE001 - whoever asked gets a reason
        card = words_card(words_for(error), "Reindex")
    await _deliver(interaction, card)


async def _deliver(interaction: "discord.Interaction[NewsBot]", card: Card) -> None:
    """Shows the outcome; Discord takes edits for 15 minutes only, later it goes out as a direct message."""
    sending = interaction.client.sending(card)
    try:
        await interaction.edit_original_response(**sending)
    except discord.HTTPException:
        try:
            await interaction.user.send(**sending)
        except discord.HTTPException as error:
            log.warning("the outcome of a reindex could not be delivered: %s", error)


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    tree.add_command(reindex)
