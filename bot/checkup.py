"""Looks at everything that Discord must have been told for the bot to work, each finding with its fix."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands

from bot.client import NewsBot

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
    registered = [each async for each in _registered(client)]
    yield command_state(client.tree.get_commands(), registered)
    guilds = [guild async for guild in client.fetch_guilds(limit=200)]
    if not guilds:
        yield Finding(well=False, words=f"Servers: it is in none yet. Open {add} and choose one.")
    else:
        yield _administrators(client.settings.admins, [guild.name for guild in guilds])
    for guild in guilds:
        yield await _in_guild(client, guild, add)


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


async def _registered(client: NewsBot) -> AsyncIterator[str]:
    for command in await client.tree.fetch_commands():
        yield command.name


def command_state(
    ours: Iterable[app_commands.Command[Any, ..., Any] | app_commands.Group | app_commands.ContextMenu],
    registered: Iterable[str],
) -> Finding:
    """Whether Discord knows the commands that we have."""
    have, known = {command.name for command in ours}, set(registered)
    if have == known:
        return Finding(well=True, words=f"Commands: all {len(have)} are registered.")
    missing, extra = sorted(have - known), sorted(known - have)
    parts = [f"not registered: {', '.join(missing)}"] if missing else []
    parts += [f"registered, but no longer ours: {', '.join(extra)}"] if extra else []
    return Finding(well=False, words=f"Commands: {'; '.join(parts)}. Run onrecord-bot --sync.")


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


async def _in_guild(client: NewsBot, guild: discord.Guild, add: str) -> Finding:
    if client.user is None:
        raise RuntimeError("look() is for a client that is logged in")
    name = f"Server {guild.name}"
    try:
        full = await client.fetch_guild(guild.id, with_counts=False)
        member = await full.fetch_member(client.user.id)
    except discord.HTTPException as error:
        return Finding(well=False, words=f"{name}: its permissions can't be read ({error.text or error.status}).")
    has = member.guild_permissions
    missing = [permission for permission, needed in PERMISSIONS if needed and not getattr(has, permission)]
    if has.administrator or not missing:
        return Finding(well=True, words=f"{name}: every permission is there (a channel may still take one away).")
    names = ", ".join(permission.replace("_", " ").title() for permission in missing)
    return Finding(well=False, words=f"{name}: missing {names}. Give them to its role, or add it again: {add}")
