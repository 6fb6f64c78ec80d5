"""Choices: `/settings` for a server, and `/privacy` for each person; both ephemeral."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands

from bot.commands.admin import administering
from bot.guilds import KEPT_FOR, Choices
from bot.notices import words_card
from bot.passages import count_of
from bot.settings import BotSettings
from bot.words import Refused

if TYPE_CHECKING:
    from bot.client import NewsBot

#: Channels that a server may name, so that the list of them fits a card.
CHANNELS_LIMIT = 25

MOST_A_MINUTE = 1000

UNREAD = (
    "I can't read messages that don't mention me. Whoever runs me has to switch **Message Content Intent** on, on the"
    " Bot page of the application, and to set `ONRECORD_MESSAGE_CONTENT` to true."
)


@app_commands.command(name="settings", description="What this server has chosen; name what you want to change.")
@app_commands.describe(
    answers="Whether answers to commands are for everybody or for who asks",
    buttons="Who may use the buttons of an answer",
    channel="Add a channel to those in which I answer, or take it out",
    open_channel="Add a channel in which I answer every question without a mention, or take it out",
    person_limit="Questions that one person may ask within a minute",
    channel_limit="Questions that may be asked in one channel within a minute; 0 for any number",
    admin_channel="Where administrators are told what fails and what is reported; the same again for nowhere",
)
@app_commands.rename(
    open_channel="open-channel",
    person_limit="person-limit",
    channel_limit="channel-limit",
    admin_channel="admin-channel",
)
@app_commands.default_permissions(manage_guild=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def settings(
    interaction: discord.Interaction["NewsBot"],
    answers: Literal["everybody", "asker"] | None = None,
    buttons: Literal["everybody", "asker"] | None = None,
    channel: discord.TextChannel | discord.ForumChannel | None = None,
    open_channel: discord.TextChannel | discord.ForumChannel | None = None,
    person_limit: app_commands.Range[int, 1, MOST_A_MINUTE] | None = None,
    channel_limit: app_commands.Range[int, 0, MOST_A_MINUTE] | None = None,
    admin_channel: discord.TextChannel | None = None,
) -> None:
    """`/settings`."""
    client, guild = interaction.client, interaction.guild_id or 0
    async with administering(interaction, "settings") as outcome:
        await interaction.response.defer(ephemeral=True, thinking=True)
        chosen = client.chosen.of(guild)
        if answers:
            chosen = replace(chosen, private=answers == "asker")
        if buttons:
            chosen = replace(chosen, asker_only=buttons == "asker")
        if channel:
            chosen = replace(chosen, channels=chosen.channels ^ {channel.id})
        if open_channel:
            chosen = replace(chosen, open_channels=chosen.open_channels ^ {open_channel.id})
            if open_channel.id in chosen.open_channels and not client.settings.message_content:
                raise Refused(UNREAD)
        if person_limit is not None:
            chosen = replace(chosen, per_person=person_limit)
        if channel_limit is not None:
            chosen = replace(chosen, per_channel=channel_limit or None)
        if admin_channel:
            again = chosen.admin_channel == admin_channel.id
            chosen = replace(chosen, admin_channel=None if again else admin_channel.id)
        if max(len(chosen.channels), len(chosen.open_channels)) > CHANNELS_LIMIT:
            raise Refused(f"At most {CHANNELS_LIMIT} channels can be named; with none, I answer everywhere.")
        outcome.words = "looked at"
        if chosen != client.chosen.of(guild):
            outcome.words = _changed(client.chosen.of(guild), chosen)
            await client.chosen.choose(guild, chosen)
    await interaction.followup.send(
        **client.sending(words_card(_told(chosen, client.settings), "Settings")), ephemeral=True
    )


@app_commands.command(name="privacy", description="What I keep about you, and how to have it forgotten.")
@app_commands.describe(forget="Forget it all now")
@app_commands.allowed_installs(guilds=True, users=True)
@app_commands.allowed_contexts(guilds=True, dms=True, private_channels=True)
async def privacy(interaction: discord.Interaction["NewsBot"], forget: bool = False) -> None:
    """`/privacy`."""
    client, user = interaction.client, interaction.user.id
    await interaction.response.defer(ephemeral=True, thinking=True)
    if forget:
        await client.off_loop(lambda: client.ledger.forget(user))
    kept = await client.off_loop(lambda: client.ledger.about(user))
    deeds = await client.off_loop(lambda: client.audit.about(user))
    follows = await client.off_loop(lambda: sum(each.who == user for each in client.followings.of()))
    days = KEPT_FOR // (24 * 3600)
    words = (
        "I store nothing that you write. So that pages can be turned, I keep for "
        f"{days} days which passages an answer held and the number of who asked; so that an answer goes when its"
        f" question goes, the numbers of both messages: {count_of(kept, 'entry', 'entries')} about you."
    )
    if deeds:
        words += (
            f"\nYou administered, or reported a passage: {count_of(deeds, 'deed')} of yours stay in the servers'"
            " audits for a year."
        )
    if follows:
        words += f"\nYou set up what channels follow: {count_of(follows, 'following')}, until somebody ends them."
    words += "\nForgotten." if forget else "\n`/privacy forget:True` forgets these entries now."
    await interaction.followup.send(**client.sending(words_card(words, "Privacy")), ephemeral=True)


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    tree.add_command(settings)
    tree.add_command(privacy)


def _changed(before: Choices, after: Choices) -> str:
    """Which choices changed, and into what."""
    named = [
        f"{name.replace('_', ' ')} {sorted(value) if isinstance(value, frozenset) else value}"
        for name, value in asdict(after).items()
        if value != getattr(before, name)
    ]
    return ", ".join(named)


def _told(chosen: Choices, settings: BotSettings) -> str:
    where = _channels(chosen.channels) or "every channel that I can see"
    person = chosen.per_person or settings.questions_per_minute
    channel = f", {chosen.per_channel} in one channel" if chosen.per_channel else ""
    told = f"<#{chosen.admin_channel}>" if chosen.admin_channel else "the audit alone (`admin-channel` names a channel)"
    if not settings.message_content:
        every = "nowhere: whoever runs me has not let me read messages that don't mention me"
    else:
        every = (
            f"in {_channels(chosen.open_channels)}" if chosen.open_channels else "nowhere (`open-channel` names one)"
        )
    return "\n".join(
        (
            f"**Answers to commands** are for {'who asks' if chosen.private else 'everybody'}.",
            f"**The buttons** of an answer are for {'who asked' if chosen.asker_only else 'everybody'}.",
            f"**I answer** in {where}.",
            f"**Every question**, also without a mention, is answered {every}.",
            f"**Within a minute**, one person may ask {count_of(person, 'question')}{channel}.",
            f"**Sources that fail**, and passages that are reported, are told of in {told}.",
        )
    )


def _channels(ids: Iterable[int]) -> str:
    return ", ".join(f"<#{one}>" for one in sorted(ids))
