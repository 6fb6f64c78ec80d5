"""The commands that ask: `/ask`, `/said`, `/who-said`, `/did-say`, `/compare`, `/timeline`, and menus."""

import re
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.commands.answering import LOOK_UP, QUESTION_LIMIT, answer_command, ask_in_context, help_for
from bot.commands.conversation import question_in
from bot.commands.speakers import suggest_names, suggest_outlets, suggest_speakers, suggest_topics
from bot.inert import clean, escape
from bot.passages import NAME_ROOM
from bot.quoted import words_and_name
from bot.recall import of_article
from bot.words import Refused
from index.model import Answer

if TYPE_CHECKING:
    from bot.client import NewsBot
    from index.app import Library

WORDS_LIMIT = 500

_EVERYWHERE = (
    app_commands.allowed_installs(guilds=True, users=True),
    app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True),
)


@app_commands.command(name="ask", description="Ask who said what in the news, and get the words with their source.")
@app_commands.describe(question="As you would ask a person: What did Nauert say about talks?")
async def ask(
    interaction: discord.Interaction["NewsBot"], question: app_commands.Range[str, 1, QUESTION_LIMIT]
) -> None:
    """`/ask`."""
    await answer_command(interaction, lambda library: ask_in_context(library, question))


@app_commands.command(name="said", description="What somebody said, word for word, with the source.")
@app_commands.describe(
    speaker="A name, or a role such as State Department spokeswoman", about="A topic", outlet="In which outlet"
)
@app_commands.autocomplete(speaker=suggest_speakers, about=suggest_topics, outlet=suggest_outlets)
async def said(
    interaction: discord.Interaction["NewsBot"],
    speaker: app_commands.Range[str, 1, 200],
    about: app_commands.Range[str, 1, 200] | None = None,
    outlet: app_commands.Range[str, 1, 200] | None = None,
) -> None:
    """`/said`."""

    def look(library: "Library") -> Answer:
        named = next(iter(library.outlets(outlet, limit=1)), outlet) if outlet else None
        return library.said(speaker, about=about, outlet=named, limit=LOOK_UP)

    await answer_command(interaction, look)


@app_commands.command(name="who-said", description="Who said these words, and where they stand.")
@app_commands.describe(words="The words, or some of them")
async def who_said(interaction: discord.Interaction["NewsBot"], words: app_commands.Range[str, 1, WORDS_LIMIT]) -> None:
    """`/who-said`."""
    await answer_command(interaction, lambda library: ask_in_context(library, f"who said {_quoted(words)}?"))


@app_commands.command(
    name="did-say", description="Whether somebody said these words: word for word, in substance, or not."
)
@app_commands.describe(speaker="A name", words="The words to check")
@app_commands.autocomplete(speaker=suggest_names)
async def did_say(
    interaction: discord.Interaction["NewsBot"],
    speaker: app_commands.Range[str, 1, 200],
    words: app_commands.Range[str, 1, WORDS_LIMIT],
) -> None:
    """`/did-say`."""
    await answer_command(interaction, lambda library: ask_in_context(library, f"did {speaker} say {_quoted(words)}?"))


@app_commands.command(name="compare", description="What two speakers said about a topic, side by side.")
@app_commands.describe(first="A name", second="Another name", about="The topic")
@app_commands.autocomplete(first=suggest_names, second=suggest_names, about=suggest_topics)
async def compare(
    interaction: discord.Interaction["NewsBot"],
    first: app_commands.Range[str, 1, 200],
    second: app_commands.Range[str, 1, 200],
    about: app_commands.Range[str, 1, 200] | None = None,
) -> None:
    """`/compare`."""
    topic = f" about {about}" if about else ""
    question = f"what did {first} and {second} say{topic}?"
    await answer_command(interaction, lambda library: ask_in_context(library, question))


@app_commands.command(name="timeline", description="What somebody said over time.")
@app_commands.describe(speaker="A name", about="The topic")
@app_commands.autocomplete(speaker=suggest_names, about=suggest_topics)
async def timeline(
    interaction: discord.Interaction["NewsBot"],
    speaker: app_commands.Range[str, 1, 200],
    about: app_commands.Range[str, 1, 200] | None = None,
) -> None:
    """`/timeline`."""
    topic = f" about {about}" if about else ""
    question = f"what did {speaker} say{topic} over time?"
    await answer_command(interaction, lambda library: ask_in_context(library, question))


@app_commands.command(name="help", description="How to ask, with examples from what is on record.")
async def show_help(interaction: discord.Interaction["NewsBot"]) -> None:
    """`/help`."""
    client = interaction.client
    await interaction.response.defer(ephemeral=True, thinking=True)
    with client.answering():
        await interaction.followup.send(**client.sending(await client.library(help_for)), ephemeral=True)


@app_commands.context_menu(name="Who said this?")
async def who_said_this(interaction: discord.Interaction["NewsBot"], message: discord.Message) -> None:
    """Looks up who said the words of a message, or those that it quotes; the answer is for who asked."""
    words, _ = words_and_name(_words_of(interaction.client, message))
    question = f"who said {_quoted(words)}?"
    await answer_command(interaction, lambda library: ask_in_context(library, question), private=True)


@app_commands.context_menu(name="Check this quote")
async def check_this_quote(interaction: discord.Interaction["NewsBot"], message: discord.Message) -> None:
    """Checks whether the one whom a message names said what it quotes; the answer is for who asked."""
    words, name = words_and_name(_words_of(interaction.client, message))
    question = f"did {name} say {_quoted(words)}?" if name else f"who said {_quoted(words)}?"
    await answer_command(interaction, lambda library: ask_in_context(library, question), private=True)


@app_commands.context_menu(name="Said on record")
async def said_on_record(interaction: discord.Interaction["NewsBot"], user: discord.User) -> None:
    """Looks up what somebody of an account's displayed name is quoted with; the answer is for who asked."""
    name = person_name(user.display_name)
    if not name:
        raise Refused("That name has no letters that I could look up.")
    note = f"Looked up by the name “{escape(name, NAME_ROOM)}” alone: the account may be somebody else's."
    await answer_command(interaction, lambda library: library.said(name, limit=LOOK_UP), private=True, note=note)


def person_name(displayed: str) -> str:
    """The name within a displayed one, without its decoration: "Heather Nauert | State" is Heather Nauert."""
    plain = re.split(r"[|(\[{/•·~]| [-–—] ", clean(displayed).strip(" |([{/•·~-–—"))[0]
    return " ".join(re.sub(r"[^\w\s'’.-]", " ", plain).split())


def _words_of(client: "NewsBot", message: discord.Message) -> str:
    words = question_in(client, message) or " ".join(embed.description or "" for embed in message.embeds)
    if not words.strip():
        raise Refused("That message has no words that I could look up.")
    return words


@app_commands.command(name="article", description="Who says what in one article.")
@app_commands.describe(article="Its id, as `onrecord show` takes it")
async def article(
    interaction: discord.Interaction["NewsBot"], article: app_commands.Range[str, 1, WORDS_LIMIT]
) -> None:
    """`/article`."""
    await answer_command(interaction, lambda library: of_article(library, article))


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    commands: tuple[app_commands.Command[Any, ..., None] | app_commands.ContextMenu, ...] = (
        ask,
        said,
        who_said,
        did_say,
        compare,
        timeline,
        article,
        show_help,
        who_said_this,
        check_this_quote,
        said_on_record,
    )
    for command in commands:
        for everywhere in _EVERYWHERE:
            everywhere(command)
        tree.add_command(command)


def _quoted(words: str) -> str:
    """Words between quotation marks that they can't end."""
    plain = re.sub(r"[\"“”„«»]", "'", " ".join(words.split()))
    return f"“{plain[:WORDS_LIMIT].strip()}”"
