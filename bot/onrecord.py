"""Runs the command `onrecord` in processes of its own, which alone change the library, and reads its lines of JSON."""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator, Sequence
from typing import Any

from bot.reindexing import LINE_LIMIT, event_of, let_answers_first, tail
from index.errors import NewsError

log = logging.getLogger(__name__)

_STOP_SECONDS = 5.0
_BUSY = "Another process is writing"
_ATTEMPTS, _PAUSE = 5, 1.0  # while another process writes


class CommandFailed(NewsError):
    """A command that ended without doing what it was asked; its own words where it had some."""


class Onrecord:
    """Starts commands; any number at a time.

    Args:
        command: how `onrecord` is started.
        pause: seconds between two attempts while another process writes.
    """

    def __init__(self, command: Sequence[str] = (sys.executable, "-m", "index.cli"), *, pause: float = _PAUSE) -> None:
        self._command = tuple(command)
        self._pause = pause
        self._running: set[asyncio.subprocess.Process] = set()

    async def run(self, *arguments: str) -> list[dict[str, Any]]:
        """Runs a command to its end and gives its lines; tried again for a while when another process writes.

        Raises:
            CommandFailed: it could not start, or ended with an error.
        """
        for _ in range(_ATTEMPTS - 1):
            try:
                return [event async for event in self.lines(*arguments)]
            except CommandFailed as error:
                if not str(error).startswith(_BUSY):
                    raise
            await asyncio.sleep(self._pause)
        return [event async for event in self.lines(*arguments)]

    async def lines(self, *arguments: str) -> AsyncIterator[dict[str, Any]]:
        """Runs a command and yields its lines of JSON as they come; leaving the loop ends it.

        Raises:
            CommandFailed: as `run`.
        """
        pipe = asyncio.subprocess.PIPE
        try:
            process = await asyncio.create_subprocess_exec(
                *self._command, *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe, limit=LINE_LIMIT
            )
        except OSError as error:
            raise CommandFailed(f"The command could not start: {error.strerror or error}.") from error
        self._running.add(process)
        let_answers_first(process)
        out, err = process.stdout, process.stderr
        if out is None or err is None:
            raise CommandFailed("The command could not start: it has no output to follow.")
        last_words = asyncio.create_task(tail(err))
        failure = ""
        try:
            async for line in out:
                event = event_of(line)
                if event.get("event") == "error":
                    failure = str(event.get("message") or "it did not say why")
                elif event:
                    yield event
            code = await process.wait()
            words = (await last_words).removeprefix("onrecord: ")
        except ValueError as error:  # a line without an end
            raise CommandFailed("The command wrote what can't be read; please look at the log.") from error
        finally:
            self._running.discard(process)
            last_words.cancel()
            await _end(process)
        if failure or code:
            raise CommandFailed(failure or words or f"The command stopped with exit code {code} and no word.")

    async def stop(self) -> None:
        """Ends what still runs; the library stays as it was before, or becomes as it would have been."""
        await asyncio.gather(*(_end(process) for process in list(self._running)))


async def _end(process: asyncio.subprocess.Process) -> None:
    """Ends a process: asked first, then made to."""
    if process.returncode is not None:
        return
    try:
        process.terminate()
        async with asyncio.timeout(_STOP_SECONDS):
            await process.wait()
    except ProcessLookupError:
        return
    except TimeoutError:
        process.kill()
        await process.wait()
