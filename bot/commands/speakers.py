"""Speakers: `/speakers`, and the suggestions while a speaker's name is being typed."""

import asyncio
import logging
from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.cards import speakers_card
from bot.inert import cut, width

if TYPE_CHECKING:
    from bot.client import NewsBot

log = logging.getLogger(__name__)

# What Discord allows for suggestions, and how long it waits for them.
CHOICES = 25
CHOICE_LIMIT = 100
CHOICE_SECONDS = 2.0

LISTED = 20


async def suggest_speakers(interaction: discord.Interaction["NewsBot"], typed: str) -> list[app_commands.Choice[str]]:
    """At most 25 speakers for what was typed so far; none when they can't be had in time."""
    try:
        async with asyncio.timeout(CHOICE_SECONDS):
            found = await interaction.client.library(lambda library: library.speakers(typed[:100], limit=CHOICES))
    except Exception as error:  # noqa: BLE001 - a suggestion that fails must not disturb the typing
        log.warning("no suggestions: %s", error)
        return []
    choices: list[app_commands.Choice[str]] = []
    for entry in found[:CHOICES]:
        speaker = entry.speaker
        name = cut(f"{speaker.name} · {speaker.role}" if speaker.role else speaker.name, CHOICE_LIMIT)
        values = (each for each in (speaker.id, speaker.name) if 0 < width(each) <= CHOICE_LIMIT and each.isprintable())
        value = next(values, None)
        if name and value:
            choices.append(app_commands.Choice(name=name, value=value))
    return choices


@app_commands.command(name="speakers", description="Who is on record, with how many statements.")
@app_commands.describe(prefix="How the name begins")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def speakers(
    interaction: discord.Interaction["NewsBot"], prefix: app_commands.Range[str, 1, CHOICE_LIMIT] | None = None
) -> None:
    """`/speakers`."""
    client = interaction.client
    await interaction.response.defer(thinking=True)
    with client.answering():
        found, coverage = await client.library(
            lambda library: (library.speakers(prefix or "", limit=LISTED), library.coverage())
        )
        card = speakers_card(found, prefix or "", coverage, layout=client.settings.layout)
        await interaction.followup.send(**card.message())


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    tree.add_command(speakers)
