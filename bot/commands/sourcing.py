"""`/sources list|add|remove|check`: what is read, how it fares, and what is added to it; ephemeral."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import discord
from discord import app_commands
from pydantic import TypeAdapter, ValidationError

from bot.commands.admin import administering, deliver, may_keep_library, must_keep_library
from bot.inert import cut, escape
from bot.layouts import Block, Card
from bot.notices import report_card, words_card
from bot.passages import count_of
from bot.watching import fails, shown_name
from bot.words import Refused
from index.errors import EmptyLibrary
from index.model import ReindexReport
from index.people import folded
from index.storage.records import POLLED, SourceState

if TYPE_CHECKING:
    from bot.client import NewsBot
    from index.app import Library

SHOWN = 10
NAME_ROOM, ERROR_ROOM, FOUND_ROOM = 120, 160, 400
CHOICES, CHOICE_LIMIT = 25, 100
Interaction = discord.Interaction["NewsBot"]

_REPORT = TypeAdapter(ReindexReport)

sources = app_commands.Group(
    name="sources",
    description="What I read, and how it fares.",
    default_permissions=discord.Permissions(manage_guild=True),
    allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
)


@sources.command(name="list", description="The sources, those that fail first.")
async def list_sources(interaction: Interaction) -> None:
    """`/sources list`."""
    async with administering(interaction, "sources list", may=must_keep_library):
        await interaction.response.defer(ephemeral=True, thinking=True)
        card = sources_card(await interaction.client.library(configured))
    await interaction.followup.send(**interaction.client.sending(card), ephemeral=True)


@sources.command(name="add", description="Read a feed, a page or a sitemap from now on.")
@app_commands.describe(address="As https://example.org/feed.xml; of a page, its feed is looked for")
async def add_source(interaction: Interaction, address: app_commands.Range[str, 4, 1000]) -> None:
    """`/sources add`."""
    address = address.strip()
    async with administering(interaction, "sources add", address, may=must_keep_library) as outcome:
        if "://" not in address and "." not in address:
            raise Refused("That is no address; write it as https://example.org/feed.xml.")
        if "://" in address and not address.lower().startswith(("http://", "https://")):
            raise Refused("Only http and https are read from here; files are added with `onrecord add` in a terminal.")
        if "://" not in address:
            address = f"https://{address}"
        await interaction.response.defer(ephemeral=True, thinking=True)
        report, found = await _run(interaction, "add", "--json", "--", address)
        outcome.words = f"added, {count_of(report.added, 'article')}" if report else "added"
    card = report_card(report) if report else words_card("Added.", "Sources")
    blocks = (Block(text=escape(found, FOUND_ROOM)), *card.blocks) if found else card.blocks
    await deliver(interaction, replace(card, title="### Sources", blocks=blocks))


async def _suggest_sources(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    if not may_keep_library(interaction):
        return []
    known = await interaction.client.library(configured)
    fitting = [s for s in known if folded(typed) in folded(shown_name(s)) and len(s.name) <= CHOICE_LIMIT]
    return [app_commands.Choice(name=cut(shown_name(s), CHOICE_LIMIT), value=s.name) for s in fitting[:CHOICES]]


@sources.command(name="remove", description="Read a source no more; what a feed gave stays, unless you say so.")
@app_commands.describe(source="Its name or address", articles="Whether its articles go with it")
@app_commands.autocomplete(source=_suggest_sources)
async def remove_source(
    interaction: Interaction, source: app_commands.Range[str, 1, 1000], articles: bool = False
) -> None:
    """`/sources remove`."""
    async with administering(interaction, "sources remove", source, may=must_keep_library):
        await interaction.response.defer(ephemeral=True, thinking=True)
        known = await interaction.client.library(configured)
        found = next((s for s in known if folded(source.strip()) in {folded(s.name), folded(s.title or s.name)}), None)
        if found is None:
            raise Refused("There is no such source; `/sources list` names them.")
        with_them = ("--articles",) if articles else ()
        report, _ = await _run(interaction, "remove", "--json", *with_them, "--", found.name)
    words = f"**{escape(shown_name(found), NAME_ROOM)}** is read no more."
    if report and report.removed:
        words += f" {count_of(report.removed, 'article')} went with it."
    await deliver(interaction, words_card(words, "Sources"))


@sources.command(name="check", description="Read all sources now, and tell which fail.")
async def check_sources(interaction: Interaction) -> None:
    """`/sources check`."""
    client = interaction.client
    async with administering(interaction, "sources check", may=must_keep_library) as outcome:
        await interaction.response.defer(ephemeral=True, thinking=True)
        await client.reindexing.run(_quietly)
        known = await client.library(configured)
        failing = [source for source in known if source.last_error]
        outcome.words = f"{len(failing)} of {count_of(len(known), 'source')} fail"
    await deliver(interaction, sources_card(known))


async def _quietly(progress: object) -> None:
    del progress


async def _run(interaction: Interaction, *arguments: str) -> tuple[ReindexReport | None, str]:
    """Runs a command that changes the sources; its report, where it gives one, and what it says of the source."""
    client = interaction.client
    with client.answering():
        events = await client.onrecord.run(*arguments)
    found = next((str(event.get("message") or "") for event in events if event.get("event") == "source"), "")
    for event in events:
        if event.get("event") == "report":
            with suppress(ValidationError):
                return _REPORT.validate_python({key: value for key, value in event.items() if key != "event"}), found
    return None, found


def configured(library: "Library") -> tuple[SourceState, ...]:
    """The configured sources, those that fail first; none where nothing was indexed yet."""
    try:
        known = library.store.snapshot().corpus.sources()
    except EmptyLibrary:
        return ()
    return tuple(sorted(known, key=lambda source: source.last_error is None))


def sources_card(known: Sequence[SourceState]) -> Card:
    """The sources with their health, those that fail first."""
    if not known:
        return words_card("Nothing is read yet. `/sources add` names a feed or a page.", "Sources")
    blocks = [Block(text="\n".join(_lines(source))) for source in known[:SHOWN]]
    failing = sum(source.last_error is not None for source in known)
    feet = [f"{count_of(len(known), 'source')}, {failing} failing" if failing else count_of(len(known), "source")]
    if len(known) > SHOWN:
        feet[0] += f"; the first {SHOWN} are shown, `onrecord sources` in a terminal lists them all"
    return Card(title="### Sources", blocks=tuple(blocks), feet=tuple(feet), quiet=True)


def _lines(source: SourceState) -> list[str]:
    mark = "⚠️ " if fails(source) else ""
    read = f"read {_at(source.last_success)}" if source.last_success else "never read"
    if source.kind in POLLED and source.next_poll:
        read += f", next {_at(source.next_poll)}"
    counts = f"{count_of(source.articles, 'article')}, {count_of(source.statements, 'statement')}"
    lines = [f"{mark}**{escape(shown_name(source), NAME_ROOM)}**", f"-# {source.kind} · {counts} · {read}"]
    if source.last_error:
        lines.append(f"-# {escape(source.last_error, ERROR_ROOM)}")
    return lines


def _at(when: datetime) -> str:
    return f"<t:{int(when.timestamp())}:R>"


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    tree.add_command(sources)
