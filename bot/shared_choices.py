"""What servers have chosen, where the library lies in a cluster: every bot process sees one state, and none is lost."""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from bot.guilds import Choices
from index.storage import Board

AGREEMENT = 120.0  # seconds by which the machines' clocks may differ
_CHOICES = "choices"


class SharedChoices:
    """What servers have chosen, as all processes see it.

    Args:
        board: where it is kept.
        now: seconds since the epoch.
    """

    def __init__(self, board: Board, *, now: Callable[[], float] = time.time) -> None:
        self._board = board
        self._now = now
        self._since = 0.0

    def changed(self) -> dict[int, Choices]:
        """The choices that may have changed since the last call, by server; all of them at first."""
        now = self._now()
        found = self._board.all(_CHOICES, since=self._since)
        self._since = now - AGREEMENT
        return {int(guild): _choices_of(text) for guild, text in found.items()}

    def take_over(self, own: Mapping[int, Choices]) -> list[int]:
        """Keeps what one process had by itself of servers that have chosen nothing here yet; which ones those were."""
        there = self._board.all(_CHOICES)
        new = {str(guild): _text_of(choices) for guild, choices in own.items() if str(guild) not in there}
        return [
            int(guild)
            for guild, text in new.items()
            if self._board.change(_CHOICES, guild, lambda before, text=text: before or text, owner=guild) == text  # type: ignore[misc]
        ]

    def choose(self, guild: int, seen: Choices, chosen: Choices) -> Choices:
        """Keeps what is different between two choices.

        Args:
            guild: the server.
            seen: what the person saw.
            chosen: what they made of it.

        Returns:
            What holds now; something else may have been chosen elsewhere meanwhile.
        """

        def by(before: str | None) -> str:
            return _text_of(merged(_choices_of(before) if before else seen, seen, chosen))

        return _choices_of(self._board.change(_CHOICES, str(guild), by, owner=str(guild)) or "{}")


def merged(newest: Choices, seen: Choices, chosen: Choices) -> Choices:
    """The newest choices with what was changed from `seen` to `chosen`; of sets, what came into them and went."""
    changes: dict[str, Any] = {}
    for field in fields(Choices):
        old, new = getattr(seen, field.name), getattr(chosen, field.name)
        if old != new:
            now = getattr(newest, field.name)
            changes[field.name] = (now | (new - old)) - (old - new) if isinstance(new, frozenset) else new
    return replace(newest, **changes)


def _text_of(choices: Choices) -> str:
    return json.dumps(asdict(choices), default=sorted)


def _choices_of(text: str) -> Choices:
    given = json.loads(text)
    sets = {name: frozenset(ids) for name, ids in given.items() if isinstance(ids, list)}
    return Choices(**(given | sets))
