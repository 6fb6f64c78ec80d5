"""`/forget`: an article, or what is held about a speaker; asked once more before it is done, ephemeral."""

from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.buttons import IdButton
from bot.commands.admin import administering, deliver, must_keep_library
from bot.commands.speakers import suggest_names
from bot.inert import escape
from bot.layouts import Block, Card
from bot.notices import words_card
from bot.passages import NAME_ROOM, count_of
from bot.words import Refused
from index.people import folded

if TYPE_CHECKING:
    from bot.buttons import Press
    from bot.client import NewsBot
    from index.app import Library

TITLE_ROOM, ADDRESS_ROOM = 200, 300
AGAIN = "This was asked too long ago; please use `/forget` again."

forget = app_commands.Group(
    name="forget",
    description="Take an article, or what is held about a speaker, out for good.",
    default_permissions=discord.Permissions(manage_guild=True),
    allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=False),
)


@forget.command(name="article", description="Take an article out for good; it isn't read again.")
@app_commands.describe(article="Its id as an answer's citation has it, or its address")
async def forget_article(interaction: discord.Interaction["NewsBot"], article: app_commands.Range[str, 1, 500]) -> None:
    """`/forget article`."""
    await _ask(interaction, "article", article.strip())


@forget.command(name="speaker", description="Take all statements of a speaker out for good; the articles stay.")
@app_commands.describe(speaker="The name in full")
@app_commands.autocomplete(speaker=suggest_names)
async def forget_speaker(interaction: discord.Interaction["NewsBot"], speaker: app_commands.Range[str, 1, 200]) -> None:
    """`/forget speaker`."""
    await _ask(interaction, "speaker", speaker.strip())


async def _ask(interaction: discord.Interaction["NewsBot"], kind: str, subject: str) -> None:
    """Says what would go, and asks whether it shall."""
    client = interaction.client
    async with administering(interaction, f"forget {kind}", subject, may=must_keep_library) as outcome:
        await interaction.response.defer(ephemeral=True, thinking=True)
        look = _article if kind == "article" else _speaker
        words = await client.library(lambda library: look(library, subject))
        outcome.words = "asked to confirm"
    key = client.confirmations.keep((interaction.user.id, kind, subject))
    card = Card(
        title="### Forget this?",
        blocks=(Block(text=words),),
        feet=("This can't be undone here.",),
        buttons=(
            IdButton("forget", key, "Forget it", style=discord.ButtonStyle.danger),
            IdButton("keep", key, "Keep it"),
        ),
        quiet=True,
    )
    await interaction.followup.send(**client.sending(card), ephemeral=True)


def _article(library: "Library", reference: str) -> str:
    if "://" in reference:
        return (
            f"The article at {escape(reference, ADDRESS_ROOM)}, if it was read, with its copies and all its statements."
            "\nNothing is read from that address again."
        )
    stored, _ = library.show(reference)
    article = stored.article
    statements = sum(not quote.attitude for quote in stored.quotes)
    outlet = f", {escape(article.outlet, NAME_ROOM)}" if article.outlet else ""
    return (
        f"**{escape(article.title or article.id, TITLE_ROOM)}**{outlet}: the article, its copies, and"
        f" {count_of(statements, 'statement')}.\nIt isn't read again, whatever the sources hold."
    )


def _speaker(library: "Library", name: str) -> str:
    entries = [e for e in library.speakers(name) if folded(name) in {folded(e.speaker.name), folded(e.speaker.id)}]
    if not entries:
        near = ", ".join(escape(entry.speaker.name, NAME_ROOM) for entry in library.speakers(name, limit=3))
        hint = f" Near: {near}." if near else ""
        raise Refused(f"Nobody called “{escape(name, NAME_ROOM)}” is on record.{hint}")
    entry = entries[0]
    counts = f"{count_of(entry.statements, 'statement')} in {count_of(entry.articles, 'article')}"
    return (
        f"What is held about **{escape(entry.speaker.name, NAME_ROOM)}**: {counts}, the roles and the other names."
        "\nThe articles stay and still print the words; I no longer say whose they are. It stays so when the sources"
        " are read again."
    )


async def confirmed(interaction: discord.Interaction["NewsBot"], key: str) -> None:
    """Forgets what was asked about, and tells how it went as it goes."""
    client = interaction.client
    must_keep_library(interaction)
    asked = client.confirmations.take(key)
    if asked is None or asked[0] != interaction.user.id:
        raise Refused(AGAIN)
    _, kind, subject = asked
    async with administering(interaction, f"forget {kind}", subject, may=must_keep_library) as outcome:
        await interaction.response.edit_message(**client.sending(words_card("Forgetting …", "Forget")))
        with client.answering():
            events = await client.onrecord.run("forget", "--json", *_arguments(kind, subject))
        report: dict[str, Any] = next((e for e in events if e.get("event") == "forgotten"), {})
        outcome.words = f"forgotten: {_counts(report)}"
        wiped = next((str(e.get("message")) for e in events if e.get("event") == "wiped"), "")
    await deliver(interaction, forgotten_card(report, wiped))


def _arguments(kind: str, subject: str) -> list[str]:
    return [f"--speaker={subject}"] if kind == "speaker" else ["--", subject]


def forgotten_card(report: dict[str, Any], wiped: str) -> Card:
    """What was forgotten and what is left of it."""
    remains = [escape(str(words), TITLE_ROOM) for words in (*report.get("remains", ()), wiped) if words]
    text = f"**{escape(str(report.get('what', '')), TITLE_ROOM)}**: {_counts(report)}. No answer shows it any more."
    return Card(title="### Forgotten", blocks=(Block(text=text),), feet=tuple(remains), quiet=True)


def _counts(report: dict[str, Any]) -> str:
    counts = [(report.get("articles", 0), "article"), (report.get("statements", 0), "statement")]
    return ", ".join(count_of(int(count), what) for count, what in counts if count) or "nothing was stored"


async def kept(interaction: discord.Interaction["NewsBot"], key: str) -> None:
    """Leaves everything as it is."""
    interaction.client.confirmations.take(key)
    card = words_card("Nothing was forgotten.", "Forget")
    await interaction.response.edit_message(**interaction.client.sending(card))


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    tree.add_command(forget)


def presses() -> "dict[str, Press]":
    """What a press does, by verb."""
    return {"forget": confirmed, "keep": kept}
