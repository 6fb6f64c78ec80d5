"""The commands of onrecord but chat: each calls the library and prints what it says, readable or as JSON."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.text import Text

from index.answer.citations import card
from index.answer.contract import answer_json, card_json, person_json, quote_json
from index.app import Library, open_library
from index.cli.opening import opened
from index.cli.progress import Bar, JsonLines
from index.cli.render import clean, console, show_answer, show_article, show_report, show_speakers
from index.errors import EmptyLibrary, NewsError, SourceError, StoreError
from index.ingest.quoting import quotes_of
from index.ingest.readers import read_source, read_stream
from index.model import Answer
from index.settings import IndexSettings


class BatchQuestion(BaseModel):
    """A line of `ask --batch`; unknown fields are ignored."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    id: str
    question: str
    context: list[str] = []
    asked: date | None = None


def ask(options: argparse.Namespace, settings: IndexSettings) -> int:
    """One question, or a batch of them."""
    if (options.question is None) == (options.batch is None):
        print("onrecord ask: give one question in quotes, or --batch FILE.", file=sys.stderr)
        return 2
    with opened(settings) as library:
        if options.batch:
            return _batch(library, options)
        _print(library.ask(options.question, limit=options.limit), as_json=options.json)
    return 0


def _batch(library: Library, options: argparse.Namespace) -> int:
    """Answers every line that is a question; the others are named on standard error and make the exit code 1."""
    failed = 0
    for number, line in _batch_lines(options.batch):
        try:
            asked = BatchQuestion.model_validate_json(line)
            answer = library.ask(asked.question, context=asked.context, asked=asked.asked, limit=options.limit)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"]) or "it"
            print(f"onrecord: line {number} is no question: {where}: {first['msg']}.", file=sys.stderr)
            failed = 1
        except StoreError:
            raise
        except NewsError as error:
            print(f"onrecord: line {number}: {error}", file=sys.stderr)
            failed = 1
        else:
            if options.json:
                _json_line({"id": asked.id, **answer_json(answer)})
            else:
                out = console()
                out.print(Text(f"> {clean(asked.question)}", style="bold"))
                show_answer(out, answer)
                out.print()
    return failed


def _batch_lines(name: str) -> Iterator[tuple[int, str]]:
    if name == "-":
        yield from _numbered(sys.stdin)
        return
    try:
        with Path(name).open(encoding="utf-8", errors="replace") as lines:
            yield from _numbered(lines)
    except OSError as error:
        raise SourceError(name, f"it can't be read ({error.strerror})") from error


def _numbered(lines: IO[str]) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield number, line


def said(options: argparse.Namespace, settings: IndexSettings) -> int:
    """What somebody said."""
    with opened(settings) as library:
        answer = library.said(
            options.speaker,
            about=options.about,
            since=options.since,
            until=options.until,
            outlet=options.outlet,
            limit=options.limit,
        )
        _print(answer, as_json=options.json)
    return 0


def show(options: argparse.Namespace, settings: IndexSettings) -> int:
    """A stored article."""
    with opened(settings) as library:
        stored, number = library.show(options.reference)
        if options.json:
            article = stored.article
            paragraphs = [{"number": p.number, "text": p.text} for p in article.paragraphs]
            quotes = [quote_json(q) for q in stored.quotes]
            _json_line({**card_json(card(article)), "paragraphs": paragraphs, "quotes": quotes, "number": number})
        else:
            show_article(console(), stored.article, stored.quotes, number)
    return 0


def speakers(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Who is on record."""
    with opened(settings) as library:
        entries = library.speakers(options.prefix, limit=options.limit)
        if options.json:
            for entry in entries:
                _json_line(person_json(entry))
        else:
            show_speakers(console(), entries, options.prefix)
    return 0


def quotes(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Who said what in articles that need not be indexed."""
    del settings
    out = console()
    failed = 0
    items = read_stream(sys.stdin.buffer) if options.file == "-" else read_source(options.file)
    for item, record in items:
        if isinstance(record, SourceError):
            print(f"onrecord: {record}", file=sys.stderr)
            failed = 1
            continue
        found = quotes_of(record, record.id or item)
        if options.json:
            _json_line({"id": record.id or item, "quotes": found})
        else:
            _show_quotes(out, record.title or record.id or item, found)
    return failed


def _show_quotes(out: Console, title: str, found: list[dict[str, Any]]) -> None:
    out.print(Text(clean(title), style="bold"))
    for quote in found:
        if quote["attitude"]:
            continue
        who = quote["speaker"]["name"] if quote["speaker"] else "no speaker named"
        cue = f" — {quote['cue']['text']}" if quote["cue"] else ""
        words = " … ".join(span["text"] for span in quote["content"])
        out.print(Text(clean(f"  {who}{cue}: {words}")))


def reindex(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Reads the sources and applies what changed."""
    return _reindex(options, settings, options.sources, full=options.full)


def add(options: argparse.Namespace, settings: IndexSettings) -> int:
    """The configured sources and these."""
    library = open_library(settings)
    try:
        configured = [source.name for source in library.store.snapshot().corpus.sources()]
    except EmptyLibrary:
        configured = []
    finally:
        library.close()
    return _reindex(options, settings, [*configured, *options.sources], full=False)


def _reindex(options: argparse.Namespace, settings: IndexSettings, sources: list[str], *, full: bool) -> int:
    library = open_library(settings)
    try:
        if options.json:
            try:
                JsonLines.report(library.reindex(sources, full=full, progress=JsonLines()))
            except NewsError as error:
                JsonLines.error(str(error))
                return 1
        else:
            with Bar() as bar:
                report = library.reindex(sources, full=full, progress=bar)
            show_report(console(), report)
    finally:
        library.close()
    return 0


def sources(options: argparse.Namespace, settings: IndexSettings) -> int:
    """The configured sources, with their health."""
    out = console()
    with opened(settings) as library:
        for source in library.store.snapshot().corpus.sources():
            if options.json:
                success = source.last_success.isoformat() if source.last_success else None
                _json_line(
                    {
                        "name": source.name,
                        "kind": source.kind,
                        "articles": source.articles,
                        "statements": source.statements,
                        "last_success": success,
                        "last_error": source.last_error,
                    }
                )
                continue
            line = Text(clean(source.name), style="bold")
            line.append(f" · {source.articles:,} articles, {source.statements:,} statements", style="dim")
            if source.last_success:
                line.append(f" · read {source.last_success:%Y-%m-%d %H:%M} UTC", style="dim")
            if source.last_error:
                line.append(clean(f" · {source.last_error}"), style="red")
            out.print(line)
    return 0


def doctor(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Settings, index and engine checked; exit code 1 when something needs mending."""
    del options
    out = console()
    library = open_library(settings)
    findings = [_home(settings)]
    try:
        findings += library.store.findings()
        findings += _sources(library, settings)
    finally:
        library.close()
    for what, well, words in findings:
        out.print(
            Text("ok   " if well else "MEND ", style="green" if well else "red") + Text(clean(f"{what}: {words}"))
        )
    return 0 if all(well for _, well, _ in findings) else 1


def _home(settings: IndexSettings) -> tuple[str, bool, str]:
    home = settings.home.absolute()
    at = next((p for p in (home, *home.parents) if p.exists()), home)
    if os.access(at, os.W_OK):
        return "home", True, str(home)
    return "home", False, f"{home} can't be written; change its owner, or set ONRECORD_HOME to a folder that can"


def _sources(library: Library, settings: IndexSettings) -> list[tuple[str, bool, str]]:
    """The configured sources, or the default ones while none was named: whether each is there and could be read."""
    try:
        configured = library.store.snapshot().corpus.sources()
    except StoreError:
        configured = ()
    if not configured:
        missing = [name for name in settings.default_sources if not Path(name).exists()]
        hint = "is not there; set ONRECORD_SOURCES or name files to onrecord reindex"
        return [("source", False, f"{name} {hint}") for name in missing]
    return [
        ("source", s.last_error is None, f"{s.name}: {s.last_error or f'{s.articles:,} articles'}") for s in configured
    ]


def _print(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        _json_line(answer_json(answer))
    else:
        show_answer(console(), answer)


def _json_line(value: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
