"""`/aliases list|same|different|remove`: an administrator's word on who is who; ephemeral."""

from typing import TYPE_CHECKING

import discord
from discord import app_commands

from bot.commands.admin import administering, deliver, may_keep_library, must_keep_library
from bot.commands.speakers import suggest_names
from bot.inert import cut, escape
from bot.layouts import Block, Card
from bot.notices import words_card
from bot.passages import count_of
from index.people import Aliases, folded, read_aliases

if TYPE_CHECKING:
    from bot.client import NewsBot

SHOWN = 15
NAME_ROOM, LINE_ROOM = 60, 180
CHOICES, CHOICE_LIMIT = 25, 100
Interaction = discord.Interaction["NewsBot"]
Name = app_commands.Range[str, 1, 200]

aliases = app_commands.Group(
    name="aliases",
    description="Who is who, where names don't tell.",
    default_permissions=discord.Permissions(manage_guild=True),
    allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
)


@aliases.command(name="list", description="What was said of who is who.")
async def list_aliases(interaction: Interaction) -> None:
    """`/aliases list`."""
    async with administering(interaction, "aliases list", may=must_keep_library):
        await interaction.response.defer(ephemeral=True, thinking=True)
        told = await interaction.client.library(lambda library: read_aliases(library.settings.home))
    await interaction.followup.send(**interaction.client.sending(aliases_card(told)), ephemeral=True)


@aliases.command(name="same", description="Two names are one person; the first is the one that is shown.")
@app_commands.describe(name="The name to show", other="Another name of the same person")
@app_commands.autocomplete(name=suggest_names, other=suggest_names)
async def same(interaction: Interaction, name: Name, other: Name) -> None:
    """`/aliases same`."""
    await _change(interaction, "same", name, other)


@aliases.command(name="different", description="Two names are never one person.")
@app_commands.describe(name="A name", other="Another name")
@app_commands.autocomplete(name=suggest_names, other=suggest_names)
async def different(interaction: Interaction, name: Name, other: Name) -> None:
    """`/aliases different`."""
    await _change(interaction, "different", name, other)


async def _suggest_said(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    if not may_keep_library(interaction):
        return []
    told = await interaction.client.library(lambda library: read_aliases(library.settings.home))
    names = [name for group in (*told.same, *told.different) for name in group] + list(told.in_article.values())
    fitting = [name for name in dict.fromkeys(names) if folded(typed) in folded(name) and len(name) <= CHOICE_LIMIT]
    return [app_commands.Choice(name=cut(name, CHOICE_LIMIT), value=name) for name in fitting[:CHOICES]]


@aliases.command(name="remove", description="Say nothing of a name any more.")
@app_commands.describe(name="A name that something was said of")
@app_commands.autocomplete(name=_suggest_said)
async def remove(interaction: Interaction, name: Name) -> None:
    """`/aliases remove`."""
    await _change(interaction, "remove", name)


async def _change(interaction: Interaction, action: str, *names: str) -> None:
    client = interaction.client
    async with administering(interaction, f"aliases {action}", ", ".join(names), may=must_keep_library):
        await interaction.response.defer(ephemeral=True, thinking=True)
        with client.answering():
            events = await client.onrecord.run("aliases", "--json", action, "--", *names)
        told = await client.library(lambda library: read_aliases(library.settings.home))
    notes = [str(note) for event in events for note in event.get("notes", ())]
    await deliver(interaction, aliases_card(told, [note for note in notes if any(name in note for name in names)]))


def aliases_card(told: Aliases, notes: list[str] | None = None) -> Card:
    """What is said of who is who, and what is to be noted of it."""
    lines = [" = ".join(f"**{escape(name, NAME_ROOM)}**" for name in _few(names)) for names in told.same]
    lines += [" ≠ ".join(f"**{escape(name, NAME_ROOM)}**" for name in _few(names)) for names in told.different]
    lines += [
        f"{escape(name, NAME_ROOM)} in {escape(article, NAME_ROOM)} is **{escape(whom, NAME_ROOM)}**"
        for (article, name), whom in told.in_article.items()
    ]
    feet = [escape(note, LINE_ROOM) for note in (notes or [])[:3]]
    if len(lines) > SHOWN:
        feet.append(f"{count_of(len(lines) - SHOWN, 'more line')}; `onrecord aliases` in a terminal lists them all")
    if not lines:
        return words_card("Nothing is said of who is who. `/aliases same` joins two names.", "Aliases")
    return Card(title="### Aliases", blocks=(Block(text="\n".join(lines[:SHOWN])),), feet=tuple(feet), quiet=True)


def _few(names: tuple[str, ...]) -> tuple[str, ...]:
    return names[:3]


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    tree.add_command(aliases)
