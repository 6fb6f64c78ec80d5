"""The commands of onrecord that keep the library: reindex and sources, and what checks and mends."""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.text import Text

from index.app import Library, open_library
from index.cli.progress import Bar, JsonLines
from index.cli.render import clean, console, show_report
from index.errors import NewsError, StoreError
from index.model import ReindexReport
from index.settings import IndexSettings


def reindex(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Reads the sources and applies what changed; without names, what is polled is polled once too."""
    from index.cli.following import poll_once  # noqa: PLC0415 -- it builds on this module

    try:
        with closing(settings) as library:
            report = read_files(library, options.sources, full=options.full, as_json=options.json, show=False)
            if not options.sources:
                report = poll_once(library, report, as_json=options.json)
    except NewsError as error:
        if not options.json:
            raise
        JsonLines.error(str(error))
        return 1
    if options.json:
        JsonLines.report(report)
    else:
        show_report(console(), report)
    return 0


def read_files(
    library: Library, sources: Sequence[str], *, full: bool = False, as_json: bool, show: bool = True
) -> ReindexReport:
    """Reads files and folders, showing how far it is; `show` prints the report for a person."""
    if as_json:
        return library.reindex(sources, full=full, progress=JsonLines())
    with Bar() as bar:
        report = library.reindex(sources, full=full, progress=bar)
    if show:
        show_report(console(), report)
    return report


def doctor(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Settings, index and engine checked; exit code 1 when something needs mending."""
    del options
    findings = [_home(settings)]
    with closing(settings) as library:
        findings += library.store.findings()
        findings += _sources(library, settings)
    return _told(findings)


def verify(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Everything that is stored, read and checked; exit code 1 when something needs mending."""
    del options
    with closing(settings) as library:
        return _told(library.store.verify())


def rollback(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Back to the state before the last full reindex."""
    del options
    with closing(settings) as library:
        covered = library.rollback()
    console().print(
        Text(f"Went back. The index holds {covered.articles:,} articles, {covered.statements:,} statements.")
    )
    return 0


def compact(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Gives back what removed articles took on the disk."""
    del options
    with closing(settings) as library:
        library.store.compact()
    console().print(Text("Tidied up."))
    return 0


@contextmanager
def closing(settings: IndexSettings) -> Iterator[Library]:
    """The library as it is, also when nothing was indexed yet; closed at the end."""
    library = open_library(settings)
    try:
        yield library
    finally:
        library.close()


def _told(findings: list[tuple[str, bool, str]]) -> int:
    """Prints findings; the exit code that they make."""
    out = console()
    for what, well, words in findings:
        out.print(Text.assemble(("ok   ", "green") if well else ("MEND ", "red"), clean(f"{what}: {words}")))
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
