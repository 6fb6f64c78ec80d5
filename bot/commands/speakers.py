"""What is on record: `/speakers`, `/coverage`, and the suggestions while a name or a topic is being typed."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeVar

import discord
from discord import app_commands

from bot.inert import cut, width
from bot.notices import coverage_card, speakers_card
from index.model import PersonEntry

if TYPE_CHECKING:
    from bot.client import NewsBot
    from index.app import Library

T = TypeVar("T")

log = logging.getLogger(__name__)

# What Discord allows for suggestions, and how long it waits for them.
CHOICES = 25
CHOICE_LIMIT = 100
CHOICE_SECONDS = 2.0

LISTED = 20


async def suggest_speakers(interaction: discord.Interaction["NewsBot"], typed: str) -> list[app_commands.Choice[str]]:
    """At most 25 speakers for what was typed so far, chosen by id; none when they can't be had in time."""
    return _choices(await _speakers(interaction.client, typed), by_name=False)


async def suggest_names(interaction: discord.Interaction["NewsBot"], typed: str) -> list[app_commands.Choice[str]]:
    """As `suggest_speakers`, chosen by name."""
    return _choices(await _speakers(interaction.client, typed), by_name=True)


async def suggest_topics(interaction: discord.Interaction["NewsBot"], typed: str) -> list[app_commands.Choice[str]]:
    """At most 25 topics for what was typed so far: of the speaker who was filled in, or of the newest articles."""
    given = interaction.namespace
    speaker = getattr(given, "speaker", None) or getattr(given, "first", None)
    return await _words(
        interaction.client,
        lambda library: library.topics(typed[:CHOICE_LIMIT], speaker=speaker, limit=CHOICES),
    )


async def suggest_outlets(interaction: discord.Interaction["NewsBot"], typed: str) -> list[app_commands.Choice[str]]:
    """At most 25 outlets for what was typed so far."""
    return await _words(interaction.client, lambda library: library.outlets(typed[:CHOICE_LIMIT], limit=CHOICES))


async def _words(client: "NewsBot", suggest: Callable[["Library"], Sequence[str]]) -> list[app_commands.Choice[str]]:
    found = await _in_time(client, suggest) or ()
    fitting = [word for word in found if 0 < width(word) <= CHOICE_LIMIT and word.isprintable()]
    return [app_commands.Choice(name=cut(word, CHOICE_LIMIT) or "…", value=word) for word in fitting[:CHOICES]]


async def _in_time(client: "NewsBot", look: Callable[["Library"], T]) -> T | None:
    try:
        async with asyncio.timeout(CHOICE_SECONDS):
            return await client.library(look)
    except Exception as error:  # noqa: BLE001 - a suggestion that fails must not disturb the typing
        log.warning("no suggestions: %s", error)
        return None


async def _speakers(client: "NewsBot", typed: str) -> tuple[PersonEntry, ...]:
    found = await _in_time(client, lambda library: library.speakers(typed[:CHOICE_LIMIT], limit=CHOICES))
    return found or ()


def _choices(entries: Sequence[PersonEntry], *, by_name: bool) -> list[app_commands.Choice[str]]:
    choices: list[app_commands.Choice[str]] = []
    for entry in entries[:CHOICES]:
        speaker = entry.speaker
        name = cut(f"{speaker.name} · {speaker.role}" if speaker.role else speaker.name, CHOICE_LIMIT)
        values = (speaker.name,) if by_name else (speaker.id, speaker.name)
        value = next((each for each in values if 0 < width(each) <= CHOICE_LIMIT and each.isprintable()), None)
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
        found, covered = await client.library(
            lambda library: (library.speakers(prefix or "", limit=LISTED), library.coverage())
        )
        await interaction.followup.send(**client.sending(speakers_card(found, prefix or "", covered)))


@app_commands.command(name="coverage", description="What is on record: articles, outlets, days, speakers.")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def coverage(interaction: discord.Interaction["NewsBot"]) -> None:
    """`/coverage`."""
    client = interaction.client
    await interaction.response.defer(thinking=True)
    with client.answering():
        covered = await client.library(lambda library: library.coverage())
        await interaction.followup.send(**client.sending(coverage_card(covered)))


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    tree.add_command(speakers)
    tree.add_command(coverage)
