"""Opening the library for a command: where nothing was indexed yet, the default sources are read first."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from index.app import Library, open_library
from index.cli.progress import Bar
from index.errors import EmptyLibrary
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
            with Bar() as bar:
                report = library.reindex(progress=bar)
            if not report.articles:
                raise EmptyLibrary(
                    f"Nothing is indexed, and {settings.sources} holds no article: run onrecord reindex FILE-OR-FOLDER."
                ) from None
        yield library
    finally:
        library.close()
