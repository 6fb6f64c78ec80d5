"""The commands of onrecord that ask: each calls the library and prints what it says, readable or as JSON."""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import IO, Any

from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console
from rich.text import Text

from index.answer.citations import card, note_of
from index.answer.contract import answer_json, card_json, person_json, quote_json
from index.app import Library
from index.cli.opening import opened
from index.cli.progress import json_line
from index.cli.render import clean, console, show_answer, show_article, show_speakers
from index.errors import NewsError, SourceError, StoreError
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
                json_line({"id": asked.id, **answer_json(answer)})
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
            json_line(
                {
                    **card_json(card(article, note_of(stored))),
                    "paragraphs": paragraphs,
                    "quotes": quotes,
                    "number": number,
                }
            )
        else:
            show_article(console(), stored.article, stored.quotes, number)
    return 0


def speakers(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Who is on record."""
    with opened(settings) as library:
        entries = library.speakers(options.prefix, limit=options.limit)
        if options.json:
            for entry in entries:
                json_line(person_json(entry))
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
        try:
            if isinstance(record, SourceError):
                raise record
            found = quotes_of(record, record.id or item)
        except SourceError as error:
            print(f"onrecord: {error}", file=sys.stderr)
            failed = 1
            continue
        if options.json:
            json_line({"id": record.id or item, "quotes": found})
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


def _print(answer: Answer, *, as_json: bool) -> None:
    if as_json:
        json_line(answer_json(answer))
    else:
        show_answer(console(), answer)
