"""Looks at everything that Discord must have been told for the bot to work, each finding with its fix."""

from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.client import NewsBot
from bot.inert import clean

#: What an answer needs in a channel.
PERMISSIONS = discord.Permissions(
    view_channel=True,
    send_messages=True,
    send_messages_in_threads=True,
    create_public_threads=True,
    embed_links=True,
    attach_files=True,
    read_message_history=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at; `words` say what is so and, when it isn't well, what to do."""

    well: bool
    words: str


def invitation(application_id: int) -> str:
    """The address that adds the bot to a server."""
    return discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=("bot", "applications.commands"))


async def look(client: NewsBot) -> AsyncIterator[Finding]:
    """Checks a client that is logged in; nothing connects to the gateway."""
    application = await client.application_info()
    yield Finding(well=True, words=f"Token: it belongs to {application.name} (application {application.id}).")
    yield _intents(application.flags, message_content=client.settings.message_content)
    add = invitation(application.id)
    if not application.bot_public:
        yield Finding(well=True, words="Application: only its owner can add it to servers (Public Bot is off).")
    ours = [command.to_dict(client.tree) for command in client.tree.get_commands()]
    yield command_state(ours, [command.to_dict() for command in await client.tree.fetch_commands()])
    guilds = [guild async for guild in client.fetch_guilds(limit=None)]
    if not guilds:
        yield Finding(well=False, words=f"Servers: it is in none yet. Open {add} and choose one.")
    else:
        yield _administrators(client.settings.admins, [clean(guild.name) for guild in guilds])
    for guild in guilds:
        async for finding in _in_guild(client, guild, add):
            yield finding


def _intents(flags: discord.ApplicationFlags, *, message_content: bool) -> Finding:
    given = flags.gateway_message_content or flags.gateway_message_content_limited
    if not message_content:
        more = " Message Content Intent is on, but not used (ONRECORD_MESSAGE_CONTENT)." if given else ""
        words = f"Intents: none of the privileged ones is needed, so none has to be switched on.{more}"
        return Finding(well=True, words=words)
    if given:
        return Finding(well=True, words="Intents: Message Content Intent is on; /settings names channels that need it.")
    words = (
        "Intents: ONRECORD_MESSAGE_CONTENT is set, but Message Content Intent is off, so the bot can't connect. Switch"
        " it on, on the Bot page of your application, or take the setting out of .env."
    )
    return Finding(well=False, words=words)


def command_state(ours: Iterable[Mapping[str, Any]], registered: Iterable[Mapping[str, Any]]) -> Finding:
    """Whether Discord knows the commands that we have, as they are now.

    Args:
        ours: as they would be registered.
        registered: as Discord gives them.
    """
    have, known = ({each["name"]: _shape(each) for each in some} for some in (ours, registered))
    groups = {
        "not registered": have.keys() - known.keys(),
        "registered in an earlier form": {name for name in have.keys() & known.keys() if have[name] != known[name]},
        "registered, but no longer ours": known.keys() - have.keys(),
    }
    parts = [f"{what}: {', '.join(sorted(names))}" for what, names in groups.items() if names]
    if parts:
        return Finding(well=False, words=f"Commands: {'; '.join(parts)}. Run onrecord-bot --sync.")
    return Finding(well=True, words=f"Commands: all {len(have)} are registered.")


def _shape(command: Mapping[str, Any]) -> tuple[Any, ...]:
    """What people see of a command, or of an option of it; where they see it, discord.py doesn't read back truly."""
    return (
        command["name"],
        int(command.get("type") or 1),
        command.get("description") or "",
        bool(command.get("required")),
        [(choice["name"], choice["value"]) for choice in command.get("choices") or ()],
        [_shape(option) for option in command.get("options") or ()],
    )


def _administrators(named: frozenset[int], guilds: list[str]) -> Finding:
    if named:
        words = f"Administrators: the library is changed by whom ONRECORD_ADMINS names ({len(named)}), and nobody else."
        return Finding(well=True, words=words)
    if len(guilds) == 1:
        words = f"Administrators: those with Manage Server in {guilds[0]} may change the library."
        return Finding(well=True, words=words)
    words = (
        f"Administrators: {len(guilds)} servers share the library, so none of them may change it. Set ONRECORD_ADMINS"
        " in .env to the ids of those who may."
    )
    return Finding(well=False, words=words)


async def _in_guild(client: NewsBot, guild: discord.Guild, add: str) -> AsyncIterator[Finding]:
    if client.user is None:
        raise RuntimeError("look() is for a client that is logged in")
    name = f"Server {clean(guild.name)}"
    try:
        full = await client.fetch_guild(guild.id, with_counts=False)
        member = await full.fetch_member(client.user.id)
        named = await _named_channels(client, guild.id)
        channels = [channel for channel in await full.fetch_channels() if channel.id in named] if named else []
    except discord.HTTPException as error:
        yield Finding(well=False, words=f"{name}: its permissions can't be read ({error.text or error.status}).")
        return
    missing = _missing(member.guild_permissions)
    lost = {clean(channel.name): _missing(channel.permissions_for(member)) for channel in channels}
    if missing:
        yield Finding(well=False, words=f"{name}: missing {missing}. Give them to its role, or add it again: {add}")
    elif not any(lost.values()):
        yield Finding(well=True, words=f"{name}: every permission is there (a channel may still take one away).")
    for channel, takes in lost.items() if not missing else ():
        if takes:
            words = f"{name}: #{channel}, which was named for me, takes away {takes}. Change its permissions."
            yield Finding(well=False, words=words)


async def _named_channels(client: NewsBot, guild: int) -> set[int | None]:
    """The channels that a server has named for something: to answer in, to be told in, to post in."""
    chosen = client.chosen.of(guild)
    followings = await client.off_loop(lambda: client.followings.of(guild))
    named = chosen.channels | chosen.open_channels | {each.channel for each in followings if not each.paused}
    return {*named, chosen.admin_channel} - {None}


def _missing(has: discord.Permissions) -> str:
    """The names of the permissions that are missing for answers; empty where none is."""
    if has.administrator:
        return ""
    missing = [permission for permission, needed in PERMISSIONS if needed and not getattr(has, permission)]
    return ", ".join(permission.replace("_", " ").title() for permission in missing)
