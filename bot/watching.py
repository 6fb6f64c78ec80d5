"""Runs `onrecord watch` beside the bot while there is something to poll, and tells of sources that fail, once."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import discord

from bot.audit import NOBODY, Deed
from bot.claims import Claims
from bot.guilds import Ledger
from bot.inert import escape
from bot.notices import words_card
from bot.onrecord import CommandFailed
from index.errors import NewsError
from index.storage.records import POLLED, SourceState

if TYPE_CHECKING:
    from bot.client import NewsBot

log = logging.getLogger(__name__)

EVERY = 30.0  # seconds between two looks at the sources
LONGEST_PAUSE = 600.0  # seconds until a watch that ends is started again, at most
STEADY = 300.0  # seconds after which one that ends is started again soon
FAILURES = 3  # polls in a row, from which on a source fails
NAME_ROOM, ERROR_ROOM = 200, 300
_CLAIM, _CLAIM_SECONDS = "watch", 180.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What administrators are told once: that a source fails, or that it can be read again (`error` is None)."""

    name: str
    error: str | None = None


def fails(source: SourceState) -> bool:
    """Whether a source fails for longer than a moment."""
    return source.last_error is not None and (source.kind not in POLLED or source.failures >= FAILURES)


def shown_name(source: SourceState) -> str:
    """What a source is called: its title where it has one, and its address or place."""
    return f"{source.title} ({source.name})" if source.title else source.name


class Reported:
    """Which sources administrators were told of.

    Args:
        ledger: where that is kept.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def news(self, sources: tuple[SourceState, ...]) -> list[Health]:
        """What is to be told now; it counts as told."""
        failing = {f"source:{source.name}": source for source in sources if fails(source)}
        well = {f"source:{source.name}": source for source in sources if not fails(source)}
        with self._ledger.writing() as database:
            told = {name for (name,) in database.execute("SELECT name FROM cursors WHERE name LIKE 'source:%'")}
            database.executemany("INSERT OR REPLACE INTO cursors VALUES (?, 'failing')", [(key,) for key in failing])
            gone = [(key,) for key in told - failing.keys()]
            database.executemany("DELETE FROM cursors WHERE name = ?", gone)
        new = [Health(name=shown_name(s), error=s.last_error or "") for key, s in failing.items() if key not in told]
        return new + [Health(name=shown_name(source)) for key, source in well.items() if key in told]


class Watching:
    """The child that polls, and the eye on the sources' health.

    Args:
        client: what sends, and crosses into the library.
        claims: by which one process polls, of all that share the library.
        own: by which one process tells, of all that share the bot's database.
        polls: whether `onrecord watch` is run at all.
    """

    def __init__(self, client: "NewsBot", claims: Claims, own: Claims, *, polls: bool) -> None:
        self._client = client
        self._claims = claims
        self._own = own
        self._polls = polls
        self._reported = Reported(client.ledger)
        self._task: asyncio.Task[None] | None = None
        self._child: asyncio.Task[None] | None = None

    def start(self, every: float | None = None) -> None:
        """Looks now and then, from now on."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(every or EVERY))

    async def stop(self) -> None:
        """Ends the child, gracefully, and looks no more."""
        for task in (self._task, self._child):
            if task is not None:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    @property
    def running(self) -> bool:
        """Whether sources are polled now."""
        return self._child is not None and not self._child.done()

    async def _run(self, every: float) -> None:
        pause, ended_at = every, 0.0
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(every)
            try:
                wanted = await self.look()
            except Exception:  # whatever one look meets, the next one is taken
                log.exception("the sources could not be looked at")
                continue
            if self.running and not wanted and self._child:
                self._child.cancel()
            elif wanted and not self.running and loop.time() >= ended_at + pause:
                began = loop.time()

                def ended(_: object, began: float = began) -> None:
                    nonlocal pause, ended_at
                    ended_at = loop.time()
                    pause = every if ended_at - began > STEADY else min(2 * pause, LONGEST_PAUSE)

                self._child = asyncio.create_task(self._follow())
                self._child.add_done_callback(ended)

    async def look(self) -> bool:
        """Tells what is new of the sources' health; whether this process has something to poll."""
        client = self._client
        try:
            sources = await client.library(lambda library: library.store.snapshot().corpus.sources())
            if await client.off_loop(lambda: self._own.claim("sources", _CLAIM_SECONDS)):
                for health in await client.off_loop(lambda: self._reported.news(sources)):
                    await self._tell(health)
            if not self._polls or not any(source.kind in POLLED for source in sources):
                return False
            return await client.off_loop(lambda: self._claims.claim(_CLAIM, _CLAIM_SECONDS))
        except NewsError as error:
            log.info("no sources to look at: %s", error)
            return False

    async def _follow(self) -> None:
        """Runs the watch to its end."""
        log.info("polling begins")
        try:
            async for event in self._client.onrecord.lines("watch", "--json"):
                log.debug("polled: %s", event)
        except CommandFailed as error:
            log.warning("polling ended: %s", error)

    async def _tell(self, health: Health) -> None:
        """Tells the channel that the server chose for it; where it chose none, it stands in its audit.

        What several servers share is no business of each of them: then those are told whom the settings name.
        """
        client = self._client
        name = escape(health.name, NAME_ROOM)
        words = f"**{name}** can be read again."
        if health.error is not None:
            words = f"**{name}** can't be read: {escape(health.error, ERROR_ROOM)}"
            words += "\n-# I say so once; `/sources list` shows how it stands."
        notice = words_card(words, "Sources")
        if client.serves_several:
            log.info("source %s: %s", health.name, health.error or "it can be read again")
            await client.tell_administrators(notice)
            return
        card = client.sending(notice)
        told = False
        for guild in client.guilds:
            channel = client.chosen.of(guild.id).admin_channel
            if channel is not None:
                told = await _sent(lambda: client.get_partial_messageable(channel).send(**card)) or told  # noqa: B023
        if not told:
            deed = Deed(who=NOBODY, action="source", subject=health.name, result=health.error or "it can be read again")
            for guild in client.guilds:
                await client.keep_deed(guild.id, deed)


async def _sent(send: Callable[[], Awaitable[object]]) -> bool:
    try:
        await send()
    except (discord.HTTPException, OSError) as error:
        log.warning("administrators could not be told of a source: %s", error)
        return False
    return True
