"""The command `onrecord aliases`: what the administrator says of who is who, shown and changed."""

import argparse
import sys

from rich.text import Text

from index.app import open_library
from index.cli.progress import JsonLines, json_line
from index.cli.render import clean, console
from index.errors import NewsError
from index.ingest.aliasing import AliasReport, change_aliases, different, same, without
from index.people import read_aliases
from index.settings import IndexSettings

LEAST = {"list": 0, "same": 2, "different": 2, "remove": 1}  # names that each takes at least


def aliases(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Shows the aliases, or changes them."""
    if len(options.names) < LEAST[options.action] or (options.action == "list" and options.names):
        need = LEAST[options.action] or "no"
        print(f"onrecord aliases {options.action}: takes {need} names or more, in quotes.", file=sys.stderr)
        return 2
    try:
        report = _changed(options, settings)
    except NewsError as error:
        if not options.json:
            raise
        JsonLines.error(str(error))
        return 1
    if options.json:
        told = report.aliases
        meant = [{"article": a, "name": name, "is": whom} for (a, name), whom in told.in_article.items()]
        json_line(
            {
                "event": "aliases",
                "same": told.same,
                "different": told.different,
                "in_article": meant,
                "notes": report.notes,
            }
        )
    else:
        _show(report)
    return 0


def _changed(options: argparse.Namespace, settings: IndexSettings) -> AliasReport:
    if options.action == "list":
        return AliasReport(aliases=read_aliases(settings.home))
    names = options.names
    edits = {"same": lambda: same(*names), "different": lambda: different(*names), "remove": lambda: without(names[0])}
    library = open_library(settings)
    try:
        return change_aliases(library.store, settings.home, edits[options.action]())
    finally:
        library.close()


def _show(report: AliasReport) -> None:
    out = console()
    said = [" = ".join(names) for names in report.aliases.same]
    said += [" ≠ ".join(names) for names in report.aliases.different]
    said += [f"{name} in {article} is {whom}" for (article, name), whom in report.aliases.in_article.items()]
    for line in said or ["Nothing is said of who is who."]:
        out.print(Text(clean(line)))
    for note in report.notes:
        out.print(Text(clean(note), style="dim"))
