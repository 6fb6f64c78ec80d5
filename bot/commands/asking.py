"""Questions: a mention, a direct message, a reply that pings, `/ask` and `/said`, and what stands around a passage."""

import logging
import math
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import discord
from discord import app_commands

from bot.cards import Card, answer_card, context_card, help_card, understood_in
from bot.commands.speakers import suggest_speakers
from bot.words import Refused
from index.model import Answer

if TYPE_CHECKING:
    from bot.client import NewsBot
    from index.app import Library

log = logging.getLogger(__name__)

QUESTION_LIMIT = 1000
#: Passages looked up; a card shows the best of them and counts the rest.
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
    keep_pace(client, message.author)
    question = question_in(client, message)
    with suppress(discord.HTTPException):
        await message.channel.typing()
    if not question:
        card = await client.library(lambda library: _help(client, library))
    else:
        context = context_of(client, message)
        card = await client.library(
            lambda library: _card(client, library, library.ask(question, context=context, limit=LOOK_UP))
        )
    await reply(message, card)


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
    text = understood_in(replied) or question_in(client, replied)
    return (text[:QUESTION_LIMIT],) if text else ()


async def reply(message: discord.Message, card: Card) -> None:
    """Replies without a ping; where that is not allowed, tells the author why in a direct message."""
    try:
        await message.channel.send(**card.message(), reference=message.to_reference(fail_if_not_exists=False))
    except discord.Forbidden:
        with suppress(discord.HTTPException):
            await message.author.send(
                f"I may not write in <#{message.channel.id}>: I need View Channel, Send Messages"
                " (Send Messages in Threads) and Read Message History there."
            )
    except discord.HTTPException as error:
        log.warning("a reply could not be delivered: %s", error)


def keep_pace(client: "NewsBot", user: discord.abc.User) -> None:
    """Takes one question from the person's allowance.

    Raises:
        Refused: they have to wait.
    """
    wait = client.pace.wait(user.id)
    if wait:
        raise Refused(f"You ask faster than I look up: please try again in {math.ceil(wait)} s.")


# ---------------------------------------------------------------------------------------------------------------
# Commands


@app_commands.command(name="ask", description="Ask who said what in the news, and get the words with their source.")
@app_commands.describe(question="As you would ask a person: What did Nauert say about talks?")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def ask(
    interaction: discord.Interaction["NewsBot"], question: app_commands.Range[str, 1, QUESTION_LIMIT]
) -> None:
    """`/ask`."""
    client = interaction.client
    keep_pace(client, interaction.user)
    await interaction.response.defer(thinking=True)
    with client.answering():
        card = await client.library(lambda library: _card(client, library, library.ask(question, limit=LOOK_UP)))
        await interaction.followup.send(**card.message())


@app_commands.command(name="said", description="What somebody said, word for word, with the source.")
@app_commands.describe(speaker="A name, or a role such as State Department spokeswoman", about="A topic")
@app_commands.autocomplete(speaker=suggest_speakers)
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def said(
    interaction: discord.Interaction["NewsBot"],
    speaker: app_commands.Range[str, 1, 200],
    about: app_commands.Range[str, 1, 200] | None = None,
) -> None:
    """`/said`."""
    client = interaction.client
    keep_pace(client, interaction.user)
    await interaction.response.defer(thinking=True)
    with client.answering():
        card = await client.library(
            lambda library: _card(client, library, library.said(speaker, about=about, limit=LOOK_UP))
        )
        await interaction.followup.send(**card.message())


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    tree.add_command(ask)
    tree.add_command(said)


# ---------------------------------------------------------------------------------------------------------------
# Buttons


async def show_context(interaction: "discord.Interaction[Any]", reference: str) -> None:
    """Shows a paragraph in its surroundings, to the person who pressed."""
    client: NewsBot = interaction.client
    keep_pace(client, interaction.user)
    await interaction.response.defer(ephemeral=True, thinking=True)
    stored, number = await client.library(lambda library: library.show(reference))
    card = context_card(stored.article, number or 0, layout=client.settings.layout)
    await interaction.followup.send(**card.message(), ephemeral=True)


def _card(client: "NewsBot", library: "Library", answer: Answer) -> Card:
    settings = client.settings
    coverage = None if answer.found else library.coverage()
    return answer_card(answer, coverage=coverage, layout=settings.layout, passages=settings.passages)


def _help(client: "NewsBot", library: "Library") -> Card:
    names = [entry.speaker.name for entry in library.speakers(limit=2)]
    return help_card(library.coverage(), names, layout=client.settings.layout)
