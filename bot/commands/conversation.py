"""Questions without a command: mentions, direct messages, replies, open channels; their edits and their deletion."""

import logging
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import discord

from bot.commands.answering import QUESTION_LIMIT, ask_in_context, help_for, look_up, place_of
from bot.followups import as_question
from bot.layouts import Card, understood_in
from bot.notices import words_card
from bot.words import words_for
from index.errors import NewsError, StoreError

if TYPE_CHECKING:
    from bot.client import NewsBot

log = logging.getLogger(__name__)

_MARKUP = re.compile(r"<(?:a?:(?P<emoji>\w+):|@[!&]?|#|/|t:|id:)[^<>\s]{1,60}>")

_SMALL_TALK = frozenset("hi hello hey hallo hola bonjour there thanks thank you thx ok okay help test ping".split())

_TO_ALL = re.compile(r"@everyone|@here|<@&")


def is_addressed(client: "NewsBot", message: discord.Message) -> bool:
    """Whether a message is for the bot: direct, or it mentions the bot or its role, or it replies to it with a ping."""
    if message.guild is None or client.user in message.mentions:
        return True
    own = message.guild.self_role
    return own is not None and own.id in message.raw_role_mentions


async def is_open_question(client: "NewsBot", message: discord.Message) -> bool:
    """Whether a message that addresses nobody asks something, in a channel where every question is answered."""
    guild = message.guild.id if message.guild else None
    here = {message.channel.id, getattr(message.channel, "parent_id", None)}
    if not (client.settings.message_content and client.chosen.of(guild).open_channels & here):
        return False
    replied = message.reference.resolved if message.reference else None
    if any(user != message.author for user in message.mentions) or _TO_ALL.search(message.content):
        return False
    if message.reference and not (isinstance(replied, discord.Message) and replied.author == client.user):
        return False
    question, context = question_in(client, message), context_of(client, message)
    try:
        return await client.library(lambda library: library.asks(question, context=context))
    except (NewsError, TimeoutError) as error:  # whoever talks among others is not bothered with it
        log.warning("a message could not be looked at: %s", error)
        return False


def is_unread_reply(client: "NewsBot", message: discord.Message) -> bool:
    """Whether a message replies to one of ours without the ping that would have brought its text along."""
    replied = message.reference.resolved if message.reference else None
    empty = not (message.content or message.attachments or message.stickers or message.poll)
    ours = isinstance(replied, discord.Message) and replied.author == client.user
    return ours and empty and not client.settings.message_content


async def tell_how_to_reply(client: "NewsBot", message: discord.Message) -> None:
    """Says, once to each person, that a reply without the ping arrives without its text."""
    if client.told(message.author.id):
        return
    words = "Discord hands me a reply only with its ping on: leave it on, mention me, or press **Ask on**."
    await reply(client, message, words_card(words))


async def answer_message(client: "NewsBot", message: discord.Message) -> None:
    """Answers a message that is for the bot; one without a question gets help, one that can't be answered a reason."""
    with suppress(discord.HTTPException):
        await message.channel.typing()
    await reply(client, message, await card_for(client, message))


async def answer_again(client: "NewsBot", message: discord.Message) -> None:
    """Answers an edited question in the place of its answer, where it has one."""
    answer = await client.off_loop(lambda: client.ledger.reply_to(message.id))
    if answer is None or not (is_addressed(client, message) or await is_open_question(client, message)):
        return
    card = await card_for(client, message)
    try:
        await _partial(client, message.channel.id, answer).edit(**client.changing(card))
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
        guild = message.guild.id if message.guild else None
        client.must_answer_in(message.channel, guild)
        client.keep_pace(message.author, message.channel.id, guild)
        question = question_in(client, message)
        if _SMALL_TALK.issuperset(re.findall(r"\w+", question.lower())):
            return await client.library(help_for)
        context = context_of(client, message) or await _context_in_thread(client, message)
        me = message.guild.me if message.guild else None
        permissions = message.channel.permissions_for(me) if me else None
        place = place_of(message.channel, permissions, guild=guild)
        return await look_up(client, message.author, lambda library: ask_in_context(library, question, context), place)
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


async def _context_in_thread(client: "NewsBot", message: discord.Message) -> tuple[str, ...]:
    """What a question in a thread leans on: our last answer in it, else the one that the thread was made from."""
    thread = message.channel
    if message.reference or not isinstance(thread, discord.Thread):
        return ()
    last = await client.off_loop(lambda: client.ledger.last_in(thread.id))
    where = thread if last else thread.parent
    if not isinstance(where, discord.Thread | discord.TextChannel):
        return ()
    try:
        answer = await where.fetch_message(last or thread.id)
    except discord.HTTPException:  # a thread need not have been made from a message, which may be gone, too
        return ()
    return understood_context(answer) if answer.author == client.user else ()


def understood_context(message: discord.Message | None) -> tuple[str, ...]:
    """The question that one of our answers answers; nothing for other messages."""
    understood = understood_in(message) if message else None
    return (as_question(understood)[:QUESTION_LIMIT],) if understood else ()


async def reply(client: "NewsBot", message: discord.Message, card: Card) -> None:
    """Replies without a ping; where that is not allowed, tells the author why in a direct message."""
    try:
        reference = message.to_reference(fail_if_not_exists=False)
        sent = await message.channel.send(**client.sending(card), reference=reference)
        await client.off_loop(lambda: client.ledger.replied(message.id, sent.id, message.author.id))
        if isinstance(message.channel, discord.Thread) and understood_in(sent):
            await client.off_loop(lambda: client.ledger.answered_in(message.channel.id, sent.id))
    except discord.Forbidden:
        with suppress(discord.HTTPException):
            await message.author.send(
                f"I may not write in <#{message.channel.id}>: I need View Channel, Send Messages"
                " (Send Messages in Threads) and Read Message History there."
            )
    except (discord.HTTPException, StoreError) as error:
        log.warning("a reply could not be delivered: %s", error)
