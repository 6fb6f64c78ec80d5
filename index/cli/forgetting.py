"""The command `onrecord forget`: out of every answer at once, then off the disk."""

import argparse
import gc
from dataclasses import asdict

from rich.text import Text

from index.app import Library, open_library
from index.cli.progress import JsonLines, json_line
from index.cli.render import clean, console
from index.errors import NewsError
from index.ingest.forgetting import ForgetReport
from index.settings import IndexSettings

WIPED = "Nothing of it is left in the library's files; there is no earlier index to roll back to."
LATER = "Its bytes still lie in the library's files until `onrecord compact` has run"


def forget(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Forgets, and compacts; exit code 1 when nothing was forgotten."""
    library = open_library(settings)
    try:
        try:
            report = library.forget_speaker(options.speaker) if options.speaker else library.forget(options.reference)
        except NewsError as error:
            if not options.json:
                raise
            JsonLines.error(str(error))
            return 1
        if options.json:
            json_line({"event": "forgotten", **asdict(report)})
        else:
            _show(report)
        _wipe(library, as_json=options.json)
    finally:
        library.close()
    return 0


def _show(report: ForgetReport) -> None:
    out = console()
    counts = ", ".join(
        f"{count:,} {what}{'' if count == 1 else 's'}"
        for count, what in ((report.articles, "article"), (report.statements, "statement"))
    )
    out.print(Text(f"Forgotten: {clean(report.what)} ({counts})."))
    for words in report.remains:
        out.print(Text(clean(words), style="dim"))


def _wipe(library: Library, *, as_json: bool) -> None:
    """Takes the bytes off the disk; what hinders that is told, and is no failure: no answer shows it any more."""
    gc.collect()  # lets go of the state before, which can't be taken off the disk while it is read
    try:
        library.store.compact()
        words = WIPED
    except NewsError as error:
        words = f"{LATER}: {error}"
    if as_json:
        json_line({"event": "wiped", "done": words is WIPED, "message": words})
    else:
        console().print(Text(clean(words), style="dim"))
