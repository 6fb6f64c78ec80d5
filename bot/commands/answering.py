"""From a call on the library to an answer that is sent: what all ways of asking have in common."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import discord

from bot.cards import answer_card, has_more
from bot.layouts import Card
from bot.notices import help_card
from bot.recall import kept
from index.errors import StoreError
from index.model import Answer, Intent

if TYPE_CHECKING:
    from bot.client import NewsBot
    from index.app import Library

log = logging.getLogger(__name__)

QUESTION_LIMIT = 1000
#: Passages looked up; a card shows the best of them, its pages the others.
LOOK_UP = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What may be done where an answer goes.

    Attributes:
        pictures: whether files can be sent along.
        threads: whether a thread can be made from a message.
    """

    pictures: bool = True
    threads: bool = False


def place_of(
    channel: object, permissions: discord.Permissions | None, *, guild: int | None, private: bool = False
) -> Place:
    """What the bot may do in a channel.

    Args:
        channel: where the answer goes.
        permissions: the bot's own there; None when they are not known.
        guild: the channel's server.
        private: whether one person alone will see the answer.
    """
    if guild is None or permissions is None:
        return Place()
    thread = permissions.create_public_threads and permissions.send_messages_in_threads
    on_messages = isinstance(channel, discord.TextChannel)
    return Place(pictures=permissions.attach_files, threads=thread and on_messages and not private)


async def look_up(client: "NewsBot", asker: discord.abc.User, ask: Callable[["Library"], Answer], place: Place) -> Card:
    """The card of an answer; one with more passages than a page holds is kept, as ids, so that pages can be turned."""
    passages = client.settings.passages

    def look(library: "Library") -> tuple[Answer, Card]:
        answer = ask(library)
        coverage = None if answer.found else library.coverage()
        card = answer_card(answer, coverage=coverage, passages=passages)
        if not has_more(answer, card):
            return answer, card
        try:
            key = client.ledger.keep(kept(library, answer, asker.id))
        except StoreError as error:
            log.warning("an answer has one page only: %s", error)
            return answer, card
        return answer, answer_card(answer, passages=passages, key=key, threads=place.threads)

    with client.figures.looking_up() as tell:
        answer, card = await client.library(look)
        tell(not card.quiet)
    if answer.intent is Intent.TIMELINE and place.pictures:
        card = replace(card, picture=await client.charts.draw(answer))
    return card


async def answer_command(
    interaction: "discord.Interaction[NewsBot]",
    ask: Callable[["Library"], Answer],
    *,
    private: bool = False,
    note: str = "",
) -> None:
    """Answers a command or a press, in public or for its author; what goes wrong is told to its author alone.

    Args:
        interaction: the command, or the press.
        ask: the look-up.
        private: whether its author alone sees the answer, whatever the server has chosen.
        note: a quiet line below an answer that found something; foreign parts in it must have been escaped.
    """
    client, guild = interaction.client, interaction.guild_id
    client.must_answer_in(interaction.channel, guild)
    client.keep_pace(interaction.user, interaction.channel_id, guild)
    private = private or client.chosen.of(guild).private
    await interaction.response.defer(ephemeral=private, thinking=True)
    place = place_of(interaction.channel, interaction.app_permissions, guild=guild, private=private)
    with client.answering():
        card = await look_up(client, interaction.user, ask, place)
        if note and not card.quiet:
            card = replace(card, feet=(*card.feet, note))
        await interaction.followup.send(**client.sending(card), ephemeral=private)


def ask_in_context(library: "Library", question: str, context: tuple[str, ...] = ()) -> Answer:
    """Asks the library for as many passages as pages show."""
    answer = library.ask(question, context=context, limit=LOOK_UP)
    log.info("question of %d characters: %s, %d passages", len(question), answer.intent, len(answer.passages))
    return answer


def help_for(library: "Library") -> Card:
    """How to ask, with names that are on record."""
    return help_card(library.coverage(), [entry.speaker.name for entry in library.speakers(limit=2)])
