"""What the buttons do: pages, threads, a passage in context, more from its speaker or on its topic, share, report."""

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import discord

from bot.audit import Deed
from bot.buttons import IdButton
from bot.cards import answer_card, context_card, whole_of
from bot.commands.answering import LOOK_UP, QUESTION_LIMIT, answer_command, ask_in_context, place_of
from bot.commands.conversation import understood_context
from bot.inert import cut, escape
from bot.layouts import Card, picture_in, understood_in
from bot.notices import words_card
from bot.recall import of_article, recalled
from bot.words import Refused
from index.model import Answer

if TYPE_CHECKING:
    from bot.buttons import Press
    from bot.client import NewsBot
    from index.app import Library

log = logging.getLogger(__name__)

#: How long a window may stand open; Discord doesn't tell when somebody closes one.
WINDOW_SECONDS = 900.0

THREAD_NAME_LIMIT = 100
HAS_THREAD = 160004  # Discord's code for a message that a thread was made from already
MOST_DIGITS = 19  # of a key that a database can hold


async def turn_page(interaction: "discord.Interaction[NewsBot]", ids: str) -> None:
    """Shows another page of an answer in its place."""
    client, message = interaction.client, interaction.message
    key, _, start = ids.partition(".")
    await interaction.response.defer()
    place = place_of(
        interaction.channel, interaction.app_permissions, guild=interaction.guild_id, private=_alone(message)
    )

    def look(library: "Library") -> Card:
        answer = _kept_answer(interaction, library, key)
        first = min(int(start), max(len(answer.passages) - 1, 0)) if start.isdecimal() else 0
        passages = client.settings.passages
        return answer_card(answer, passages=passages, start=first, key=int(key), threads=place.threads)

    with client.answering():
        card = replace(await client.library(look), picture=picture_in(message) if message else None)
        await interaction.edit_original_response(**client.changing(card))


async def continue_in_thread(interaction: "discord.Interaction[NewsBot]", key: str) -> None:
    """Makes a thread from an answer and shows the whole of it there; questions in the thread lean on it."""
    client, message = interaction.client, interaction.message
    client.keep_pace(interaction.user, interaction.channel_id, interaction.guild_id)
    await interaction.response.defer(ephemeral=True, thinking=True)
    place = place_of(interaction.channel, interaction.app_permissions, guild=interaction.guild_id)
    if message is None or not place.threads:
        raise Refused("I can't make a thread here: I need Create Public Threads and Send Messages in Threads.")
    with client.answering():
        answer = await client.library(lambda library: _kept_answer(interaction, library, key))
        cards = whole_of(answer, client.settings.passages)
        try:
            thread = await message.create_thread(name=cut(answer.understood, THREAD_NAME_LIMIT) or "On Record")
        except discord.HTTPException as error:
            if error.code != HAS_THREAD:
                raise
            words = words_card(f"It goes on in <#{message.id}> already.")
        else:
            for card in cards:
                sent = await thread.send(**client.sending(card), silent=True)
            await client.off_loop(lambda: client.ledger.answered_in(thread.id, sent.id))
            words = words_card(f"All of it is in <#{thread.id}>.")
        await interaction.followup.send(**client.sending(words), ephemeral=True)


async def show_context(interaction: "discord.Interaction[NewsBot]", reference: str) -> None:
    """Shows a paragraph in its surroundings, to who pressed."""
    client = interaction.client
    client.keep_pace(interaction.user, interaction.channel_id, interaction.guild_id)
    await interaction.response.defer(ephemeral=True, thinking=True)
    with client.answering():
        card = await client.library(lambda library: _context(library, reference, private=True))
        await interaction.followup.send(**client.sending(card), ephemeral=True)


async def show_more(interaction: "discord.Interaction[NewsBot]", speaker: str) -> None:
    """Shows all that a speaker said, to who pressed."""
    await answer_command(interaction, lambda library: library.said(speaker, limit=LOOK_UP), private=True)


async def show_topic(interaction: "discord.Interaction[NewsBot]", topic: str) -> None:
    """Shows who spoke about a topic, to who pressed."""
    await answer_command(
        interaction, lambda library: ask_in_context(library, f"who spoke about {topic}?"), private=True
    )


async def show_article(interaction: "discord.Interaction[NewsBot]", article: str) -> None:
    """Shows who says what in an article, to who pressed."""
    await answer_command(interaction, lambda library: of_article(library, article), private=True)


class AskOn(discord.ui.Modal, title="Ask on"):
    """A question that leans on an answer.

    Args:
        context: the question that was answered.
    """

    question: discord.ui.TextInput["AskOn"] = discord.ui.TextInput(
        label="Your question", placeholder="And about Russia?", max_length=QUESTION_LIMIT
    )

    def __init__(self, context: tuple[str, ...]) -> None:
        super().__init__(timeout=WINDOW_SECONDS)
        self._context = context

    async def on_submit(self, interaction: discord.Interaction[Any], /) -> None:
        question, context = self.question.value, self._context
        client: NewsBot = interaction.client
        try:
            await answer_command(interaction, lambda library: ask_in_context(library, question, context))
        except Exception as error:  # noqa: BLE001 - whoever asks gets a reason
            await client.explain(interaction, error)


async def ask_on(interaction: "discord.Interaction[NewsBot]", ids: str) -> None:
    """Asks for a question in the context of the answer, for which a reply without a ping would not do."""
    del ids
    await interaction.response.send_modal(AskOn(understood_context(interaction.message)))


async def share(interaction: "discord.Interaction[NewsBot]", reference: str) -> None:
    """Shows in the channel what one person alone saw."""
    client = interaction.client
    client.keep_pace(interaction.user, interaction.channel_id, interaction.guild_id)
    await interaction.response.defer(thinking=True)
    with client.answering():
        card = await client.library(lambda library: _context(library, reference, private=False))
        await interaction.followup.send(**client.sending(card))


async def report_wrong(interaction: "discord.Interaction[NewsBot]", reference: str) -> None:
    """Tells the administrators that somebody thinks a passage is wrong; the passage goes out as its id.

    It stands in the server's audit, in the channel that the server has named for its administrators, and in a message
    to each of those whom the settings name.
    """
    client = interaction.client
    client.keep_pace(interaction.user, interaction.channel_id, interaction.guild_id)
    await interaction.response.defer(ephemeral=True, thinking=True)
    deed = Deed(who=interaction.user.id, action="reported", subject=reference)
    await client.keep_deed(interaction.guild_id or 0, deed)
    words = words_card(
        f"<@{interaction.user.id}> thinks that something is wrong with {escape(reference, 200)}.", "Reported passage"
    )
    words = replace(words, buttons=(IdButton("context", reference, "In context"),))
    channel = client.chosen.of(interaction.guild_id).admin_channel
    if channel is not None:
        try:
            await client.get_partial_messageable(channel).send(**client.sending(words))
        except discord.HTTPException as error:
            log.warning("the channel for administrators could not be told: %s", error)
    await client.tell_administrators(words)
    thanks = words_card("Thank you. The administrators can see which passage you mean.")
    await interaction.followup.send(**client.sending(thanks), ephemeral=True)


async def ask_near(interaction: "discord.Interaction[NewsBot]", near: str) -> None:
    """Asks for who, or what, was nearly asked for; a name takes the place of the one in the question."""
    context = understood_context(interaction.message)
    question = near if near.rstrip().endswith("?") else f"what about {near}?" if context else f"what did {near} say?"
    await answer_command(interaction, lambda library: ask_in_context(library, question, context))


def _of_the_asker(press: "Press") -> "Press":
    """A press that is for the one who asked alone, in servers that have chosen so."""

    async def pressed(interaction: "discord.Interaction[NewsBot]", ids: str) -> None:
        client, message = interaction.client, interaction.message
        if message and client.chosen.of(interaction.guild_id).asker_only:
            origin = message.interaction_metadata
            asker = origin.user.id if origin else await client.off_loop(lambda: client.ledger.asker_of(message.id))
            if asker not in {None, interaction.user.id}:
                raise Refused("In this server, only the person who asked uses the buttons of an answer.")
        await press(interaction, ids)

    return pressed


def presses() -> "dict[str, Press]":
    """What a press does, by verb."""
    ours: dict[str, Press] = {
        "page": turn_page,
        "context": show_context,
        "more": show_more,
        "thread": continue_in_thread,
        "topic": show_topic,
        "article": show_article,
        "ask": ask_on,
        "near": ask_near,
        "share": share,
        "wrong": report_wrong,
    }
    return {verb: _of_the_asker(press) for verb, press in ours.items()}


def _kept_answer(interaction: "discord.Interaction[NewsBot]", library: "Library", key: str) -> Answer:
    """The answer that a message shows a page of.

    Raises:
        Refused: it was given too long ago.
    """
    client, message = interaction.client, interaction.message
    shown = client.ledger.shown(int(key)) if key.isdecimal() and len(key) < MOST_DIGITS else None
    if shown is None:
        raise Refused("This answer was given too long ago to turn its pages; please ask again.")
    return recalled(library, shown, (understood_in(message) if message else None) or "")


def _alone(message: discord.Message | None) -> bool:
    """Whether one person alone sees a message."""
    return message is not None and message.flags.ephemeral


def _context(library: "Library", reference: str, *, private: bool) -> Card:
    stored, number = library.show(reference)
    return context_card(stored.article, number or 0, private=private)
