"""Times replies over a real socket, from the event that brings a question to the call that sends its answer.

    .venv/bin/python -m benchmarks.replies [QUESTIONS]

A double of Discord on the loopback asks over the samples; what is timed is the bot's own share. Memory is that of the
process, the double included.
"""

import asyncio
import logging
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import discord

from bot.client import NewsBot
from bot.guilds import Ledger
from bot.reindexing import Reindexing
from bot.settings import BotSettings
from index.app import open_library
from index.settings import IndexSettings
from tests.bot.double import CHANNEL, TOKEN, Double

QUESTIONS = (
    "what did Nauert say?",
    "what did Mayor Calder say about the toll?",
    "what did Voss and Calder say about the toll?",
    'who said "a bridge you cannot afford to cross"?',
    "why is the bridge closed?",
    "what did Merkel say?",
)
ROOT = Path(__file__).parents[1]


async def ask(double: Double, number: int) -> float:
    """Milliseconds from question to reply."""
    asked = time.monotonic()
    question = await double.says(QUESTIONS[number % len(QUESTIONS)])
    while True:
        replies = [
            call
            for call in await double.call("POST", f"/channels/{CHANNEL}/messages")
            if call.json["message_reference"]["message_id"] == int(question)
        ]
        if replies:
            double.calls.clear()
            return (replies[0].at - asked) * 1000
        await asyncio.sleep(0)


async def measure(count: int, folder: Path) -> None:
    """Asks one by one, idle and while a reindex loops, and prints the figures."""
    settings = IndexSettings(_env_file=None, home=folder / "library", sources=str(ROOT / "seeds"))
    library = open_library(settings)
    library.reindex(progress=lambda _: None)
    busy = "while True: sum(range(10**8))"
    client = NewsBot(
        library=library,
        settings=BotSettings(_env_file=None, questions_per_minute=1000),
        reindexing=Reindexing([sys.executable, "-c", busy]),
        ledger=Ledger(folder / "bot.sqlite3"),
        now=lambda: time.monotonic() * 1000,
    )
    async with Double() as double:
        discord.http.Route.BASE = f"{double.url}/api"
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = double.gateway_url()
        running = asyncio.create_task(client.start(TOKEN))
        await double.connected()
        await client.wait_until_ready()
        times, memory = [], {}
        for number in range(count):
            times.append(await ask(double, number))
            if number + 1 in {100, count}:
                memory[number + 1] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print_times("idle", times)
        await double.commands("reindex")
        await double.call("POST", "/callback")
        print_times(
            "while another process keeps a core busy", [await ask(double, number) for number in range(min(count, 1000))]
        )
        print(*(f"peak memory after {n:,} questions: {mib:.0f} MiB" for n, mib in memory.items()), sep="\n")
        await client.close()
        await running
    library.close()


def print_times(name: str, times: list[float]) -> None:
    """Prints the median and the slowest hundredth."""
    cuts = statistics.quantiles(times, n=100)
    print(f"{name}: {len(times):,} replies, p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms")


if __name__ == "__main__":
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory() as place:
        asyncio.run(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, Path(place)))
