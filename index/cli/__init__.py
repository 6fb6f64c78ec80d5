"""The terminal face, the command onrecord: the same answers as in Discord, readable or as JSON."""

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date

from index.cli import aliasing, commands, following, forgetting, keeping, sharing
from index.cli.chat import chat
from index.errors import NewsError
from index.settings import load_settings

FAILED, WRONG_USAGE, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Returns:
        The exit code: 0 done (also when nothing was found), 1 a failure explained in one line, 2 wrong usage.
    """
    options = parser().parse_args(arguments)
    logging.basicConfig(level=logging.WARNING, format="onrecord: %(message)s", stream=sys.stderr)
    try:
        return int(options.run(options, load_settings()))
    except NewsError as error:
        print(f"onrecord: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print("onrecord: stopped; nothing was changed that was not finished.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of a pipe has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def parser() -> argparse.ArgumentParser:
    """The command line, as `onrecord --help` shows it."""
    top = argparse.ArgumentParser(
        prog="onrecord", description="Who said what in the news, word for word, with a citation to the sentence."
    )
    of = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    def command(name: str, run: object, words: str) -> argparse.ArgumentParser:
        made = of.add_parser(name, help=words, description=words[0].upper() + words[1:] + ".")
        made.set_defaults(run=run)
        return made

    command("chat", chat, "ask in the terminal")

    ask = command("ask", commands.ask, "answer one question, or a file of them")
    ask.add_argument("question", nargs="?", help='for example "what did the mayor say about the bridge?"')
    ask.add_argument("--limit", type=_limit, metavar="N", help="passages at most (10)")
    ask.add_argument("--batch", metavar="FILE", help="questions as JSON lines, - for standard input")
    _json(ask)

    said = command("said", commands.said, "what somebody said")
    said.add_argument("speaker", help="a name, a role or an organisation")
    said.add_argument("--about", metavar="TOPIC")
    said.add_argument("--since", type=_day, metavar="DAY", help="as 2026-05-31, inclusive")
    said.add_argument("--until", type=_day, metavar="DAY", help="inclusive")
    said.add_argument("--outlet", metavar="OUTLET")
    said.add_argument("--limit", type=_limit, metavar="N")
    _json(said)

    show = command("show", commands.show, "a stored article, or a paragraph in its surroundings")
    show.add_argument("reference", metavar="ARTICLE[#NUMBER]")
    _json(show)

    speakers = command("speakers", commands.speakers, "who is on record")
    speakers.add_argument("prefix", nargs="?", default="", help="the beginning of a name")
    speakers.add_argument("--limit", type=_limit, metavar="N", default=25)
    _json(speakers)

    quotes = command("quotes", commands.quotes, "who said what in articles that need not be indexed")
    quotes.add_argument(
        "file", metavar="FILE", help="articles as .txt, .jsonl or .jsonl.gz; - for JSON lines on standard input"
    )
    _json(quotes)

    reindex = command("reindex", keeping.reindex, "read the sources and apply what is new, changed or gone")
    reindex.add_argument(
        "sources", nargs="*", metavar="SOURCE", help="files or folders; they become the configured ones"
    )
    reindex.add_argument("--full", action="store_true", help="derive everything anew, beside the old")
    _json(reindex)

    ingest = command("ingest", sharing.ingest, "one of several workers that add the same files or folders together")
    ingest.add_argument("sources", nargs="+", metavar="SOURCE", help="files or folders, the same for all workers")
    ingest.add_argument("--shard", type=sharing.share, default=(0, 1), metavar="I/N", help="worker I of N, from 0")
    _json(ingest)

    _sources(command)
    forget = command("forget", forgetting.forget, "an article, or what is held about a speaker, for good")
    what = forget.add_mutually_exclusive_group(required=True)
    what.add_argument("reference", nargs="?", metavar="ARTICLE|URL", help="an article's id or address")
    what.add_argument("--speaker", metavar="NAME", help="whose statements go; the articles stay")
    _json(forget)
    aliases = command("aliases", aliasing.aliases, "who is who, where names don't tell: shown and changed")
    aliases.add_argument("action", nargs="?", default="list", choices=("list", "same", "different", "remove"))
    aliases.add_argument("names", nargs="*", metavar="NAME", help="of one person, the one to show first; or of several")
    _json(aliases)
    command("verify", keeping.verify, "read all that is stored and check it")
    command("rollback", keeping.rollback, "back to the state before the last full reindex")
    command("compact", keeping.compact, "give back the room that removed articles took")
    command("doctor", keeping.doctor, "settings, index and engine checked, each finding with its fix")
    return top


def _sources(command: Callable[[str, object, str], argparse.ArgumentParser]) -> None:
    """The commands that name what is read."""
    add = command("add", following.add, "follow a feed, page or sitemap, a list of feeds (OPML), or a file or folder")
    add.add_argument("sources", nargs="+", metavar="URL|FILE", help="as https://example.org/feed.xml")
    _json(add)

    remove = command("remove", following.remove, "drop a source; what a feed gave stays")
    remove.add_argument("name", metavar="NAME", help="its address or title, or a part of it")
    remove.add_argument("--articles", action="store_true", help="take its articles out too")
    _json(remove)

    sources = command("sources", following.sources, "the configured sources, with their health")
    sources.add_argument("--opml", action="store_true", help="the feeds as OPML, for feed readers")
    _json(sources)

    _json(command("watch", following.watch, "poll feeds and pages, each in its time, until it is stopped"))


def _json(made: argparse.ArgumentParser) -> None:
    made.add_argument("--json", action="store_true", help="for programs")


def _limit(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 1000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 1000")
    return number


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a day; write it as 2026-05-31") from error
