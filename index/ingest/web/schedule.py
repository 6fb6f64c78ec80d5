"""When a source is polled next: sooner where there is news, later where there is none or where something fails."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from index.storage.records import SourceState

SHORTEST = 5 * 60.0  # seconds between two polls
FIRST = 30 * 60.0
_LONGEST = {"feed": 4 * 3_600.0, "sitemap": 2 * 3_600.0, "page": 7 * 86_400.0}
_LONGEST_BACKOFF = 24 * 3_600.0
_FASTER, _SLOWER = 0.5, 1.5
_JITTER = 0.1  # of the interval, only ever later


def succeeded(
    state: SourceState, now: datetime, *, news: bool, at_least: float = 0.0, chance: float | None = None
) -> SourceState:
    """The state after a poll that went well.

    Args:
        state: before.
        now: in UTC.
        news: whether there was anything new.
        at_least: seconds that the source asks to be left alone.
        chance: from 0 to 1, for spreading polls; drawn when None.
    """
    longest = _LONGEST.get(state.kind, _LONGEST["feed"])
    first = min(FIRST, longest)
    interval = (state.interval * (_FASTER if news else _SLOWER)) if state.interval else first
    interval = min(max(interval, SHORTEST), longest)
    wait = max(interval, min(at_least, longest))
    return replace(
        state,
        last_poll=now,
        last_success=now,
        last_error=None,
        failures=0,
        failing_since=None,
        interval=interval,
        next_poll=now + timedelta(seconds=_spread(wait, chance)),
    )


def failed(
    state: SourceState, now: datetime, reason: str, *, wait_until: datetime | None = None, chance: float | None = None
) -> SourceState:
    """The state after a poll that failed: each further failure doubles the time until the next try, up to a day.

    Args:
        state: before.
        now: in UTC.
        reason: in words.
        wait_until: before which the source doesn't want to be asked.
        chance: as in `succeeded`.
    """
    failures = state.failures + 1
    wait = min((state.interval or FIRST) * 2.0 ** min(failures - 1, 20), _LONGEST_BACKOFF)
    next_poll = now + timedelta(seconds=_spread(max(wait, SHORTEST), chance))
    return replace(
        state,
        last_poll=now,
        last_error=reason,
        failures=failures,
        failing_since=state.failing_since or now,
        next_poll=max(next_poll, wait_until) if wait_until else next_poll,
    )


def is_due(state: SourceState, now: datetime) -> bool:
    """Whether the time of a source's next poll has come."""
    return state.next_poll is None or state.next_poll <= now


def may_be_asked(state: SourceState, now: datetime) -> bool:
    """Whether a source may be polled before its time for somebody who asks; not one that failed or was just asked."""
    if state.failures or state.last_poll is None:
        return is_due(state, now)
    return now - state.last_poll >= timedelta(seconds=SHORTEST)


def _spread(seconds: float, chance: float | None) -> float:
    draw = random.random() if chance is None else chance  # noqa: S311 -- it only spreads polls
    return seconds * (1.0 + _JITTER * draw)
