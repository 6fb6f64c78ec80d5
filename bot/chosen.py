"""What servers have chosen, as one process knows it: from its own database, and from the cluster that bots share."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar

from bot.followings import Followings
from bot.guilds import Choices, Ledger
from bot.passages import count_of
from bot.shared_choices import SharedChoices
from bot.shared_followings import SharedFollowings, bring_over
from index.errors import NewsError
from index.storage import Board

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Seconds between two looks at what servers have chosen through other processes.
REFRESHED = 10.0


class OffLoop(Protocol):
    """Runs what waits for a disk or a cluster in a thread."""

    def __call__(self, call: Callable[[], T], /) -> Awaitable[T]: ...


class Chosen:
    """What servers have chosen, and what their channels follow.

    Args:
        ledger: the process's own database, which knows what was chosen last also while the cluster is away.
        board: the cluster's, shared by all processes; None where there is no cluster.
        off_loop: runs what waits.

    Attributes:
        followings: what channels follow, where all processes see it.
    """

    def __init__(self, ledger: Ledger, board: Board | None, off_loop: OffLoop) -> None:
        self._ledger = ledger
        self._shared = SharedChoices(board, now=ledger.now) if board else None
        self.followings: Followings | SharedFollowings = (
            SharedFollowings(board, now=ledger.now) if board else Followings(ledger)
        )
        self._off_loop = off_loop
        self._known: dict[int, Choices] = {}
        self._brought_over = False
        self._refreshing: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Reads what was chosen, and where processes share it, goes on looking at it."""
        self._known = await self._off_loop(self._ledger.choices)
        if self._shared is not None:
            self._refreshing = asyncio.create_task(self._keep_fresh())

    async def _keep_fresh(self) -> None:
        while True:
            try:
                await self.refresh()
            except (NewsError, TimeoutError) as error:
                log.info("what other processes share could not be looked at: %s", error)
            await asyncio.sleep(REFRESHED)

    async def refresh(self) -> None:
        """Takes up what servers have chosen through other processes, and shares what only this one has kept so far.

        Raises:
            NewsError: the cluster is away.
        """
        shared = self._shared
        if shared is None:
            return
        if not self._brought_over:
            await self._off_loop(lambda: self._bring_over(shared))
        self._known |= await self._off_loop(shared.changed)

    def _bring_over(self, shared: SharedChoices) -> None:
        """Shares what was chosen and followed before there was a cluster; what is shared already stays as it is."""
        servers = shared.take_over(self._ledger.choices())
        followed = 0
        if isinstance(self.followings, SharedFollowings):
            followed = bring_over(Followings(self._ledger), self.followings)
        if servers or followed:
            log.info(
                "brought over to the cluster: what %s had chosen, and %s",
                count_of(len(servers), "server"),
                count_of(followed, "following"),
            )
        self._brought_over = True

    def of(self, guild: int | None) -> Choices:
        """What a server has chosen; the defaults in direct messages."""
        return self._known.get(guild or 0, Choices())

    async def choose(self, guild: int, choices: Choices) -> None:
        """Keeps what a server has chosen; where processes share it, what others changed meanwhile stays.

        Raises:
            NewsError: it can't be kept.
        """
        shared, seen, now = self._shared, self.of(guild), choices
        if shared is not None:
            now = await self._off_loop(lambda: shared.choose(guild, seen, choices))
        await self._off_loop(lambda: self._ledger.choose(guild, now))
        self._known[guild] = now

    def stop(self) -> None:
        """Looks no more."""
        if self._refreshing is not None:
            self._refreshing.cancel()
