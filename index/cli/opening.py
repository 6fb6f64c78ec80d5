"""Opening the library for a command: where nothing was indexed yet, the default sources are read first."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from index.app import Library, open_library
from index.cli.progress import Bar
from index.errors import EmptyLibrary, SourceError
from index.settings import IndexSettings


@contextmanager
def opened(settings: IndexSettings) -> Iterator[Library]:
    """A library with something in it; closed at the end.

    Raises:
        EmptyLibrary: nothing was indexed and the default sources hold nothing either.
    """
    library = open_library(settings)
    try:
        try:
            library.coverage()
        except EmptyLibrary:
            print(f"Nothing is indexed yet; reading {settings.sources} ...", file=sys.stderr)
            _read_defaults(library, settings)
        yield library
    finally:
        library.close()


def _read_defaults(library: Library, settings: IndexSettings) -> None:
    try:
        with Bar() as bar:
            found = library.reindex(progress=bar).articles
    except SourceError:
        found = 0
    if not found:
        raise EmptyLibrary(
            f"Nothing is indexed, and {settings.sources} holds no article: run onrecord reindex FILE-OR-FOLDER."
        )
