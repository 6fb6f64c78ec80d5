"""`/follow`, `/following`, `/unfollow`: what a channel follows; for those who manage the channel or the server."""

from typing import TYPE_CHECKING, Literal

import discord
from discord import app_commands

from bot.buttons import IdButton
from bot.commands.admin import administering, must_manage_channel
from bot.commands.speakers import suggest_names, suggest_outlets, suggest_topics
from bot.followings import FOLLOWINGS_LIMIT, Following, Kind, Rhythm
from bot.inert import clean, cut, escape
from bot.layouts import Block, Card
from bot.notices import words_card
from bot.passages import NAME_ROOM
from bot.words import Refused
from index.model import PersonEntry
from index.people import folded

if TYPE_CHECKING:
    from bot.buttons import Press
    from bot.client import NewsBot
    from index.app import Library

CHOICES = 25
CHOICE_LIMIT = 100
PAGE = 8
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Day = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
Hour = app_commands.Range[int, 0, 23]
Offset = app_commands.Range[int, -12, 14]
Interaction = discord.Interaction["NewsBot"]

follow = app_commands.Group(
    name="follow",
    description="Post new statements in this channel.",
    default_permissions=discord.Permissions(manage_channels=True),
    allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
    allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
)

_WHEN = {
    "rhythm": "As they come, or in a digest",
    "hour": "Of a digest: at which hour, 0 to 23 (8)",
    "day": "Of a weekly digest: on which day (Monday)",
    "utc_offset": "Hours that your clock is ahead of UTC; -5 in New York in winter (0)",
}


@follow.command(name="speaker", description="Post what somebody says, when it is new.")
@app_commands.describe(speaker="The name in full", **_WHEN)
@app_commands.autocomplete(speaker=suggest_names)
async def follow_speaker(
    interaction: Interaction,
    speaker: app_commands.Range[str, 1, 200],
    rhythm: Rhythm = "at once",
    hour: Hour = 8,
    day: Day = "Monday",
    utc_offset: Offset = 0,
) -> None:
    """`/follow speaker`."""
    await _follow(interaction, "speaker", speaker, rhythm, hour, day, utc_offset)


@follow.command(name="topic", description="Post what is said about a topic, when it is new.")
@app_commands.describe(topic="A few words that have to stand there", **_WHEN)
@app_commands.autocomplete(topic=suggest_topics)
async def follow_topic(
    interaction: Interaction,
    topic: app_commands.Range[str, 2, 80],
    rhythm: Rhythm = "at once",
    hour: Hour = 8,
    day: Day = "Monday",
    utc_offset: Offset = 0,
) -> None:
    """`/follow topic`."""
    await _follow(interaction, "topic", topic, rhythm, hour, day, utc_offset)


@follow.command(name="outlet", description="Post what an outlet quotes, when it is new.")
@app_commands.describe(outlet="Its name", **_WHEN)
@app_commands.autocomplete(outlet=suggest_outlets)
async def follow_outlet(
    interaction: Interaction,
    outlet: app_commands.Range[str, 1, 100],
    rhythm: Rhythm = "at once",
    hour: Hour = 8,
    day: Day = "Monday",
    utc_offset: Offset = 0,
) -> None:
    """`/follow outlet`."""
    await _follow(interaction, "outlet", outlet, rhythm, hour, day, utc_offset)


async def _follow(
    interaction: Interaction, kind: Kind, named: str, rhythm: Rhythm, hour: int, day: Day, utc_offset: int
) -> None:
    client, guild, channel = interaction.client, interaction.guild_id or 0, interaction.channel_id or 0
    async with administering(interaction, f"follow {kind}", named, may=must_manage_channel) as outcome:
        await interaction.response.defer(ephemeral=True, thinking=True)
        _must_post_here(interaction)
        subject, name = await client.library(lambda library: _subject(library, kind, named))
        last = await client.library(lambda library: library.store.snapshot().corpus.sequence())
        await client.off_loop(lambda: client.followings.begin_at(last))
        known = await client.off_loop(lambda: client.followings.of(guild))
        others = [each for each in known if (each.channel, each.subject) != (channel, subject)]
        if len(others) >= FOLLOWINGS_LIMIT:
            raise Refused(f"A server can follow {FOLLOWINGS_LIMIT} at once; `/following` lists them, and ends them.")
        following = Following(
            guild=guild,
            channel=channel,
            kind=kind,
            subject=subject,
            name=name,
            who=interaction.user.id,
            rhythm=rhythm,
            hour=hour,
            weekday=DAYS.index(day),
            utc_offset=utc_offset,
        )
        made = await client.off_loop(lambda: client.followings.add(following))
        outcome.words = f"<#{channel}> {when_of(made)}"
    words = f"<#{channel}> follows {_what(made)}: {when_of(made)}.\n-# Only what comes in from now on is posted."
    card = Card(
        title="### Following",
        blocks=(Block(text=words),),
        buttons=(IdButton("unfollow", str(made.key), "Unfollow"),),
        quiet=True,
    )
    await interaction.followup.send(**client.sending(card), ephemeral=True)


def _must_post_here(interaction: Interaction) -> None:
    own = interaction.app_permissions
    writes = own.send_messages_in_threads if isinstance(interaction.channel, discord.Thread) else own.send_messages
    if not (own.view_channel and writes):
        raise Refused("I may not post in this channel: I need View Channel and Send Messages here.")


def _subject(library: "Library", kind: Kind, named: str) -> tuple[str, str]:
    """What is followed, and its name as it is shown."""
    if kind == "topic":
        return " ".join(clean(named).lower().split()), clean(named)
    if kind == "outlet":
        outlets = {folded(name): name for name in library.coverage().outlets}
        name = outlets.get(folded(named))
        if name is None:
            known = ", ".join(escape(each, NAME_ROOM) for each in sorted(outlets.values())[:5]) or "none"
            raise Refused(f"No outlet “{escape(named, NAME_ROOM)}” is on record. There are: {known}.")
        return name.lower(), name
    person = _person(library, named)
    return person.speaker.id, person.speaker.name


def _person(library: "Library", named: str) -> PersonEntry:
    near = library.speakers(named)
    for entry in near:
        if named == entry.speaker.id or folded(named) == folded(entry.speaker.name):
            return entry
    hint = f" Near: {', '.join(escape(entry.speaker.name, NAME_ROOM) for entry in near[:3])}." if near else ""
    raise Refused(f"Nobody called “{escape(named, NAME_ROOM)}” is on record.{hint}")


@app_commands.command(name="following", description="What the channels of this server follow.")
@app_commands.default_permissions(manage_channels=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def following(interaction: Interaction) -> None:
    """`/following`."""
    client, guild = interaction.client, interaction.guild_id or 0
    must_manage_channel(interaction)
    await interaction.response.defer(ephemeral=True, thinking=True)
    all_of_them = await client.off_loop(lambda: client.followings.of(guild))
    await interaction.followup.send(**client.sending(following_card(all_of_them)), ephemeral=True)


def following_card(all_of_them: list[Following]) -> Card:
    """What a server follows, each with a button that ends it as far as there is room."""
    if not all_of_them:
        return words_card("Nothing is followed here. `/follow speaker` in a channel begins.", "Following")
    blocks = []
    for each in all_of_them[:PAGE]:
        state = f"\n-# paused: {escape(each.paused, NAME_ROOM)}; follow again to go on" if each.paused else ""
        text = f"<#{each.channel}> {_what(each)}, {when_of(each)}{state}"
        blocks.append(Block(text=text, button=IdButton("unfollow", str(each.key), "Unfollow")))
    more = len(all_of_them) - len(blocks)
    feet = (f"and {more} more; `/unfollow` names them all",) if more else ()
    return Card(title="### Following", blocks=tuple(blocks), feet=feet, quiet=True)


async def _suggest_followings(interaction: Interaction, typed: str) -> list[app_commands.Choice[str]]:
    client, guild = interaction.client, interaction.guild_id or 0
    all_of_them = await client.off_loop(lambda: client.followings.of(guild))
    channels = {channel.id: channel.name for channel in interaction.guild.channels} if interaction.guild else {}
    names = [(f"{each.name} · #{channels.get(each.channel, each.channel)}", str(each.key)) for each in all_of_them]
    fitting = [(name, key) for name, key in names if folded(typed) in folded(name)]
    return [app_commands.Choice(name=cut(name, CHOICE_LIMIT), value=key) for name, key in fitting[:CHOICES]]


@app_commands.command(name="unfollow", description="Post nothing new any more of what a channel follows.")
@app_commands.describe(followed="What is followed")
@app_commands.autocomplete(followed=_suggest_followings)
@app_commands.default_permissions(manage_channels=True)
@app_commands.allowed_installs(guilds=True, users=False)
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def unfollow(interaction: Interaction, followed: app_commands.Range[str, 1, CHOICE_LIMIT]) -> None:
    """`/unfollow`."""
    await _end(interaction, followed)


async def _end(interaction: Interaction, named: str) -> None:
    client, guild = interaction.client, interaction.guild_id or 0
    await interaction.response.defer(ephemeral=True, thinking=True)
    known = await client.off_loop(lambda: client.followings.of(guild))
    found = next((each for each in known if named == str(each.key) or folded(named) == folded(each.name)), None)
    async with administering(interaction, "unfollow", found.name if found else "", may=must_manage_channel):
        if found is None:
            raise Refused("That is not followed in this server any more.")
        await client.off_loop(lambda: client.followings.remove(found.key))
    card = words_card(f"<#{found.channel}> no longer follows {_what(found)}.", "Following")
    await interaction.followup.send(**client.sending(card), ephemeral=True)


def _what(each: Following) -> str:
    name = escape(each.name, NAME_ROOM)
    return f"the topic **{name}**" if each.kind == "topic" else f"**{name}**"


def when_of(each: Following) -> str:
    """When it is posted, in words."""
    if each.rhythm == "at once":
        return "posted as it comes"
    zone = f"UTC{each.utc_offset:+d}" if each.utc_offset else "UTC"
    when = "every day" if each.rhythm == "daily" else f"every {DAYS[each.weekday]}"
    return f"{when} at {each.hour}:00 {zone}"


def add_to(tree: "app_commands.CommandTree[NewsBot]") -> None:
    """Adds the commands of this family."""
    tree.add_command(follow)
    tree.add_command(following)
    tree.add_command(unfollow)


def presses() -> "dict[str, Press]":
    """What a press does, by verb."""
    return {"unfollow": _end}
