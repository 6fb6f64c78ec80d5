"""The command onrecord-bot: settings -> library -> client; `--check` and `--sync` talk to Discord and leave again."""

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Awaitable, Callable, Sequence
from typing import TextIO

import aiohttp
import discord

from bot.checkup import invitation, look
from bot.client import NewsBot
from bot.guilds import Ledger
from bot.health import served
from bot.logs import write_logs
from bot.reindexing import Reindexing
from bot.settings import BotSettings, load_bot_settings
from bot.sharding import ShardedBot, shards_of
from index import cli
from index.app import open_library
from index.errors import NewsError, SettingsError
from index.settings import load_settings

log = logging.getLogger("bot")

UNSET = (
    "No Discord token is set: create an application at https://discord.com/developers/applications,"
    " copy the token from its Bot page, and put ONRECORD_TOKEN=... into .env (docs/discord.md shows every step)."
)
REFUSED = (
    "Discord doesn't accept the token: copy a new one with Reset Token on the Bot page of your application at"
    " https://discord.com/developers/applications, and put it into .env as ONRECORD_TOKEN=..."
)
INTENT_OFF = (
    "Discord doesn't hand over the text of messages: on the Bot page of your application at"
    " https://discord.com/developers/applications switch Message Content Intent on,"
    " or take ONRECORD_MESSAGE_CONTENT out of .env."
)
UNREACHABLE = "Discord can't be reached: check this machine's connection and https://discordstatus.com, and try again."
CHAT_INSTEAD = (
    "Answering here in the terminal. To answer in Discord, put ONRECORD_TOKEN=... into .env"
    " (docs/discord.md shows every step)."
)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command.

    Returns:
        0 done, 1 a failure explained in one line, 2 wrong usage.
    """
    arguments = _parser().parse_args(argv)
    try:
        return _run(arguments)
    except NewsError as error:
        return _failed(str(error))
    except discord.LoginFailure:
        return _failed(REFUSED)
    except discord.PrivilegedIntentsRequired:
        return _failed(INTENT_OFF)
    except (aiohttp.ClientError, discord.GatewayNotFound, OSError) as error:
        log.debug("no connection", exc_info=error)
        return _failed(UNREACHABLE)
    except discord.HTTPException as error:
        return _failed(f"Discord refused: {error.text or error.status}.")


def _run(arguments: argparse.Namespace) -> int:
    settings = load_bot_settings()
    if settings.token is None and arguments.or_chat:
        _say(CHAT_INSTEAD, sys.stderr)
        return cli.main(["chat"])
    if settings.token is None:
        raise SettingsError(UNSET)
    token = settings.token.get_secret_value().strip()
    write_logs(settings.log_format)
    if arguments.check:
        return asyncio.run(_logged_in(settings, token, _check))
    if arguments.sync:
        return asyncio.run(_logged_in(settings, token, _sync))
    return asyncio.run(_serve(settings, token))


def _say(words: str, stream: TextIO | None = None) -> None:
    print(words, file=stream)


def _failed(words: str) -> int:
    _say(words, sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="onrecord-bot", description="Answers in Discord who said what in the news.")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="check token, intents, permissions and commands, and leave")
    mode.add_argument("--sync", action="store_true", help="register the commands with Discord, and leave")
    mode.add_argument("--or-chat", action="store_true", help="without a token, answer in the terminal instead")
    return parser


def build(settings: BotSettings) -> NewsBot:
    """The client with all that it needs; whoever calls closes its library."""
    index_settings = load_settings()
    shards = shards_of(settings.shards)
    return (NewsBot if shards is None else ShardedBot)(
        library=open_library(index_settings),
        ledger=Ledger(index_settings.home / "bot.sqlite3"),
        settings=settings,
        reindexing=Reindexing([sys.executable, "-m", "index.cli", "reindex", "--json"]),
        **(shards or {}),
    )


async def _serve(settings: BotSettings, token: str) -> int:
    client = build(settings)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, lambda: loop.create_task(client.close()))
    try:
        async with served(client, settings.health_host, settings.health_port):
            await client.start(token)
    finally:
        await client.close()
        client.close_library()
    return 0


async def _logged_in(settings: BotSettings, token: str, do: Callable[[NewsBot], Awaitable[int]]) -> int:
    client = build(settings)
    try:
        await client.login(token)
        return await do(client)
    finally:
        await client.close()
        client.close_library()


async def _check(client: NewsBot) -> int:
    well = True
    async for finding in look(client):
        well = well and finding.well
        _say(f"{'ok  ' if finding.well else 'FIX '} {finding.words}")
    return 0 if well else 1


async def _sync(client: NewsBot) -> int:
    commands = await client.tree.sync()
    names = ", ".join(f"/{command.name}" for command in commands)
    _say(f"Registered with Discord: {names}.")
    if client.application_id:
        _say(f"To add the bot to a server, open {invitation(client.application_id)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
