"""Questions: a mention, a direct message, a reply that pings, `/ask`, `/said`, `/who-said` and `/did-say`."""

import logging
import re
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.cards import answer_card, has_more
from bot.commands.speakers import suggest_names, suggest_speakers
from bot.followups import as_question
from bot.layouts import Card, understood_in
from bot.notices import help_card
from bot.recall import kept
from bot.words import Refused
from index.model import Answer

if TYPE_CHECKING:
    from bot.client import NewsBot
    from index.app import Library

log = logging.getLogger(__name__)

QUESTION_LIMIT = 1000
WORDS_LIMIT = 500
#: Passages looked up; a card shows the best of them, its pages the others.
LOOK_UP = 25

_MARKUP = re.compile(r"<(?:a?:(?P<emoji>\w+):|@[!&]?|#|/|t:|id:)[^<>\s]{1,60}>")


# ---------------------------------------------------------------------------------------------------------------
# Messages


def is_addressed(client: "NewsBot", message: discord.Message) -> bool:
    """Whether a message is for the bot: direct, or it mentions the bot or its role, or it replies to it with a ping."""
    if message.guild is None or client.user in message.mentions:
        return True
    own = message.guild.self_role
    return own is not None and own.id in message.raw_role_mentions


async def answer_message(client: "NewsBot", message: discord.Message) -> None:
    """Answers a message that is for the bot; one without a question gets help."""
    client.keep_pace(message.author)
    question = question_in(client, message)
    with suppress(discord.HTTPException):
        await message.channel.typing()
    if question:
        context = context_of(client, message)
        card = await look_up(client, message.author, lambda library: _ask(library, question, context))
    else:
        card = await client.library(_help)
    await reply(client, message, card)


def question_in(client: "NewsBot", message: discord.Message) -> str:
    """What was asked: the message without its mention of the bot, other mentions as names."""
    names = {str(user.id): user.display_name for user in message.mentions if user != client.user}

    def word(found: re.Match[str]) -> str:
        return names.get(found.group().strip("<@!>"), f":{found['emoji']}:" if found["emoji"] else "")

    return " ".join(_MARKUP.sub(word, message.content).split())


def context_of(client: "NewsBot", message: discord.Message) -> tuple[str, ...]:
    """What a reply replies to, where Discord hands it over: our answer's question as understood, or the words."""
    replied = message.reference.resolved if message.reference else None
    if not isinstance(replied, discord.Message):
        return ()
    understood = understood_in(replied)
    text = as_question(understood) if understood else question_in(client, replied)
    return (text[:QUESTION_LIMIT],) if text else ()


async def reply(client: "NewsBot", message: discord.Message, card: Card) -> None:
    """Replies without a ping; where that is not allowed, tells the author why in a direct message."""
    try:
        reference = message.to_reference(fail_if_not_exists=False)
        await message.channel.send(**client.sending(card), reference=reference)
    except discord.Forbidden:
        with suppress(discord.HTTPException):
            await message.author.send(
                f"I may not write in <#{message.channel.id}>: I need View Channel, Send Messages"
                " (Send Messages in Threads) and Read Message History there."
            )
    except discord.HTTPException as error:
        log.warning("a reply could not be delivered: %s", error)


# ---------------------------------------------------------------------------------------------------------------
# Looking up


async def look_up(client: "NewsBot", asker: discord.abc.User, ask: Callable[["Library"], Answer]) -> Card:
    """The card of an answer; one with more passages than a page holds is kept, as ids, so that pages can be turned."""

    def look(library: "Library") -> Card:
        answer = ask(library)
        coverage = None if answer.found else library.coverage()
        card = answer_card(answer, coverage=coverage, passages=client.settings.passages)
        if not has_more(answer, card):
            return card
        key = client.ledger.keep(kept(library, answer, asker.id))
        return answer_card(answer, passages=client.settings.passages, key=key)

    return await client.library(look)


async def answer_command(interaction: "discord.Interaction[NewsBot]", ask: Callable[["Library"], Answer]) -> None:
    """Answers a command in public; whatever goes wrong is told to its author alone."""
    client = interaction.client
    client.keep_pace(interaction.user)
    await interaction.response.defer(thinking=True)
    with client.answering():
        card = await look_up(client, interaction.user, ask)
        await interaction.followup.send(**client.sending(card))


def _ask(library: "Library", question: str, context: tuple[str, ...] = ()) -> Answer:
    return library.ask(question, context=context, limit=LOOK_UP)


def _help(library: "Library") -> Card:
    return help_card(library.coverage(), [entry.speaker.name for entry in library.speakers(limit=2)])


def _quoted(words: str) -> str:
    """Words between quotation marks that they can't end."""
    plain = re.sub(r"[\"“”„«»]", "'", " ".join(words.split()))
    return f"“{plain[:WORDS_LIMIT].strip()}”"


# ---------------------------------------------------------------------------------------------------------------
# Commands

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
    await answer_command(interaction, lambda library: _ask(library, question))


@app_commands.command(name="said", description="What somebody said, word for word, with the source.")
@app_commands.describe(speaker="A name, or a role such as State Department spokeswoman", about="A topic")
@app_commands.autocomplete(speaker=suggest_speakers)
async def said(
    interaction: discord.Interaction["NewsBot"],
    speaker: app_commands.Range[str, 1, 200],
    about: app_commands.Range[str, 1, 200] | None = None,
) -> None:
    """`/said`."""
    await answer_command(interaction, lambda library: library.said(speaker, about=about, limit=LOOK_UP))


@app_commands.command(name="who-said", description="Who said these words, and where they stand.")
@app_commands.describe(words="The words, or some of them")
async def who_said(interaction: discord.Interaction["NewsBot"], words: app_commands.Range[str, 1, WORDS_LIMIT]) -> None:
    """`/who-said`."""
    await answer_command(interaction, lambda library: _ask(library, f"who said {_quoted(words)}?"))


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
    await answer_command(interaction, lambda library: _ask(library, f"did {speaker} say {_quoted(words)}?"))


@app_commands.command(name="help", description="How to ask, with examples from what is on record.")
async def show_help(interaction: discord.Interaction["NewsBot"]) -> None:
    """`/help`."""
    client = interaction.client
    await interaction.response.defer(ephemeral=True, thinking=True)
    with client.answering():
        await interaction.followup.send(**client.sending(await client.library(_help)), ephemeral=True)


@app_commands.context_menu(name="Who said this?")
async def who_said_this(interaction: discord.Interaction["NewsBot"], message: discord.Message) -> None:
    """Looks the words of a message up; the answer is for who asked."""
    client = interaction.client
    words = question_in(client, message) or " ".join(embed.description or "" for embed in message.embeds)
    if not words.strip():
        raise Refused("That message has no words that I could look up.")
    client.keep_pace(interaction.user)
    await interaction.response.defer(ephemeral=True, thinking=True)
    with client.answering():
        card = await look_up(client, interaction.user, lambda library: _ask(library, f"who said {_quoted(words)}?"))
        await interaction.followup.send(**client.sending(card), ephemeral=True)


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    commands: tuple[app_commands.Command[Any, ..., None] | app_commands.ContextMenu, ...] = (
        ask,
        said,
        who_said,
        did_say,
        show_help,
        who_said_this,
    )
    for command in commands:
        for everywhere in _EVERYWHERE:
            everywhere(command)
        tree.add_command(command)
