"""How long small changes wait while the whole library is derived anew by another process, which runs to its end.

    python -m benchmarks.meanwhile --home HOME [--every SECONDS]

The library is changed: it ends with a new generation, and without the articles that were added to it here. Each change
adds an article, of which nothing is cached, and is tried again every ten milliseconds when it is refused. Milliseconds
drift with the machine; the first row is the same changes beside nothing.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.library import opened, told
from index.app import Library
from index.errors import LibraryBusy
from index.ingest.applying import apply_records
from index.ingest.records import record_from
from index.ingest.sources import Entry
from index.storage.records import SourceState

QUIET = 20  # changes beside nothing
SOURCE = SourceState(name="https://example.org/meanwhile", kind="feed")
REINDEX = (
    "import sys; from pathlib import Path; from index.app import open_library; "
    "from index.settings import IndexSettings; "
    "open_library(IndexSettings(_env_file=None, home=Path(sys.argv[1]))).reindex(full=True, progress=lambda _: 0)"
)


class Adding:
    """Adds articles one by one.

    Attributes:
        taken: milliseconds of each until it was in; `refused`: how many were refused at first.
    """

    def __init__(self, library: Library) -> None:
        self._library = library
        self.items: list[str] = []
        self.taken: list[float] = []
        self.refused = 0

    def add(self) -> None:
        """One more."""
        item = f"meanwhile-{time.time_ns()}"
        found = record_from(
            {"text": f"The buoy is red. Mayor Ida Brock said that it was {item}.", "id": item}, item=item
        )
        begun, tries = time.perf_counter(), 0
        while True:
            try:
                entry = Entry(item=item, place=item, found=found, article_id=item)
                apply_records(self._library.store, SOURCE, [entry])
                break
            except LibraryBusy:
                tries += 1
                time.sleep(0.01)
        self.taken.append((time.perf_counter() - begun) * 1000)
        self.refused += bool(tries)
        self.items.append(item)
        assert self._library.store.snapshot().corpus.article(item) is not None


def take_out(library: Library) -> None:
    """Takes out what was added here."""
    known = library.store.snapshot().corpus.items(SOURCE.name)
    apply_records(library.store, SOURCE, [], gone=list(known))


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--every", type=float, default=0.25)
    asked = parser.parse_args()
    library = opened(asked.home)
    quiet, beside = Adding(library), Adding(library)
    Adding(library).add()  # a library that another version made is derived anew
    for _ in range(QUIET):
        quiet.add()
    begun = time.perf_counter()
    deriving = subprocess.Popen([sys.executable, "-c", REINDEX, str(asked.home)])
    while deriving.poll() is None:
        beside.add()
        time.sleep(asked.every)
    assert deriving.returncode == 0
    print(f"{'the whole library derived anew':52} {time.perf_counter() - begun:.1f} s")
    told("an article added beside nothing", quiet.taken)
    told("... beside a full reindex", beside.taken, quiet.taken)
    print(f"{'... at most':52} {max(beside.taken):.0f} ms of {len(beside.taken)}, {beside.refused} refused at first")
    held = set(library.store.snapshot().corpus.article_ids())
    assert held >= {*quiet.items, *beside.items}
    take_out(library)
    library.close()


if __name__ == "__main__":
    main()
