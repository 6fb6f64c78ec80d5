"""What somebody was asked to confirm, until they do: kept in memory alone, for a quarter of an hour."""

import secrets
from collections.abc import Callable

KEPT_SECONDS = 900.0
KEPT_QUESTIONS = 1000

#: Who was asked, what kind of thing it is, and about what.
Asked = tuple[int, str, str]


class Confirmations:
    """Questions that wait for a press.

    Args:
        now: a clock in seconds that never goes back.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._asked: dict[str, tuple[float, Asked]] = {}

    def keep(self, asked: Asked) -> str:
        """Keeps a question, and gives the key under which a press takes it."""
        old = self._now() - KEPT_SECONDS
        fresh = [(key, kept) for key, kept in self._asked.items() if kept[0] > old]
        self._asked = dict(fresh[-KEPT_QUESTIONS:])
        key = secrets.token_hex(6)
        self._asked[key] = (self._now(), asked)
        return key

    def take(self, key: str) -> Asked | None:
        """The question of that key, once; None when it was asked too long ago."""
        kept = self._asked.pop(key, None)
        return kept[1] if kept and kept[0] > self._now() - KEPT_SECONDS else None
