"""The picture of a timeline: what of an answer it shows, in words too, and the process that draws it."""

import asyncio
import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from bot.inert import cut
from bot.layouts import ALT_LIMIT, Picture
from bot.passages import count_of
from index.answer.citations import said_day
from index.model import Answer, Passage

log = logging.getLogger(__name__)

ROWS = 8  # outlets that have a row of their own; the others share the last one
TITLE_ROOM, ROW_ROOM = 90, 32
SECONDS = 15.0  # the very first drawing looks for fonts
AT_ONCE = 2
OTHERS, NOWHERE = "other outlets", "no outlet named"


class Charts:
    """Draws, in processes that end with each picture.

    Args:
        command: what draws: a chart comes in, a PNG goes out (see `bot.charting`).
        cache: a folder that can be written, where the plotting library remembers which fonts there are.
    """

    def __init__(self, cache: Path, command: Sequence[str] = (sys.executable, "-m", "bot.charting")) -> None:
        self._command = tuple(command)
        self._cache = cache
        self._room = asyncio.Semaphore(AT_ONCE)

    async def draw(self, answer: Answer) -> Picture | None:
        """The picture of an answer over time; None where it would show nothing, or can't be drawn."""
        chart = chart_of(answer)
        if chart is None:
            return None
        try:
            async with asyncio.timeout(SECONDS), self._room:
                png = await self._run(json.dumps(chart).encode())
        except (OSError, TimeoutError) as error:
            log.warning("a timeline could not be drawn: %s", error or "it took too long")
            return None
        return Picture(alt=alt_of(answer, chart), png=png) if png else None

    async def _run(self, chart: bytes) -> bytes | None:
        pipe = asyncio.subprocess.PIPE
        environment = {**os.environ, "MPLCONFIGDIR": str(self._cache), "MPLBACKEND": "agg"}
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment
        )
        try:
            png, words = await process.communicate(chart)
        finally:
            if process.returncode is None:
                with suppress(ProcessLookupError):
                    process.kill()
                await process.communicate()  # to the end, so that nothing of it stays open
        if process.returncode:
            log.warning("a timeline could not be drawn: %s", words.decode("utf-8", "replace").strip()[-300:])
            return None
        return png


def chart_of(answer: Answer) -> dict[str, Any] | None:
    """What `bot.charting` draws: how many passages each outlet has on each day; None for fewer than two days."""
    placed = [(day, _outlet(passage)) for passage in answer.passages if (day := _day(passage))]
    if len({day for day, _ in placed}) < 2:
        return None
    by_outlet = Counter(outlet for _, outlet in placed)
    outlets = sorted(by_outlet, key=lambda outlet: (-by_outlet[outlet], outlet))
    rows = outlets if len(outlets) <= ROWS else [*outlets[: ROWS - 1], OTHERS]
    at = Counter((day, outlet if outlet in rows else OTHERS) for day, outlet in placed)
    return {
        "title": cut(answer.understood, TITLE_ROOM),
        "rows": [cut(row, ROW_ROOM) for row in rows],
        "points": [[day.isoformat(), rows.index(outlet), count] for (day, outlet), count in sorted(at.items())],
    }


def alt_of(answer: Answer, chart: dict[str, Any]) -> str:
    """The picture in words."""
    days = [date.fromisoformat(day) for day, _, _ in chart["points"]]
    by_row: Counter[int] = Counter()
    for _, row, count in chart["points"]:
        by_row[row] += count
    shown = ", ".join(f"{chart['rows'][row]} {count}" for row, count in by_row.most_common())
    many = count_of(by_row.total(), "passage")
    span = f"{said_day(min(days))} to {said_day(max(days))}"
    return cut(f"Timeline: {cut(answer.understood, TITLE_ROOM)}. {many}, {span}, by outlet: {shown}.", ALT_LIMIT)


def _day(passage: Passage) -> date | None:
    """When the words were said, where the article tells; else its own day."""
    for quote in passage.quotes[: passage.answering]:
        with suppress(ValueError):
            return date.fromisoformat(quote.when or "")
    return passage.article.day


def _outlet(passage: Passage) -> str:
    return passage.article.outlet or NOWHERE
