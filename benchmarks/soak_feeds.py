"""Polls many feeds of a site on the loopback for simulated days: memory, duplicates, missed articles, early polls.

    python benchmarks/soak_feeds.py [--feeds 1000] [--days 10] [--articles 3] [--home HOME [--stretch SECONDS]]

The clock is passed in and jumps to what is due next; the requests are real. Each feed carries its articles in full and
brings them at moments of its own over the days. With --home a soak that was stopped after so many seconds goes on from
where it was, in a process of its own, as a watch that is started again does.
"""

import argparse
import json
import random
import re
import resource
import tempfile
import threading
import time
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from index.ingest.web.fetching import Fetcher
from index.ingest.web.landing import Landed, land
from index.ingest.web.polling import Reading
from index.ingest.web.running import Web
from index.ingest.web.watching import Watch
from index.storage import open_store
from index.storage.records import SourceState

BEGIN = datetime(2026, 5, 4, tzinfo=UTC)
WORDS = "council river bridge market school county engine garden winter summer harbour station".split()


class Clock:
    """Time that jumps."""

    def __init__(self) -> None:
        self.now = BEGIN

    def __call__(self) -> datetime:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += timedelta(seconds=max(seconds, 0.001))


class Feeds:
    """The site: what each feed lists at a moment, and what it was asked."""

    def __init__(self, clock: Clock, feeds: int, days: float, articles: int, port: int = 0) -> None:
        draw = random.Random(7)
        span = days * 86_400 - 5 * 3_600  # the last ones have time to be noticed: a quiet feed is asked every 4.4 hours
        self.moments = [sorted(draw.uniform(0, span) for _ in range(articles)) for _ in range(feeds)]
        self.polls = self.unchanged = 0
        self._clock = clock
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        match = re.fullmatch(r"/f(\d+)", request.path)
        if match is None:
            self._send(request, 404, b"")
            return
        number = int(match[1])
        now = self._clock()
        self.polls += 1
        out = [m for m in self.moments[number] if BEGIN + timedelta(seconds=m) <= now]
        tag = f'"{len(out)}"'
        if request.headers.get("If-None-Match") == tag:
            self.unchanged += 1
            self._send(request, 304, b"", tag)
            return
        items = "".join(self._item(number, k) for k in range(max(0, len(out) - 20), len(out)))
        body = (
            '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>'
            f"<title>Feed {number}</title>{items}</channel></rss>"
        )
        self._send(request, 200, body.encode(), tag)

    def _item(self, feed: int, k: int) -> str:
        draw = random.Random(feed * 1_000 + k)
        mayor = f"Ada {'BDFGKLMNPR'[feed // 10 % 10]}{'aeiou'[feed % 5]}{'lmnrst'[feed // 5 % 6]}ow"
        lines = [f"“The {draw.choice(WORDS)} {feed} {k} matters,” Mayor {mayor} said."]
        lines += [f"The {' '.join(draw.choices(WORDS, k=18))} was spoken of on the day." for _ in range(8)]
        text = "".join(f"&lt;p&gt;{line}&lt;/p&gt;" for line in lines)
        at = format_datetime(BEGIN + timedelta(seconds=self.moments[feed][k]), usegmt=True)
        return (
            f"<item><title>Story {feed} {k}</title><link>{self.address}/f{feed}/{k}?utm_source=rss</link>"
            f"<guid>{feed}-{k}</guid><pubDate>{at}</pubDate><content:encoded>{text}</content:encoded></item>"
        )

    def _send(self, request: BaseHTTPRequestHandler, status: int, body: bytes, tag: str | None = None) -> None:
        request.send_response(status)
        if tag:
            request.send_header("ETag", tag)
        request.send_header("Content-Type", "application/rss+xml")
        if status != 304:
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        request.wfile.write(body)


def soak(
    home: Path, *, feeds: int, days: float, articles: int, stretch: float = float("inf")
) -> dict[str, object] | None:
    """Runs it and counts; a soak that was stopped in that folder goes on.

    Returns:
        Figures by name; None when it was stopped before its end.
    """
    notes = home / "soak.json"
    before = json.loads(notes.read_text()) if notes.exists() else {}
    clock = Clock()
    clock.now += timedelta(seconds=before.get("passed", 0.0))
    site = Feeds(clock, feeds, days, articles, before.get("port", 0))
    site.polls, site.unchanged = before.get("polls", 0), before.get("unchanged", 0)
    store = open_store(home / "library")
    planned: dict[str, datetime | None] = {}
    early, landed, errors = before.get("early", 0), before.get("landed", 0), before.get("errors", 0)
    memory: list[tuple[float, float]] = before.get("memory", [])
    began, cpu = time.monotonic(), time.process_time()
    if not before:
        states = [SourceState(name=f"{site.address}/f{n}", kind="feed") for n in range(feeds)]
        land(store, [Reading(state=state) for state in states], new=True, clock=clock)

    def told(one: Landed) -> None:
        nonlocal landed, errors
        landed += 1
        errors += one.error is not None

    def note(name: str, done: "Future[Reading]") -> None:
        if not done.cancelled():
            planned[name] = done.result().state.next_poll

    class Planned(Web):
        """Tells when a poll begins before the time that the poll before it set."""

        def poll(self, state: SourceState) -> "Future[Reading]":
            nonlocal early
            early += state.next_poll is not None and clock() < state.next_poll
            early += (due := planned.get(state.name)) is not None and clock() < due
            future = super().poll(state)
            future.add_done_callback(lambda done: note(state.name, done))
            return future

    with Planned(store, lambda: Fetcher(private=True, gap=0, clock=clock), clock=clock) as web:
        watch = Watch(store, web, clock=clock, pause=clock.pause, told=told)
        while (passed := (clock() - BEGIN).total_seconds()) < days * 86_400 and time.monotonic() - began < stretch:
            watch.step()
            if passed >= len(memory) * days * 8_640:
                memory.append((round(passed / 86_400, 1), _resident()))
        watch.finish()
    figures = {
        "polls": site.polls,
        "unchanged": site.unchanged,
        "landed": landed,
        "errors": errors,
        "early": early,
        "memory": memory,
        "stretches": before.get("stretches", 0) + 1,
        "seconds": before.get("seconds", 0.0) + time.monotonic() - began,
        "cpu": before.get("cpu", 0.0) + time.process_time() - cpu,
    }
    site.server.shutdown()
    site.server.server_close()
    if passed < days * 86_400:
        store.close()
        notes.write_text(json.dumps({**figures, "passed": passed, "port": site.server.server_port}))
        return None
    corpus = store.snapshot().corpus
    titles = [corpus.article(name).article.title for name in corpus.article_ids()]  # type: ignore[union-attr]
    store.close()
    return {
        "feeds": feeds,
        "days": days,
        "polls": figures["polls"],
        "polls answered with 304": figures["unchanged"],
        "polls told": figures["landed"],
        "errors": figures["errors"],
        "articles published": feeds * articles,
        "articles stored": len(titles),
        "duplicates": len(titles) - len(set(titles)),
        "missed": feeds * articles - len(set(titles)),
        "polls before their time": figures["early"],
        "resident MB by day": memory,
        "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "processes": figures["stretches"],
        "seconds": round(figures["seconds"], 1),
        "CPU seconds, the site's own included": round(figures["cpu"], 1),
    }


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return round(pages * resource.getpagesize() / 1e6, 1)


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=1_000)
    parser.add_argument("--days", type=float, default=10.0)
    parser.add_argument("--articles", type=int, default=3, help="that each feed brings over the days")
    parser.add_argument("--home", type=Path, help="a folder to go on from, or to begin in; a temporary one otherwise")
    parser.add_argument("--stretch", type=float, default=float("inf"), help="seconds after which it is stopped")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        home = options.home or Path(temporary)
        home.mkdir(parents=True, exist_ok=True)
        figures = soak(home, feeds=options.feeds, days=options.days, articles=options.articles, stretch=options.stretch)
        if figures is None:
            told = json.loads((home / "soak.json").read_text())
            print(f"stopped at day {told['passed'] / 86_400:.2f} of {options.days:g}; run it again to go on")
            return
    for name, figure in figures.items():
        print(f"{name}: {figure}")


if __name__ == "__main__":
    main()
