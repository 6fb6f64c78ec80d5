"""Who may do what only one process may do at a time: post what is new, correct what was posted."""

import uuid
from typing import Protocol

from bot.guilds import Ledger


class Claims(Protocol):
    """Claims that lapse, so that a process that died hinders nobody for long."""

    def claim(self, name: str, seconds: float) -> bool:
        """Whether this process may do what the name stands for, for so many seconds from now; claims it anew if so."""
        ...


class LedgerClaims:
    """Claims among the processes that share the bot's database.

    Args:
        ledger: where they are kept.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._holder = uuid.uuid4().hex

    def claim(self, name: str, seconds: float) -> bool:
        now = self._ledger.now()
        with self._ledger.writing() as database:
            held = database.execute(
                "INSERT INTO claims VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET holder = excluded.holder,"
                " until = excluded.until WHERE claims.holder = excluded.holder OR claims.until <= ? RETURNING name",
                (name, self._holder, now + seconds, now),
            ).fetchone()
        return held is not None
