"""What the library tells of itself: counted once, and counted on by each change."""

import sqlite3
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from index.model import Coverage
from index.storage.embedded.codec import loads


def coverage_of(row: Sequence[Any]) -> Coverage:
    """What `coverage_row` gave, read back."""
    articles, paragraphs, statements, speakers, first, last, outlets = row
    return Coverage(
        articles=articles,
        paragraphs=paragraphs,
        statements=statements,
        speakers=speakers,
        first_day=date.fromisoformat(first) if first else None,
        last_day=date.fromisoformat(last) if last else None,
        outlets=dict(outlets),
    )


def coverage_row(connection: sqlite3.Connection) -> list[Any]:
    """Counts what a change has made of the library."""
    totals = connection.execute(
        "SELECT count(*), coalesce(sum(paragraphs), 0), coalesce(sum(statements), 0), min(day), max(day) FROM articles"
    ).fetchone()
    speakers = connection.execute("SELECT count(*) FROM people").fetchone()[0]
    outlets = connection.execute(
        "SELECT outlet, count(*) FROM articles WHERE outlet IS NOT NULL GROUP BY outlet ORDER BY 2 DESC, 1"
    ).fetchall()
    return [*totals[:3], speakers, *totals[3:], outlets]


class Count:
    """How many articles, paragraphs and statements a change leaves, and of which days and outlets.

    Args:
        connection: inside the change, before anything has happened.
        anew: whether everything is counted at the end, as in a library that was just made.
    """

    def __init__(self, connection: sqlite3.Connection, *, anew: bool) -> None:
        self._connection = connection
        self._before = None if anew else _counted(connection)
        self._totals: Counter[int] = Counter()
        self._outlets: Counter[str | None] = Counter()
        self._added: set[str] = set()
        self._removed: set[str] = set()

    def note(self, row: int, *, by: int) -> None:
        """Counts an article that the change has put (by 1), or is about to take out (by -1)."""
        if self._before is None:  # then all are counted at the end
            return
        query = "SELECT paragraphs, statements, day, outlet FROM articles WHERE row = ?"
        paragraphs, statements, day, outlet = self._connection.execute(query, (row,)).fetchone()
        for place, number in enumerate((1, paragraphs, statements)):
            self._totals[place] += by * number
        self._outlets[outlet] += by
        if day is not None:
            (self._added if by > 0 else self._removed).add(day)

    def row(self) -> list[Any]:
        """What the library holds at the end of the change, as `coverage_of` reads it."""
        if self._before is None:
            return coverage_row(self._connection)
        articles, paragraphs, statements, _, first, last, outlets = self._before
        totals = [before + self._totals[place] for place, before in enumerate((articles, paragraphs, statements))]
        found = {first, last} | self._added
        if found & self._removed:  # then others may be the first and the last
            found = set(self._connection.execute("SELECT min(day), max(day) FROM articles").fetchone())
        days = found - {None}
        speakers = self._connection.execute("SELECT count(*) FROM people").fetchone()[0]
        held = Counter(dict(outlets))
        for outlet, number in self._outlets.items():
            if outlet is not None:
                held[outlet] += number
        ordered = sorted(([outlet, number] for outlet, number in held.items() if number), key=lambda o: (-o[1], o[0]))
        return [*totals, speakers, min(days, default=None), max(days, default=None), ordered]


def _counted(connection: sqlite3.Connection) -> list[Any] | None:
    """What was counted last; None where that is damaged, or there is none."""
    state = connection.execute("SELECT coverage FROM state").fetchone()
    try:
        row: list[Any] = loads(state[0])
        coverage_of(row)
    except (ValueError, LookupError, TypeError, AttributeError):
        return None
    return row
