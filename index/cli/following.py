"""The commands of onrecord that name what is read: add, remove, sources, watch."""

import argparse
import signal
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.text import Text

from index.app import Library
from index.cli.keeping import closing, read_files
from index.cli.progress import JsonLines, json_line
from index.cli.render import clean, console
from index.errors import EmptyLibrary, NewsError, SourceError
from index.ingest.web.adding import as_address, feeds_in_file
from index.ingest.web.opml import written_opml
from index.model import ReindexReport
from index.settings import IndexSettings
from index.storage.records import POLLED, SourceState

if TYPE_CHECKING:
    from index.ingest.web.landing import Landed


_IMPATIENT = 1.0  # seconds after which a second Ctrl-C is meant as one


def add(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Follows addresses and lists of feeds, and reads files and folders; a line for each tells what was found."""
    files, followed, failures = _sorted(options.sources)
    out = console()
    try:
        with closing(settings) as library:
            result = _follow(library, followed, out, as_json=options.json) if followed else _Followed()
            for failure in failures:
                _say(out, options, outcome="failed", name=failure.item, message=f"{failure}.", state=None)
            result.failed += [f"{failure}." for failure in failures]
            if files:
                configured = [s.name for s in library.following().sources() if s.kind not in POLLED]
                result.report = read_files(library, [*configured, *files], as_json=options.json)
            if options.json and (files or result.worked):
                JsonLines.report(_summed(library, result))
    except NewsError as error:
        if not options.json:
            raise
        JsonLines.error(str(error))
        return 1
    if options.json and not (files or result.worked):
        JsonLines.error(" ".join(result.failed))
    return 1 if result.failed else 0


def remove(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Drops a source; the articles of a feed stay, unless they are named too."""
    try:
        with closing(settings) as library:
            state, gone = library.following().remove(options.name, articles=options.articles)
            report = ReindexReport(sources=(state.name,), removed=gone, **_totals(library), finished=datetime.now(UTC))
    except NewsError as error:
        if not options.json:
            raise
        JsonLines.error(str(error))
        return 1
    if options.json:
        JsonLines.report(report)
        return 0
    stay = "stays" if state.articles == 1 else "stay"
    left = f"{_count(state.articles, 'article')} {stay} in the index" if state.articles else "it had no articles"
    told = f"{_count(gone, 'article')} went with it" if gone else left
    console().print(Text(clean(f"{state.name} is no longer a source; {told}.")))
    return 0


def sources(options: argparse.Namespace, settings: IndexSettings) -> int:
    """The configured sources, with their health."""
    out = console()
    with closing(settings) as library:
        configured = library.following().sources()
    if not configured and not (options.json or options.opml):
        out.print(Text("There are no sources yet: onrecord add URL|FILE names one."))
    if options.opml:
        sys.stdout.write(written_opml(configured, title="On Record's sources"))
        return 0
    for source in configured:
        if options.json:
            json_line(source_json(source))
        else:
            out.print(_line(source, datetime.now(UTC)))
    return 0


def watch(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Polls every source in its time until it is stopped (Ctrl-C, or SIGTERM); what was read until then is kept."""
    out = console()
    stop = threading.Event()
    with closing(settings) as library:
        following = library.following()
        polled = [source for source in following.sources() if source.kind in POLLED]
        if not polled:
            message = "There is nothing to poll: name a feed with onrecord add https://..."
            if not options.json:
                raise NewsError(message)
            JsonLines.error(message)
            return 1
        if options.json:
            json_line({"event": "watching", "sources": len(polled)})
        else:
            out.print(Text(f"Watching {_count(len(polled), 'source')}; Ctrl-C stops.", style="dim"))

        def told(landed: "Landed") -> None:
            if options.json:
                json_line(_poll_json(landed))
            elif (landed.error and landed.state.failures <= 1) or landed.added or landed.changed:
                _print_poll(out, landed)  # of one that goes on failing nothing more: onrecord sources tells

        with _stopped_by_signals(stop):
            following.watch(stop, told)
    if options.json:
        json_line({"event": "stopped"})
    else:
        out.print(Text("Stopped; everything read until now is kept.", style="dim"))
    return 0


def poll_once(library: Library, report: ReindexReport, *, as_json: bool) -> ReindexReport:
    """Polls what is polled, once, and adds what came to a report of what was read of files.

    Args:
        library: open.
        report: what was read before.
        as_json: whether a program reads along.
    """
    done = 0
    for landed in library.following().poll():
        done += 1
        if as_json:
            json_line({"event": "progress", "done": done, "total": None, "item": landed.state.name})
        report = with_poll(report, landed)
    return replace(report, **_totals(library)) if done else report


def with_poll(report: ReindexReport, landed: "Landed") -> ReindexReport:
    """The report with what one poll gave."""
    failed = list(landed.missed)
    if landed.error is not None:
        failed.append((landed.state.name, landed.error))
    return replace(
        report,
        sources=(*report.sources, landed.state.name),
        added=report.added + landed.added,
        changed=report.changed + landed.changed,
        failed=(*report.failed, *failed)[:200],
        failures=report.failures + len(failed),
    )


def source_json(source: SourceState) -> dict[str, Any]:
    """A source as programs read it; times are ISO 8601 in UTC."""
    return {
        "name": source.name,
        "kind": source.kind,
        "title": source.title,
        "address": source.address or source.name,
        "articles": source.articles,
        "statements": source.statements,
        "last_success": _iso(source.last_success),
        "last_error": source.last_error,
        "last_poll": _iso(source.last_poll),
        "next_poll": _iso(source.next_poll),
        "failures": source.failures,
        "failing_since": _iso(source.failing_since),
    }


# ---------------------------------------------------------------------------------------------------------------
# Adding


class _Followed:
    """What came of the addresses that were named."""

    def __init__(self) -> None:
        self.landed: list[Landed] = []
        self.failed: list[str] = []
        self.known = 0
        self.report: ReindexReport | None = None

    @property
    def worked(self) -> bool:
        return bool(self.landed or self.known)


def _sorted(names: Sequence[str]) -> tuple[list[str], list[str], list[SourceError]]:
    """Files and folders, what is followed over the web, and what can be neither."""
    files: list[str] = []
    followed: list[str] = []
    failures: list[SourceError] = []
    for name in names:
        try:
            (followed if as_address(name) or feeds_in_file(name) else files).append(name)
        except SourceError as error:
            failures.append(error)
    return files, followed, failures


def _follow(library: Library, names: Sequence[str], out: Console, *, as_json: bool) -> _Followed:
    result = _Followed()
    if not as_json and sys.stderr.isatty():
        print("Fetching ...", file=sys.stderr)
    for outcome in library.following().add(names):
        landed = outcome.landed
        if landed is not None:
            result.landed.append(landed)
        elif outcome.outcome == "known":
            result.known += 1
        else:
            result.failed.append(outcome.message)
        state = landed.state if landed else None
        options = argparse.Namespace(json=as_json)
        _say(out, options, outcome=outcome.outcome, name=outcome.name, message=outcome.message, state=state)
    return result


def _say(
    out: Console, options: argparse.Namespace, *, outcome: str, name: str, message: str, state: SourceState | None
) -> None:
    if options.json:
        told = {"event": "source", "outcome": outcome, "name": name, "message": message}
        json_line({**told, "source": source_json(state) if state else None})
    elif outcome == "failed":
        print(f"onrecord: {clean(message)}", file=sys.stderr)
    else:
        out.print(Text(clean(message)))


def _summed(library: Library, result: _Followed) -> ReindexReport:
    report = result.report or ReindexReport(sources=())
    for landed in result.landed:
        report = with_poll(report, landed)
    report = replace(report, failures=report.failures + len(result.failed), **_totals(library))
    return replace(report, finished=report.finished or datetime.now(UTC))


def _totals(library: Library) -> dict[str, Any]:
    try:
        covered = library.coverage()
    except EmptyLibrary:
        return {}
    return {"articles": covered.articles, "paragraphs": covered.paragraphs, "statements": covered.statements}


# ---------------------------------------------------------------------------------------------------------------
# Showing


def _line(source: SourceState, now: datetime) -> Text:
    line = Text.assemble((clean(source.title or source.name), "bold"))
    if source.title:
        line.append(f" {clean(source.name)}", style="dim")
    counts = f" · {_count(source.articles, 'article')}, {_count(source.statements, 'statement')}"
    line.append(counts, style="dim")
    if source.last_success:
        line.append(f" · read {source.last_success:%Y-%m-%d %H:%M} UTC", style="dim")
    if source.kind in POLLED:
        due = "now" if source.next_poll is None or source.next_poll <= now else f"{source.next_poll:%Y-%m-%d %H:%M} UTC"
        line.append(f" · next poll {due}", style="dim")
    if source.address:
        line.append(clean(f" · moved to {source.address}"), style="dim")
    if source.last_error:
        since = (
            f" ({_count(source.failures, 'time')} since {source.failing_since:%Y-%m-%d %H:%M} UTC)"
            if (source.failing_since)
            else ""
        )
        line.append(clean(f" · failing: {source.last_error}{since}"), style="red")
    return line


def _print_poll(out: Console, landed: "Landed") -> None:
    from index.ingest.web.following import in_words  # noqa: PLC0415 -- only watching fetches

    style = "red" if landed.error else ""
    out.print(Text(clean(f"{datetime.now(UTC):%H:%M} {in_words(landed)}"), style=style))


def _poll_json(landed: "Landed") -> dict[str, Any]:
    return {
        "event": "poll",
        "added": landed.added,
        "changed": landed.changed,
        "statements": landed.statements,
        "missed": [list(one) for one in landed.missed[:20]],
        "error": landed.error,
        "source": source_json(landed.state),
    }


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    """Sets an event when the process is asked to end; Ctrl-C once more, a while later, ends it at once."""
    first: list[float] = []

    def asked(number: int, _: object) -> None:
        if first and number == signal.SIGINT and time.monotonic() - first[0] > _IMPATIENT:
            raise KeyboardInterrupt
        first.append(time.monotonic())
        stop.set()

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
