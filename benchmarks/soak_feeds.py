"""Polls many feeds of a site on the loopback for simulated days: memory, duplicates, missed articles, early polls.

    python benchmarks/soak_feeds.py [--feeds 1000] [--days 10] [--articles 3]

The clock is passed in and jumps to what is due next; the requests are real. Each feed carries its articles in full and
brings them at moments of its own over the days.
"""

import argparse
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
from index.ingest.web.landing import land
from index.ingest.web.polling import Reading
from index.ingest.web.running import Web
from index.ingest.web.watching import Watch
from index.storage import open_store
from index.storage.base import SourceState

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

    def __init__(self, clock: Clock, feeds: int, days: float, articles: int) -> None:
        draw = random.Random(7)
        span = days * 86_400 - 5 * 3_600  # the last ones have time to be noticed: a quiet feed is asked every 4.4 hours
        self.moments = [sorted(draw.uniform(0, span) for _ in range(articles)) for _ in range(feeds)]
        self.polls = [0] * feeds
        self.unchanged = 0
        self._clock = clock
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.answer(self)

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
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
        self.polls[number] += 1
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


def soak(home: Path, *, feeds: int, days: float, articles: int) -> dict[str, object]:
    """Runs it and counts.

    Returns:
        Figures by name.
    """
    clock = Clock()
    site = Feeds(clock, feeds, days, articles)
    store = open_store(home)
    planned: dict[str, datetime | None] = {}
    early = landed = errors = 0
    memory: list[tuple[float, float]] = []
    began, cpu = time.monotonic(), time.process_time()
    states = [SourceState(name=f"{site.address}/f{n}", kind="feed") for n in range(feeds)]
    land(store, [Reading(state=state) for state in states], new=True, clock=clock)

    def told(one: object) -> None:
        nonlocal landed, errors
        landed += 1
        errors += one.error is not None  # type: ignore[attr-defined]

    def note(name: str, done: "Future[Reading]") -> None:
        if not done.cancelled():
            planned[name] = done.result().state.next_poll

    class Planned(Web):
        """Tells when a poll begins before the time that the poll before it set."""

        def poll(self, state: SourceState) -> object:  # type: ignore[override]
            nonlocal early
            early += state.next_poll is not None and clock() < state.next_poll
            early += (due := planned.get(state.name)) is not None and clock() < due
            future = super().poll(state)
            future.add_done_callback(lambda done: note(state.name, done))
            return future

    with Planned(store, lambda: Fetcher(private=True, gap=0, clock=clock), clock=clock) as web:
        watch = Watch(store, web, clock=clock, pause=clock.pause, told=told)
        next_look = 0.0
        while clock() < BEGIN + timedelta(days=days):
            watch.step()
            passed = (clock() - BEGIN).total_seconds() / 86_400
            if passed >= next_look:
                memory.append((round(passed, 1), _resident()))
                next_look += days / 10
        watch.finish()
    corpus = store.snapshot().corpus
    titles = [corpus.article(name).article.title for name in corpus.article_ids()]  # type: ignore[union-attr]
    store.close()
    site.server.shutdown()
    site.server.server_close()
    return {
        "feeds": feeds,
        "days": days,
        "polls": sum(site.polls),
        "polls answered with 304": site.unchanged,
        "polls told": landed,
        "errors": errors,
        "articles published": feeds * articles,
        "articles stored": len(titles),
        "duplicates": len(titles) - len(set(titles)),
        "missed": feeds * articles - len(set(titles)),
        "polls before their time": early,
        "resident MB by day": memory,
        "peak MB": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        "seconds": round(time.monotonic() - began, 1),
        "CPU seconds, the site's own included": round(time.process_time() - cpu, 1),
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
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        figures = soak(Path(home), feeds=options.feeds, days=options.days, articles=options.articles)
    for name, figure in figures.items():
        print(f"{name}: {figure}")


if __name__ == "__main__":
    main()
