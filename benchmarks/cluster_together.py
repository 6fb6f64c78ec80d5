"""Two bots and two indexers on one cluster at once: nothing twice, no update lost, every follow posted once.

    ONRECORD_OPENSEARCH_URLS=http://127.0.0.1:19201 python -m benchmarks.cluster_together [--minutes 10]

A file of made-up articles grows and changes all the time; two indexers (`onrecord ingest --shard`) read it again and
again, each in processes of its own. Two bots, each a process with a database of its own and a double of Discord on the
loopback, post what two dozen channels follow, ask questions, and change the settings of one server. That both post is
made sure of: the right to go the rounds lapses after 2 seconds here, and statements wait for others for 5. In the end
every count is compared with what was written; it fails where one differs. What it made in the cluster is taken away.
"""

import argparse
import asyncio
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import discord

from bot import rounds
from bot.client import NewsBot
from bot.followings import Following
from bot.guilds import Ledger
from bot.reindexing import Reindexing
from bot.rounds import Rounds
from bot.settings import BotSettings
from bot.shared_choices import SharedChoices
from index.app import Library, open_library
from index.errors import NewsError
from index.settings import IndexSettings
from index.storage.opensearch.store import ClusterStore
from tests.bot.double import GUILD, TOKEN, Double

ROOT = Path(__file__).parents[1]
SPEAKERS = tuple(
    f"{first} {last}"
    for first, last in zip(
        ("Maren", "Otto", "Ilse", "Bruno", "Tilda", "Rasmus", "Nora", "Emil", "Greta", "Anton", "Selma", "Viggo") * 2,
        (
            "Holt", "Brandt", "Quill", "Varga", "Lindqvist", "Okafor", "Pell", "Sorensen", "Tamm", "Ueland", "Vance",
            "Wirth", "Abara", "Bexley", "Corvin", "Dunmore", "Eskil", "Farrow", "Gant", "Hobb", "Ivers", "Jarvik",
            "Kessel", "Lomax",
        ),
        strict=True,
    )
)  # fmt: skip
EVERY, AT_ONCE, CHANGED = 8.0, 16, 4  # seconds between two changes of the file; articles that come and that change
SYLLABLES = [one + other for one in "bdfgklmnprstv" for other in "aeiou"]
MARK = re.compile(r"\bzq[a-z]+\b")  # names one version of one article


class Newsroom:
    """The articles as they are written, and what each version is known by."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.articles: dict[str, dict[str, Any]] = {}
        self.marks: list[str] = []
        self._random = random.Random(8)

    def write(self, article: str, speaker: str) -> None:
        """Writes an article, or writes it anew in other words."""
        mark = "zq" + "".join(SYLLABLES[len(self.marks) // 65**place % 65] for place in range(3))
        self.marks.append(mark)
        words = " ".join("".join(self._random.sample(SYLLABLES, 3)) for _ in range(14))
        text = f"“The {words} comes to {mark} at last,” {speaker} said on Thursday.\n\nNobody else was there."
        self.articles[article] = {"id": article, "title": f"On {mark}", "outlet": "The Selby Lamp", "text": text}

    def grow(self) -> None:
        """Lets articles come and change."""
        came = [each for each in self.articles if int(each[1:]) >= len(SPEAKERS)]  # nobody followed when others came
        for known in self._random.sample(came, min(CHANGED, len(came))):
            self.write(known, SPEAKERS[int(known[1:]) % len(SPEAKERS)])
        for _ in range(AT_ONCE):
            number = len(self.articles)
            self.write(f"a{number}", SPEAKERS[number % len(SPEAKERS)])
        self.save()

    def save(self) -> None:
        """Puts the file in place at once."""
        beside = self.file.with_suffix(".new")
        beside.write_text("".join(json.dumps(each) + "\n" for each in self.articles.values()), encoding="utf-8")
        beside.replace(self.file)


def main() -> int:
    """Runs it all, or, with --bot, one of the bots."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--bot", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.bot is not None:
        asyncio.run(be_a_bot(options.bot, options.folder))
        return 0
    os.environ |= {"ONRECORD_ENGINE": "opensearch", "ONRECORD_OPENSEARCH_PREFIX": f"together-{os.getpid()}"}
    with tempfile.TemporaryDirectory() as folder:
        return together(Path(folder), 60 * options.minutes)


def a_library(home: Path) -> Library:
    """The library in the cluster."""
    return open_library(IndexSettings(_env_file=None, home=home, opensearch_timeout=30))


# ---------------------------------------------------------------------------------------------------------------
# All of them


def together(folder: Path, seconds: float) -> int:
    """Runs two indexers and two bots for so long, and compares; 0 when all is as it should be."""
    room = Newsroom(folder / "articles.jsonl")
    for number, speaker in enumerate(SPEAKERS):
        room.write(f"a{number}", speaker)
    room.save()
    library = a_library(folder)
    try:
        library.reindex([str(room.file)], progress=lambda _: None)
        before = len(room.marks)
        bots = [
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.cluster_together", "--bot", str(number), "--folder", str(folder)],
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(2)
        ]
        while len(list(folder.glob("follows-*"))) < len(bots):
            time.sleep(0.2)
            if any(each.poll() is not None for each in bots):
                raise SystemExit("a bot did not start")
        done = threading.Event()
        runs = Counter[int]()
        indexers = [threading.Thread(target=index, args=(room.file, folder, n, done, runs)) for n in range(2)]
        for each in indexers:
            each.start()
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            time.sleep(EVERY)
            room.grow()
        done.set()
        for each in indexers:
            each.join()
        (folder / "end").touch()
        told = [json.loads((each.communicate()[0] or "{}").splitlines()[-1]) for each in bots]
        return compare(room, before, library, told, runs)
    finally:
        take_away(library)
        library.close()


def index(file: Path, folder: Path, number: int, done: threading.Event, runs: Counter[int]) -> None:
    """Reads the file again and again, and once more when it is done."""
    command = [sys.executable, "-m", "index.cli", "ingest", "--shard", f"{number}/2", "--json", str(file)]
    last = False
    while not last:
        last = done.is_set()
        ran = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"ONRECORD_HOME": str(folder)}, capture_output=True, check=False
        )
        runs[number] += 1
        if ran.returncode:
            runs[-1] += 1
            print(f"an indexer failed: {ran.stdout[-300:]!r} {ran.stderr[-300:]!r}", flush=True)
            last = False


def compare(room: Newsroom, before: int, library: Library, told: list[dict[str, Any]], runs: Counter[int]) -> int:
    """Prints what is there and what should be; how many of the comparisons fail."""
    corpus = library.store.snapshot().corpus
    newest = {MARK.search(each["text"])[0]: name for name, each in room.articles.items()}  # type: ignore[index]
    held = Counter[str]()
    for article in corpus.article_ids():
        stored = corpus.article(article)
        held.update(MARK.findall(stored.article.paragraphs[1].text if stored else ""))
    posted = Counter(mark for each in told for mark in each["posted"])
    news = set(room.marks[before:])
    chosen = SharedChoices(library.board()).changed()[int(GUILD)]  # type: ignore[arg-type]
    added = {each for one in told for each in one["chosen"]}
    kept = held.keys() & newest.keys()
    findings = {
        "articles held twice": sum(held.values()) - len(held),
        "articles lost, or held in an older version": len(newest.keys() - kept),
        "articles held that nobody wrote": len(held.keys() - newest.keys()),
        "statements posted twice": sum(count - 1 for count in posted.values()),
        "statements of the newest versions not posted": len((news & newest.keys()) - posted.keys()),
        "statements posted that are not new": len(posted.keys() - news),
        "changes of settings lost": len(added - chosen.channels),
        "findings of verify": sum(not well for _, well, _ in library.store.verify()[1:]),
    }
    print(
        f"{len(newest):,} articles in {len(room.marks):,} versions; indexers ran {runs[0]} and {runs[1]} times", end=""
    )
    print(f" ({runs[-1]} failed); changes of the library: {corpus.sequence()}")
    for number, each in enumerate(told):
        times = sorted(each["times"])
        print(
            f"bot {number}: {each['messages']} posts with {len(each['posted'])} statements,"
            f" {len(each['chosen'])} changes of settings; {len(times)} questions,"
            f" p50 {1000 * statistics.median(times):.0f} ms,"
            f" p99 {1000 * times[int(0.99 * len(times))]:.0f} ms, {each['refused']} told to try again"
        )
    for words, count in findings.items():
        print(f"  {words}: {count}")
    return sum(map(bool, findings.values()))


def take_away(library: Library) -> None:
    """Drops all that was made in the cluster."""
    store = library.store
    if isinstance(store, ClusterStore):
        names = store.connection.writing(lambda c: c.indices.get_alias(index=f"{store.options.prefix}-*"))
        store.connection.writing(lambda c: c.indices.delete(index=",".join(names)))


# ---------------------------------------------------------------------------------------------------------------
# A bot


class OftenRounds(Rounds):
    """Rounds that are gone every two seconds."""

    def start(self, every: float = 2.0) -> None:
        super().start(every)


async def be_a_bot(number: int, folder: Path) -> None:
    """Posts, asks and changes settings until all is told; then prints what it did."""
    rounds.POSTS_PER_HOUR = 1_000_000
    rounds._CLAIM_SECONDS = 2.0
    async with Double() as double:
        discord.http.Route.BASE = f"{double.url}/api"
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = double.gateway_url()
        library = a_library(folder / f"bot{number}")
        client = NewsBot(
            library=library,
            settings=BotSettings(_env_file=None, watch=False),
            reindexing=Reindexing(["true"]),
            ledger=Ledger(folder / f"bot{number}.sqlite3"),
        )
        claims = library.claims()
        if claims is None:
            raise SystemExit("set ONRECORD_ENGINE=opensearch")
        client.rounds = OftenRounds(client, client.followings, client.posts, claims, settle=5.0)
        running = asyncio.create_task(client.start(TOKEN))
        await double.connected()
        await client.wait_until_ready()
        await follow(client, number)
        (folder / f"follows-{number}").touch()
        told = await live(client, number, folder / "end")
        await client.close()
        await running
        client.close_library()
        posts = [
            call for call in double.calls if call.method == "POST" and re.search(r"/channels/\d+/messages$", call.path)
        ]
        told["messages"] = len(posts)
        told["posted"] = [mark for call in posts for mark in said_in(call.json)]
        print(json.dumps(told), flush=True)


def said_in(message: object) -> list[str]:
    """The statements that a post shows: what is quoted, not the headline below it."""
    lines = re.findall(r"“The [^”]*”", json.dumps(message, ensure_ascii=False))
    return [mark for line in lines for mark in MARK.findall(line)]


async def follow(client: NewsBot, number: int) -> None:
    """Follows every other speaker, each in a channel of its own."""
    corpus = client._library.store.snapshot().corpus
    await client.off_loop(lambda: client.followings.begin_at(corpus.sequence()))
    for place in range(number, len(SPEAKERS), 2):
        name = SPEAKERS[place]
        (person,) = corpus.people_named(name.lower())
        following = Following(
            guild=int(GUILD), channel=9_000 + place, kind="speaker", subject=person.speaker.id, name=name, who=1
        )
        await client.off_loop(lambda following=following: client.followings.add(following))


async def live(client: NewsBot, number: int, end: Path) -> dict[str, Any]:
    """Asks and changes settings until the end, then waits until nothing waits to be posted."""
    told: dict[str, Any] = {"times": [], "refused": 0, "chosen": []}
    count = 0
    quiet = 0
    while quiet < 10:
        count += 1
        began = time.monotonic()
        try:
            name = SPEAKERS[count % len(SPEAKERS)]
            await client.library(lambda library, name=name: library.ask(f"what did {name} say?"))
            told["times"].append(time.monotonic() - began)
            if not await client.off_loop(end.exists):
                channel, seen = 1_000_000 * (number + 1) + count, client.chosen.of(int(GUILD))
                await client.chosen.choose(int(GUILD), replace(seen, channels=seen.channels | {channel}))
                told["chosen"].append(channel)
            elif await client.off_loop(lambda: is_all_told(client)):
                quiet += 1
            else:
                quiet = 0
        except NewsError as error:
            told["refused"] += 1
            print(f"bot {number}: {error}", file=sys.stderr, flush=True)
        await asyncio.sleep(1.0)
    return told


def is_all_told(client: NewsBot) -> bool:
    """Whether every change was looked at, and nothing waits."""
    newest = client._library.store.snapshot().corpus.sequence()
    looked = client.followings.cursor() == newest
    return looked and not any(client.followings.waiting(each.key) for each in client.followings.of())


if __name__ == "__main__":
    sys.exit(main())
