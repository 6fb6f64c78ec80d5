"""Tells people why what they asked for did not work: them alone, or, where Discord waits no longer, in the channel."""

import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.notices import words_card
from bot.words import words_for

if TYPE_CHECKING:
    from bot.client import NewsBot

log = logging.getLogger(__name__)

#: Discord's code for an interaction that was not answered within 3 seconds.
UNKNOWN_INTERACTION = 10062


async def explain(client: "NewsBot", interaction: discord.Interaction[Any], error: BaseException) -> None:
    """Tells the person, and nobody else, why their command or button did not work."""
    if _came_late(error):
        await _explain_late(client, interaction)
        return
    card = client.sending(words_card(words_for(error)))
    try:
        if not interaction.response.is_done():
            await interaction.response.send_message(**card, ephemeral=True)
            return
        if interaction.type is discord.InteractionType.component:
            await interaction.followup.send(**card, ephemeral=True)
            return
        # The first follow-up would be as public as the "thinking ..." was, so that one is ended and taken away.
        await interaction.edit_original_response(content="…")
        await interaction.followup.send(**card, ephemeral=True)
        await interaction.delete_original_response()
    except discord.HTTPException as late:
        log.warning("an explanation could not be delivered: %s", late)


async def _explain_late(client: "NewsBot", interaction: discord.Interaction[Any]) -> None:
    """Says in the channel that Discord no longer takes an answer to a command; it waits for 3 seconds only."""
    words = f"{interaction.user.mention}, that reached me too late for Discord to take my answer; please try again."
    with suppress(discord.HTTPException):
        channel = client.get_partial_messageable(interaction.channel_id or 0)
        await channel.send(**client.sending(words_card(words)))


def _came_late(error: BaseException) -> bool:
    """Whether Discord no longer takes a first answer to an interaction."""
    cause = error.original if isinstance(error, app_commands.CommandInvokeError) else error
    return isinstance(cause, discord.NotFound) and cause.code == UNKNOWN_INTERACTION
