"""From a call on the library to an answer that is sent: what all ways of asking have in common."""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

import discord

from bot.cards import answer_card, has_more
from bot.layouts import Card
from bot.notices import help_card
from bot.recall import kept
from index.errors import StoreError
from index.model import Answer

if TYPE_CHECKING:
    from bot.client import NewsBot
    from index.app import Library

log = logging.getLogger(__name__)

QUESTION_LIMIT = 1000
#: Passages looked up; a card shows the best of them, its pages the others.
LOOK_UP = 25


async def look_up(client: "NewsBot", asker: discord.abc.User, ask: Callable[["Library"], Answer]) -> Card:
    """The card of an answer; one with more passages than a page holds is kept, as ids, so that pages can be turned."""

    def look(library: "Library") -> Card:
        answer = ask(library)
        coverage = None if answer.found else library.coverage()
        card = answer_card(answer, coverage=coverage, passages=client.settings.passages)
        if not has_more(answer, card):
            return card
        try:
            key = client.ledger.keep(kept(library, answer, asker.id))
        except StoreError as error:
            log.warning("an answer has one page only: %s", error)
            return card
        return answer_card(answer, passages=client.settings.passages, key=key)

    with client.figures.looking_up() as tell:
        card = await client.library(look)
        tell(not card.quiet)
    return card


async def answer_command(
    interaction: "discord.Interaction[NewsBot]", ask: Callable[["Library"], Answer], *, private: bool = False
) -> None:
    """Answers a command or a press, in public or for its author; what goes wrong is told to its author alone."""
    client = interaction.client
    client.keep_pace(interaction.user, interaction.channel_id, interaction.guild_id)
    client.must_answer_in(interaction.channel, interaction.guild_id)
    private = private or client.choices(interaction.guild_id).private
    await interaction.response.defer(ephemeral=private, thinking=True)
    with client.answering():
        card = await look_up(client, interaction.user, ask)
        await interaction.followup.send(**client.sending(card), ephemeral=private)


def ask_in_context(library: "Library", question: str, context: tuple[str, ...] = ()) -> Answer:
    """Asks the library for as many passages as pages show."""
    answer = library.ask(question, context=context, limit=LOOK_UP)
    log.info("question of %d characters: %s, %d passages", len(question), answer.intent, len(answer.passages))
    return answer


def help_for(library: "Library") -> Card:
    """How to ask, with names that are on record."""
    return help_card(library.coverage(), [entry.speaker.name for entry in library.speakers(limit=2)])
