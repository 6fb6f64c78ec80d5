"""Runs a reindex in a process of its own and follows its lines of JSON, so that questions are answered meanwhile."""

import asyncio
import json
import logging
import os
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from bot.words import Refused
from index.errors import NewsError
from index.model import ReindexReport

log = logging.getLogger(__name__)

_REPORT = TypeAdapter(ReindexReport)
LINE_LIMIT = 4 * 1024 * 1024  # bytes of one line of JSON
_STOP_SECONDS = 5.0
_NICENESS = 10  # about a tenth of a processor's time where somebody else wants it


class ReindexFailed(NewsError):
    """A reindex that ended without a report; the index answers as it did before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a reindex is; `total` is None while it is not known."""

    done: int = 0
    total: int | None = None
    item: str = ""


class Reindexing:
    """One reindex at a time.

    Args:
        command: what to run; it prints lines of JSON: `{"event": "progress", "done", "total", "item"}`, then
            `{"event": "report", ...}` or `{"event": "error", "message"}`.
        every: seconds between two times that progress is shown.
        now: a clock in seconds that never goes back.
    """

    def __init__(
        self, command: Sequence[str], *, every: float = 3.0, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._every = every
        self._now = now
        self.progress: Progress | None = None
        self._command = tuple(command)
        self._process: asyncio.subprocess.Process | None = None

    async def run(self, show: Callable[[Progress], Awaitable[None]]) -> ReindexReport:
        """Runs it to the end, showing its progress now and then.

        Raises:
            Refused: one is running already.
            ReindexFailed: it could not start, said why it failed, or ended without a word.
        """
        if self.progress is not None:
            raise Refused(f"A reindex is running already ({progress_words(self.progress)}); one at a time.")
        self.progress = Progress()
        try:
            return await self._follow(show)
        finally:
            self.progress = None
            self._process = None

    async def stop(self) -> None:
        """Ends a running reindex; the index stays as it was before it."""
        process = self._process
        if process is None or process.returncode is not None:
            return
        process.terminate()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                await process.wait()
        except TimeoutError:
            process.kill()

    async def _follow(self, show: Callable[[Progress], Awaitable[None]]) -> ReindexReport:
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, limit=LINE_LIMIT
            )
        except OSError as error:
            raise ReindexFailed(f"The reindex could not start: {error.strerror or error}.") from error
        self._process = process
        let_answers_first(process)
        out, err = process.stdout, process.stderr
        if out is None or err is None:
            raise ReindexFailed("The reindex could not start: it has no output to follow.")
        last_words = asyncio.create_task(tail(err))
        report: ReindexReport | None = None
        failure: str | None = None
        shown = self._now() - self._every
        try:
            async for line in out:
                event = event_of(line)
                match event.get("event"):
                    case "progress":
                        self.progress = _progress(event)
                        if self._now() - shown >= self._every:
                            shown = self._now()
                            await show(self.progress)
                    case "report":
                        report = _REPORT.validate_python({k: v for k, v in event.items() if k != "event"})
                    case "error":
                        failure = str(event.get("message") or "it did not say why")
            code = await process.wait()
        except (ValueError, ValidationError) as error:
            process.kill()
            log.warning("a reindex wrote what can't be read: %s", error)
            raise ReindexFailed("The reindex wrote a report that can't be read; please look at the log.") from error
        finally:
            words = await last_words
        if report is not None:
            return report
        if failure is not None:
            raise ReindexFailed(f"The reindex failed: {failure}")
        why = f": {words}" if words else ""
        raise ReindexFailed(
            f"The reindex stopped with exit code {code} and no report{why}. The index answers as before."
        )


def progress_words(progress: Progress) -> str:
    """How far it is, in words."""
    return f"{progress.done:,} read" if progress.total is None else f"{progress.done:,} of {progress.total:,}"


def event_of(line: bytes) -> dict[str, object]:
    """The JSON object of a line; an empty one where it holds something else."""
    try:
        event = json.loads(line)
    except ValueError:
        return {}
    return event if isinstance(event, dict) else {}


def _progress(event: dict[str, object]) -> Progress:
    done, total = event.get("done"), event.get("total")
    return Progress(
        done=done if isinstance(done, int) else 0,
        total=total if isinstance(total, int) else None,
        item=str(event.get("item") or ""),
    )


async def tail(stream: asyncio.StreamReader) -> str:
    """The last line of a stream that is read to its end in bounded memory."""
    kept: deque[bytes] = deque(maxlen=2)
    while piece := await stream.read(4096):
        kept.append(piece)
    lines = b"".join(kept).decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""


def let_answers_first(process: asyncio.subprocess.Process) -> None:
    """Gives a process, with those that it will start, less of the processors than questions get, where systems can."""
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
