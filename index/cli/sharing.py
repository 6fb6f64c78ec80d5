"""The command onrecord ingest: one of several workers that bring the same sources in together."""

import argparse

from index.app import open_library
from index.cli.progress import Bar, JsonLines
from index.cli.render import console, show_report
from index.errors import NewsError
from index.settings import IndexSettings


def ingest(options: argparse.Namespace, settings: IndexSettings) -> int:
    """Adds this worker's share of the sources."""
    library = open_library(settings)
    shard, of = options.shard
    try:
        if options.json:
            try:
                JsonLines.report(library.ingest(options.sources, shard=shard, of=of, progress=JsonLines()))
            except NewsError as error:
                JsonLines.error(str(error))
                return 1
            return 0
        with Bar() as bar:
            report = library.ingest(options.sources, shard=shard, of=of, progress=bar)
        show_report(console(), report)
    finally:
        library.close()
    return 0


def share(text: str) -> tuple[int, int]:
    """What --shard takes: I/N, from 0/N to N-1/N."""
    number, mark, of = text.partition("/")
    if mark and number.isdecimal() and of.isdecimal() and int(number) < int(of) <= 100_000:
        return int(number), int(of)
    raise argparse.ArgumentTypeError(f"{text!r} is no share; write it as 0/4, 1/4, 2/4 and 3/4 for four workers")
