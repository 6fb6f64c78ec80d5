"""The peak memory of a full reindex, the processes that attribute included.

    python -m benchmarks.memory --data DIR --paragraphs N --home HOME [--seconds S]

The library is made by `grown.py` where HOME holds none. A copy of it is derived anew as by `onrecord reindex --full`,
with nothing in the cache of attribution. Memory is what no file backs, shared pages counted once (the Pss of Linux);
pages of mapped files, which the system takes back when it needs them, are told beside it.
"""

import argparse
import shutil
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.grown import grow

WORK = (
    "import sys; from pathlib import Path; from index.app import open_library; "
    "from index.settings import IndexSettings; "
    "library = open_library(IndexSettings(_env_file=None, home=Path(sys.argv[1]))); "
    "print(library.reindex(full=True, progress=lambda _: None).seconds)"
)


def tree(root: int) -> list[int]:
    """A process and all that it has started."""
    parents: dict[int, int] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
    found = [root]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def held(root: int) -> tuple[int, int]:
    """Bytes of the processes together: backed by no file, and by files."""
    anonymous = files = 0
    for process in tree(root):
        try:
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
        except OSError:
            continue
        told = dict(line.split(":", 1) for line in lines)
        mine = int(told["Pss_Anon"].split()[0]) * 1024
        anonymous += mine
        files += int(told["Pss"].split()[0]) * 1024 - mine
    return anonymous, files


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--paragraphs", type=int, default=200_000)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=3600, help="end it after so long")
    asked = parser.parse_args()
    if not (asked.home / "current").exists():
        grow(asked.data, asked.paragraphs, asked.home)
    copy = asked.home.with_name(asked.home.name + "-reindexed")
    shutil.copytree(asked.home, copy, ignore=shutil.ignore_patterns("attribution.sqlite*"))
    try:
        begun, peak, beside = time.monotonic(), 0, 0
        work = subprocess.Popen([sys.executable, "-c", WORK, str(copy)], stdout=subprocess.PIPE, text=True)
        while work.poll() is None and time.monotonic() - begun < asked.seconds:
            anonymous, files = held(work.pid)
            if anonymous > peak:
                peak, beside = anonymous, files
            time.sleep(0.2)
        whole = work.poll() == 0
        work.kill()
        seconds = f"{float(work.communicate()[0]):.0f} s" if whole else "stopped before its end"
        print(f"peak memory of a full reindex: {peak / 1e6:.0f} MB, and {beside / 1e6:.0f} MB of files ({seconds})")
    finally:
        shutil.rmtree(copy, ignore_errors=True)


if __name__ == "__main__":
    main()
