"""Tells machines how the bot fares, over HTTP: `/health` and `/metrics`; off by default, on the loopback by default."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from bot.client import NewsBot

#: Upper bounds of the histogram of look-ups, in seconds.
BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Figures:
    """Counts look-ups by how they ended, and how long they took.

    Args:
        now: a clock in seconds that never goes back.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._ended: Counter[str] = Counter()
        self._within = [0] * (len(BOUNDS) + 1)
        self._seconds = 0.0

    @contextmanager
    def looking_up(self) -> Iterator[Callable[[bool], None]]:
        """Times a look-up; the block tells whether it found something, and one that raises has failed."""
        begun, ended = self._now(), "failed"

        def tell(found: bool) -> None:
            nonlocal ended
            ended = "found" if found else "nothing"

        try:
            yield tell
        finally:
            took = self._now() - begun
            self._ended[ended] += 1
            self._seconds += took
            self._within[bisect_left(BOUNDS, took)] += 1

    def lines(self) -> Iterator[str]:
        """The figures in Prometheus's text format 0.0.4."""
        yield "# TYPE onrecord_lookups_total counter"
        for ended in ("found", "nothing", "failed"):
            yield f'onrecord_lookups_total{{ended="{ended}"}} {self._ended[ended]}'
        yield "# TYPE onrecord_lookup_seconds histogram"
        below = 0
        for bound, count in zip((*BOUNDS, "+Inf"), self._within, strict=True):
            below += count
            yield f'onrecord_lookup_seconds_bucket{{le="{bound}"}} {below}'
        yield f"onrecord_lookup_seconds_sum {self._seconds:.6f}"
        yield f"onrecord_lookup_seconds_count {below}"


@asynccontextmanager
async def served(client: "NewsBot", host: str, port: int | None) -> "AsyncIterator[int | None]":
    """Serves `/health` and `/metrics` within the block, and gives the port; nothing for the port None.

    Raises:
        OSError: the address can't be listened on.
    """
    if port is None:
        yield None
        return

    async def health(_: web.Request) -> web.Response:
        well = client.is_ready() and not client.is_closed()
        return web.Response(status=200 if well else 503, text="ok\n" if well else "not connected to Discord\n")

    async def metrics(_: web.Request) -> web.Response:
        lines = [
            *client.figures.lines(),
            "# TYPE onrecord_servers gauge",
            f"onrecord_servers {len(client.guilds)}",
            "# TYPE onrecord_connected gauge",
            f"onrecord_connected {int(client.is_ready())}",
            "# TYPE onrecord_reindexing gauge",
            f"onrecord_reindexing {int(client.reindexing.progress is not None)}",
        ]
        return web.Response(text="\n".join(lines) + "\n", headers={"Content-Type": "text/plain; version=0.0.4"})

    app = web.Application()
    app.add_routes([web.get("/health", health), web.get("/metrics", metrics)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()
