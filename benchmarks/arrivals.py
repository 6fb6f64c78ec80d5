"""Times a new article from the poll that finds it to the answer in Discord that shows it, in a library of any size.

    python -m benchmarks.arrivals --home HOME [--articles 12]

Works on a copy of HOME, made by `grown.py`. A site on the loopback has a feed for each article; `onrecord watch` polls
them as a process of its own, each at its time; the bot runs here, at a double of Discord on the loopback, and is asked
what the article's speaker said, again and again from the moment of the poll until its reply shows it.
"""

import argparse
import asyncio
import json
import logging
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import discord
from aiohttp import web

from bot.client import NewsBot
from bot.guilds import Ledger
from bot.reindexing import Reindexing
from bot.settings import BotSettings
from index.app import open_library
from index.ingest.change import versions
from index.settings import IndexSettings
from index.storage.records import SourceState
from tests.bot.double import CHANNEL, TOKEN, Double

WORDS = "council river bridge market school county engine garden winter summer harbour station letter".split()
PARAGRAPHS = 24
FIRST, BETWEEN = 15.0, 6.0  # seconds until the first poll, and between two
PATIENCE = 60.0  # seconds until an article counts as lost


class Site:
    """The feeds, and when each was polled."""

    def __init__(self, count: int) -> None:
        draw = random.Random(11)
        self.marks = [f"Q{number}{draw.randrange(10_000, 99_999)}" for number in range(count)]
        self.names = [f"Ilse {chr(65 + number)}uenb{'eiou'[number % 4]}rg" for number in range(count)]
        self.topics = [draw.choice(WORDS) for _ in range(count)]
        self.polled: dict[int, float] = {}
        self.polls = asyncio.Event()
        self._draw = draw

    async def answer(self, request: web.Request) -> web.Response:
        """A feed with its one article; addresses that are no feed are not there."""
        number = int(request.match_info["number"])
        lines = [
            f"The {' '.join(self._draw.choices(WORDS, k=30))} was spoken of in {self._draw.choice(WORDS)}."
            for _ in range(PARAGRAPHS - 1)
        ]
        said = f"“The {self.topics[number]} will open again as case {self.marks[number]},” {self.names[number]} said."
        text = "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in [said, *lines])
        address = f"http://{request.host}/story/{number}"
        body = (
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Local</title>'
            f"<item><title>The {self.topics[number]} opens</title><link>{address}</link><guid>{address}</guid>"
            f"<content:encoded>{text}</content:encoded></item></channel></rss>"
        )
        self.polled[number] = time.monotonic()
        self.polls.set()
        return web.Response(body=body.encode(), content_type="application/rss+xml")


async def shown(double: Double, site: Site, number: int) -> tuple[float, int]:
    """Seconds from the poll to the reply that shows the article, and how often was asked."""
    asked = 0
    while time.monotonic() - site.polled[number] < PATIENCE:
        question = await double.says(f"what did {site.names[number]} say about the {site.topics[number]}?")
        asked += 1
        while not (reply := [call for call in double.calls if _answers(call, question)]):
            await double.call("POST", f"/channels/{CHANNEL}/messages")
            await asyncio.sleep(0)
        double.calls.clear()
        if site.marks[number] in json.dumps(reply[0].json):
            return reply[0].at - site.polled[number], asked
    raise SystemExit(f"article {number} was not shown within {PATIENCE:.0f} seconds of its poll")


def _answers(call: object, question: str) -> bool:
    told = call.json if isinstance(call.json, dict) else {}  # type: ignore[attr-defined]
    return (told.get("message_reference") or {}).get("message_id") == int(question)


def prepare(home: Path, address: str, count: int) -> None:
    """Names the feeds as sources, each with its time."""
    library = open_library(IndexSettings(_env_file=None, home=home))
    begin = datetime.now(UTC) + timedelta(seconds=FIRST)
    due = [begin + timedelta(seconds=BETWEEN * number) for number in range(count)]
    states = [SourceState(name=f"{address}/feed/{n}", kind="feed", next_poll=at) for n, at in enumerate(due)]
    with library.store.write() as writer:
        writer.set_meta("versions", versions())  # a library that another version grew would be derived anew first
        writer.set_sources(states)
        writer.commit()
    library.close()


async def measure(home: Path, folder: Path, count: int) -> None:
    """Runs the site, the watch and the bot, and prints the figures."""
    site = Site(count)
    app = web.Application()
    app.router.add_get("/feed/{number}", site.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    prepare(home, f"http://127.0.0.1:{runner.addresses[0][1]}", count)
    library = open_library(IndexSettings(_env_file=None, home=home))
    coverage = library.store.snapshot().corpus.coverage()
    client = NewsBot(
        library=library,
        settings=BotSettings(_env_file=None, questions_per_minute=1000),
        reindexing=Reindexing([sys.executable, "-c", ""]),
        ledger=Ledger(folder / "bot.sqlite3"),
        now=lambda: time.monotonic() * 1000,  # so that nobody is asked to slow down
    )
    environment = os.environ | {"ONRECORD_HOME": str(home), "ONRECORD_ALLOW_PRIVATE_ADDRESSES": "true"}
    command = [sys.executable, "-m", "index.cli", "watch", "--json"]
    watch = await asyncio.create_subprocess_exec(*command, env=environment, stdout=asyncio.subprocess.DEVNULL)
    try:
        async with Double() as double:
            discord.http.Route.BASE = f"{double.url}/api"
            discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = double.gateway_url()
            running = asyncio.create_task(client.start(TOKEN))
            await double.connected()
            await client.wait_until_ready()
            taken: list[float] = []
            asked = 0
            while len(taken) < count:
                await asyncio.wait_for(site.polls.wait(), timeout=10 * PATIENCE)
                site.polls.clear()
                while len(taken) in site.polled:
                    seconds, times = await shown(double, site, len(taken))
                    taken.append(seconds)
                    asked += times
            await client.close()
            await running
    finally:
        watch.terminate()
        await watch.wait()
        await runner.cleanup()
        library.close()
    print(
        f"{coverage.paragraphs:,} paragraphs, {coverage.articles:,} articles; {os.getloadavg()[0]:.1f} processes busy"
    )
    print(f"from poll to answer, {count} articles of {PARAGRAPHS} paragraphs, {asked:,} questions meanwhile:", end=" ")
    print(f"median {statistics.median(taken):.2f} s, longest {max(taken):.2f} s")
    print("each:", " ".join(f"{seconds:.2f}" for seconds in taken))


def main() -> None:
    """Runs it on a copy of a library."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--articles", type=int, default=12)
    parser.add_argument("--copies", type=Path, help="a folder with room for the copy")
    given = parser.parse_args()
    logging.disable(logging.ERROR)
    with tempfile.TemporaryDirectory(dir=given.copies) as folder:
        home = Path(folder, "library")
        shutil.copytree(given.home, home)
        asyncio.run(measure(home, Path(folder), given.articles))


if __name__ == "__main__":
    main()
