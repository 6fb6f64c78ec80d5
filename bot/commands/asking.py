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
from bot.notices import help_card, words_card
from bot.recall import kept, of_article
from bot.words import Refused, words_for
from index.errors import StoreError
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
    """Answers a message that is for the bot; one without a question gets help, one that can't be answered a reason."""
    with suppress(discord.HTTPException):
        await message.channel.typing()
    await reply(client, message, await card_for(client, message))


async def answer_again(client: "NewsBot", message: discord.Message) -> None:
    """Answers an edited question in the place of its answer, where it has one."""
    answer = await client.off_loop(lambda: client.ledger.reply_to(message.id))
    if answer is None or not is_addressed(client, message):
        return
    card = await card_for(client, message)
    try:
        await _partial(client, message.channel.id, answer).edit(**client.sending(card))
    except discord.HTTPException as error:
        log.warning("an answer could not be changed: %s", error)


async def withdraw(client: "NewsBot", channel_id: int, question: int) -> None:
    """Deletes the answer to a question that was deleted."""
    answer = await client.off_loop(lambda: client.ledger.reply_to(question))
    if answer is None:
        return
    try:
        await _partial(client, channel_id, answer).delete()
    except discord.HTTPException as error:
        log.warning("an answer could not be taken away: %s", error)


async def card_for(client: "NewsBot", message: discord.Message) -> Card:
    """The card that answers a message; whatever goes wrong becomes words."""
    try:
        client.keep_pace(message.author)
        question = question_in(client, message)
        if not question:
            return await client.library(_help)
        context = context_of(client, message)
        return await look_up(client, message.author, lambda library: ask_in_context(library, question, context))
    except Exception as error:  # noqa: BLE001 - whoever addresses the bot gets a reason
        return words_card(words_for(error))


def _partial(client: "NewsBot", channel_id: int, message_id: int) -> discord.PartialMessage:
    return client.get_partial_messageable(channel_id).get_partial_message(message_id)


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
    question = question_in(client, replied)[:QUESTION_LIMIT]
    return understood_context(replied) or ((question,) if question else ())


def understood_context(message: discord.Message | None) -> tuple[str, ...]:
    """The question that one of our answers answers; nothing for other messages."""
    understood = understood_in(message) if message else None
    return (as_question(understood)[:QUESTION_LIMIT],) if understood else ()


async def reply(client: "NewsBot", message: discord.Message, card: Card) -> None:
    """Replies without a ping; where that is not allowed, tells the author why in a direct message."""
    try:
        reference = message.to_reference(fail_if_not_exists=False)
        sent = await message.channel.send(**client.sending(card), reference=reference)
        await client.off_loop(lambda: client.ledger.replied(message.id, sent.id))
    except discord.Forbidden:
        with suppress(discord.HTTPException):
            await message.author.send(
                f"I may not write in <#{message.channel.id}>: I need View Channel, Send Messages"
                " (Send Messages in Threads) and Read Message History there."
            )
    except (discord.HTTPException, StoreError) as error:
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


async def answer_command(
    interaction: "discord.Interaction[NewsBot]", ask: Callable[["Library"], Answer], *, private: bool = False
) -> None:
    """Answers a command or a press, in public or for its author; what goes wrong is told to its author alone."""
    client = interaction.client
    client.keep_pace(interaction.user)
    await interaction.response.defer(ephemeral=private, thinking=True)
    with client.answering():
        card = await look_up(client, interaction.user, ask)
        await interaction.followup.send(**client.sending(card), ephemeral=private)


def ask_in_context(library: "Library", question: str, context: tuple[str, ...] = ()) -> Answer:
    """Asks the library for as many passages as pages show."""
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
    await answer_command(interaction, lambda library: ask_in_context(library, question))


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
    words = question_in(interaction.client, message) or " ".join(embed.description or "" for embed in message.embeds)
    if not words.strip():
        raise Refused("That message has no words that I could look up.")
    question = f"who said {_quoted(words)}?"
    await answer_command(interaction, lambda library: ask_in_context(library, question), private=True)


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
        article,
        show_help,
        who_said_this,
    )
    for command in commands:
        for everywhere in _EVERYWHERE:
            everywhere(command)
        tree.add_command(command)
