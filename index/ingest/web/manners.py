"""How often a host is asked and what it asks us to leave alone: robots.txt, gaps between requests, Retry-After."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import SourceError

if TYPE_CHECKING:
    from protego import Protego

_AT_ONCE = 2  # requests to one host
GAP = 0.5  # seconds between the beginnings of two
_LONGEST_GAP = 20.0  # of a Crawl-delay; whoever asks for more is asked less often by the polling interval
_LONGEST_WAIT = timedelta(days=1)
_ROBOTS_BYTES = 500_000
_ROBOTS_HOLD = timedelta(hours=24)
_ROBOTS_RETRY = timedelta(minutes=30)
_HOSTS = 5_000  # that are remembered


@dataclass(slots=True, kw_only=True)
class _Host:
    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))
    reading: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_start: float = 0.0
    gap: float = GAP
    closed_until: datetime | None = None
    robots: "Protego | None" = None
    robots_refused: bool = False
    robots_until: datetime | None = None


class Hosts:
    """What is known of each host; all methods are for one event loop.

    Args:
        agent: the name that robots.txt knows us by.
        clock: gives times in UTC.
        gap: seconds between two requests to one host; `GAP` when None.
    """

    def __init__(self, agent: str, *, clock: Callable[[], datetime], gap: float | None = None) -> None:
        self._agent = agent
        self._clock = clock
        self._gap = GAP if gap is None else gap
        self._hosts: OrderedDict[str, _Host] = OrderedDict()

    @asynccontextmanager
    async def turn(self, url: str) -> AsyncIterator[None]:
        """Waits until the host may be asked once more.

        Raises:
            SourceError: it has asked us to wait, for longer than anybody waits here.
        """
        host = self._host(url)
        self._check_open(host, url)
        async with host.slots:
            loop = asyncio.get_running_loop()
            start = max(host.next_start, loop.time())
            host.next_start = start + host.gap
            await asyncio.sleep(start - loop.time())
            self._check_open(host, url)
            yield

    def told_to_wait(self, url: str, retry_after: str | None) -> datetime | None:
        """Takes down that a host wants rest; until when, None when it didn't say."""
        until = waiting_until(retry_after, self._clock())
        if until is not None:
            self._host(url).closed_until = until
        return until

    async def allows(self, url: str, fetch: Callable[[str], Awaitable[tuple[int, bytes]]]) -> bool:
        """Whether the host's robots.txt lets us read an address.

        Args:
            url: the address.
            fetch: gives status and body of robots.txt; raises SourceError when it can't be fetched.
        """
        parts = urlsplit(url)
        if parts.path == "/robots.txt":
            return True
        host = self._host(url)
        async with host.reading:
            if host.robots_until is None or host.robots_until <= self._clock():
                await self._read_robots(host, f"{parts.scheme}://{parts.netloc}/robots.txt", fetch)
        if host.robots_refused:
            return False
        return host.robots is None or bool(host.robots.can_fetch(url, self._agent))

    async def _read_robots(self, host: _Host, url: str, fetch: Callable[[str], Awaitable[tuple[int, bytes]]]) -> None:
        """RFC 9309: no such file allows everything, a server in trouble nothing for now, what was read holds a day."""
        try:
            status, body = await fetch(url)
        except SourceError:
            status, body = 0, b""  # the host can't be reached, or sends what can't be read: the page itself will tell
        unreachable = status == 429 or status >= 500
        host.robots_until = self._clock() + (_ROBOTS_HOLD if 200 <= status < 500 and not unreachable else _ROBOTS_RETRY)
        if unreachable and host.robots is not None:
            return  # what was read before holds on
        host.robots_refused = unreachable
        host.robots = None
        if 200 <= status < 300:
            from protego import Protego  # noqa: PLC0415 -- only polling needs it

            host.robots = Protego.parse(body[:_ROBOTS_BYTES].decode("utf-8", "replace"))
            delay = host.robots.crawl_delay(self._agent)
            host.gap = max(self._gap, min(float(delay), _LONGEST_GAP)) if delay else self._gap

    def _host(self, url: str) -> _Host:
        parts = urlsplit(url)
        key = f"{parts.scheme}://{parts.netloc.lower()}"
        host = self._hosts.get(key)
        if host is None:
            host = self._hosts[key] = _Host(gap=self._gap)
            if len(self._hosts) > _HOSTS:
                self._hosts.popitem(last=False)
        self._hosts.move_to_end(key)
        return host

    def _check_open(self, host: _Host, url: str) -> None:
        if host.closed_until is not None and host.closed_until > self._clock():
            until = f"{host.closed_until:%Y-%m-%d %H:%M} UTC"
            raise SourceError(url, f"{urlsplit(url).hostname} asked us to wait until {until}")


def waiting_until(retry_after: str | None, now: datetime) -> datetime | None:
    """When a Retry-After in seconds or as a date ends, a day from now at the latest; None without one."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdigit():
        return now + min(timedelta(seconds=int(text[:9])), _LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text[:100])
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return max(min(moment, now + _LONGEST_WAIT), now)
