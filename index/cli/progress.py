"""How a reindex shows that it goes on: a bar on a terminal, JSON lines for a program, nothing on a pipe."""

import json
import sys
import time
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from index.ingest.reindex import Progress as Step
from index.model import ReindexReport

EVERY = 0.2  # seconds between two JSON lines


class Bar:
    """A progress bar on standard error while it is a terminal; use it as a context."""

    def __init__(self) -> None:
        self._bar = Progress(
            TextColumn("reading"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("articles"),
            TimeElapsedColumn(),
            console=Console(stderr=True),
            transient=True,
            disable=not sys.stderr.isatty(),
        )
        self._task = self._bar.add_task("reading", total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def __call__(self, step: Step) -> None:
        self._bar.update(self._task, completed=step.done, total=step.total)


class JsonLines:
    """Events on standard output, one JSON object a line, so that another process can follow."""

    def __init__(self) -> None:
        self._last = 0.0

    def __call__(self, step: Step) -> None:
        now = time.monotonic()
        if now - self._last >= EVERY:
            self._last = now
            json_line({"event": "progress", "done": step.done, "total": step.total, "item": step.item})

    @staticmethod
    def report(report: ReindexReport) -> None:
        """The last line of a reindex that went well."""
        json_line({"event": "report", **asdict(report), "finished": report.finished and report.finished.isoformat()})

    @staticmethod
    def error(message: str) -> None:
        """The last line of one that did not."""
        json_line({"event": "error", "message": message})


def json_line(value: dict[str, Any]) -> None:
    """Prints one JSON object on a line of its own."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()
