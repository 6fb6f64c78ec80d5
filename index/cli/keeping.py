"""The commands of onrecord that keep the library: reindex and sources, and what checks and mends."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.text import Text

from index.app import Library, open_library
from index.cli.opening import opened
from index.cli.progress import Bar, JsonLines, json_line
from index.cli.render import clean, console, show_report
from index.errors import EmptyLibrary, NewsError, StoreError
from index.settings import IndexSettings


def reindex(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Reads the sources and applies what changed."""
    return _reindex(options, settings, options.sources, full=options.full)


def add(options: argparse.Namespace, settings: IndexSettings) -> int:
    """The configured sources and these."""
    with _closing(settings) as library:
        try:
            configured = [source.name for source in library.store.snapshot().corpus.sources()]
        except EmptyLibrary:
            configured = []
    return _reindex(options, settings, [*configured, *options.sources], full=False)


def _reindex(options: argparse.Namespace, settings: IndexSettings, sources: list[str], *, full: bool) -> int:
    with _closing(settings) as library:
        if not options.json:
            with Bar() as bar:
                report = library.reindex(sources, full=full, progress=bar)
            show_report(console(), report)
            return 0
        try:
            JsonLines.report(library.reindex(sources, full=full, progress=JsonLines()))
        except NewsError as error:
            JsonLines.error(str(error))
            return 1
    return 0


def sources(options: argparse.Namespace, settings: IndexSettings) -> int:
    """The configured sources, with their health."""
    out = console()
    with opened(settings) as library:
        for source in library.store.snapshot().corpus.sources():
            if options.json:
                success = source.last_success.isoformat() if source.last_success else None
                json_line(
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
            line = Text.assemble((clean(source.name), "bold"))
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
    findings = [_home(settings)]
    with _closing(settings) as library:
        findings += library.store.findings()
        findings += _sources(library, settings)
    return _told(findings)


def verify(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Everything that is stored, read and checked; exit code 1 when something needs mending."""
    del options
    with _closing(settings) as library:
        return _told(library.store.verify())


def rollback(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Back to the state before the last full reindex."""
    del options
    with _closing(settings) as library:
        covered = library.rollback()
    console().print(
        Text(f"Went back. The index holds {covered.articles:,} articles, {covered.statements:,} statements.")
    )
    return 0


def compact(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Gives back what removed articles took on the disk."""
    del options
    with _closing(settings) as library:
        library.store.compact()
    console().print(Text("Tidied up."))
    return 0


@contextmanager
def _closing(settings: IndexSettings) -> Iterator[Library]:
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
