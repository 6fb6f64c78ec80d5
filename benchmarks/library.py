"""A whole library under way: answers, a speaker's answers, the start, memory, and one new article, at any size.

    python benchmarks/library.py --data DIR --paragraphs N --home HOME [--reindex SECONDS]

The library is made by `grown.py` where HOME holds none. Questions are made from its own statements. Every ratio is of
one run; milliseconds drift with the machine. With --reindex, questions are also asked for so long beside nothing, and
while another process derives the whole library anew; an event loop beside them tells how late it wakes.
"""

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks.grown import grow, records
from index.app import Library, open_library
from index.ingest.applying import apply_records
from index.ingest.change import versions
from index.ingest.records import record_from
from index.ingest.sources import Entry
from index.settings import IndexSettings
from index.storage.records import SourceState
from index.text.analyzer import analyze

ASKED = 200
ADDED = 15
NOW = date(2023, 1, 1)


def opened(home: Path) -> Library:
    """The library in that folder."""
    return open_library(IndexSettings(_env_file=None, home=home))


def topics(library: Library) -> list[tuple[str, str]]:
    """(speaker, two words of what was said), drawn from the statements of articles all over the library."""
    draw = random.Random(5)
    corpus = library.store.snapshot().corpus
    ids = list(corpus.article_ids())
    found: list[tuple[str, str]] = []
    while len(found) < ASKED:
        stored = corpus.article(draw.choice(ids))
        said = [q for q in stored.quotes if q.speaker and not q.attitude and " " in q.speaker.name] if stored else []
        if said:
            quote = draw.choice(said)
            words = [w for w in quote.content[0].text.split() if w.isalpha() and len(w) > 5 and analyze(w)]
            if len(words) >= 2 and quote.speaker:
                found.append((quote.speaker.name, " ".join(draw.sample(words, 2))))
    return found


def times(library: Library, questions: Sequence[str]) -> tuple[list[float], list[float]]:
    """Milliseconds of each answer, after some to warm up: by the clock, and of the processor."""
    for question in questions[:20]:
        library.ask(question, asked=NOW)
    taken, spent = [], []
    for question in questions:
        begun, used = time.perf_counter(), time.process_time()
        library.ask(question, asked=NOW)
        taken.append((time.perf_counter() - begun) * 1000)
        spent.append((time.process_time() - used) * 1000)
    return taken, spent


def told(name: str, taken: Sequence[float], beside: Sequence[float] = ()) -> None:
    """Prints p50 and p99, and how they stand to others of the same run."""
    cut = statistics.quantiles(taken, n=100)[98]
    line = f"{name:52} p50 {statistics.median(taken):6.1f} ms  p99 {cut:6.1f} ms"
    if beside:
        other = statistics.quantiles(beside, n=100)[98]
        line += f"  ({statistics.median(taken) / statistics.median(beside):.2f} x, {cut / other:.2f} x)"
    print(line, flush=True)


def memory() -> str:
    """What is resident now."""
    found = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    whole, files = (int(found[name].split()[0]) // 1024 for name in ("VmRSS", "RssFile"))
    return f"{whole} MB, {whole - files} of them no file"


def answers(home: Path) -> None:
    """Questions of one speaker, of three of the busiest, and of nobody, over the same topics."""
    library = opened(home)
    drawn = topics(library)
    named = times(library, [f"what did {name} say about {topic}?" for name, topic in drawn])
    plain = times(library, [f"what about {topic}?" for _, topic in drawn])
    busiest = [entry.speaker.name for entry in library.speakers(limit=3)]
    busy = times(library, [f"what did {busiest[n % 3]} say about {topic}?" for n, (_, topic) in enumerate(drawn)])
    names = ("plain questions", "what did X say about T (beside plain)", f"... of {', '.join(busiest)}")
    for clock, kind in enumerate(("", "processor time: ")):
        for name, taken in zip(names, (plain, named, busy), strict=True):
            told(kind + name, taken[clock], () if taken is plain else plain[clock])
    print(f"{'memory after these questions':52} {memory()}")
    library.close()


def start(home: Path) -> None:
    """From nothing to the first answer, in a process of its own."""
    code = (
        "import sys, time; from pathlib import Path; from index.app import open_library; "
        "from index.settings import IndexSettings; "
        "library = open_library(IndexSettings(_env_file=None, home=Path(sys.argv[1]))); "
        "library.ask('what did Biden say about inflation?')"
    )
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, str(home)], check=True)
        taken.append(time.perf_counter() - begun)
    print(f"{'start of Python to first answer':52} {statistics.median(taken):.2f} s")


def add(data: Path, home: Path) -> None:
    """Articles that come one by one, with attribution, while somebody asks; they go again."""
    library = opened(home)
    with library.store.write() as writer:  # a library that another version grew would be derived anew first
        writer.set_meta("versions", versions())
        writer.commit()
    asking = subprocess.Popen([sys.executable, "-m", "benchmarks.library", "--ask", str(home)], stdin=subprocess.PIPE)
    taken, spent = [], []
    drawn = random.Random(3).sample(list(records(data)), ADDED)
    source = SourceState(name="https://example.org/added", kind="feed")
    for number, line in enumerate(drawn):
        item = f"added-{number}"
        given = {**json.loads(line), "id": item}
        given["text"] += f"\n\nMayor Ida Brock said that it was number {number} of them."
        entry = Entry(item=item, place=item, found=record_from(given, item=item), article_id=item)
        begun, used = time.perf_counter(), time.process_time()
        apply_records(library.store, source, [entry])
        assert library.store.snapshot().corpus.article(item) is not None
        taken.append((time.perf_counter() - begun) * 1000)
        spent.append((time.process_time() - used) * 1000)
    asking.terminate()
    asking.wait()
    told("one new article searchable, while questions are asked", taken)
    print(f"{'... processor time of it':52} p50 {statistics.median(spent):6.1f} ms")
    apply_records(library.store, source, [], gone=[f"added-{number}" for number in range(ADDED)])
    library.close()


def ask_on(home: Path) -> None:
    """Asks until it is stopped."""
    library = opened(home)
    questions = [f"what did {name} say about {topic}?" for name, topic in topics(library)[:50]]
    while True:
        times(library, questions)


def beside_a_reindex(home: Path, seconds: float) -> None:
    """Questions, and the wakings of an event loop, alone and while another process derives everything anew.

    The other process gets a lower priority, as the bot gives it one, and is stopped at the end.
    """
    library = opened(home)
    drawn = topics(library)
    questions = [f"what did {name} say about {topic}?" for name, topic in drawn] + [
        f"what about {t}?" for _, t in drawn
    ]
    quiet, late_quiet = asyncio.run(asked_and_awake(library, questions, seconds))
    work = (
        "import sys; from pathlib import Path; from index.app import open_library; "
        "from index.settings import IndexSettings; "
        "open_library(IndexSettings(_env_file=None, home=Path(sys.argv[1]))).reindex(full=True, progress=lambda _: 0)"
    )
    deriving = subprocess.Popen([sys.executable, "-c", work, str(home)])
    os.setpriority(os.PRIO_PROCESS, deriving.pid, 10)
    time.sleep(5)
    taken, late = asyncio.run(asked_and_awake(library, questions, seconds))
    alive = deriving.poll() is None
    deriving.terminate()
    deriving.wait()
    told("questions beside nothing", quiet)
    told(f"questions beside a full reindex{'' if alive else ' (it ended early)'}", taken, quiet)
    for name, wakings in (("nothing", late_quiet), ("a full reindex", late)):
        told(f"... an event loop woke late, beside {name}", wakings)
        print(f"{'... at most':52} {max(wakings):.1f} ms of {len(wakings):,} wakings")
    library.close()


async def asked_and_awake(
    library: Library, questions: Sequence[str], seconds: float
) -> tuple[list[float], list[float]]:
    """Milliseconds of each answer, one after the other, and how late an event loop woke every ten milliseconds."""
    taken: list[float] = []
    late: list[float] = []
    until = time.monotonic() + seconds

    async def beat() -> None:
        while time.monotonic() < until:
            due = time.perf_counter() + 0.01
            await asyncio.sleep(0.01)
            late.append((time.perf_counter() - due) * 1000)

    beating = asyncio.create_task(beat())
    while time.monotonic() < until:
        begun = time.perf_counter()
        await asyncio.to_thread(library.ask, questions[len(taken) % len(questions)], asked=NOW)
        taken.append((time.perf_counter() - begun) * 1000)
    await beating
    return taken, late


def disk(home: Path) -> None:
    """What the library takes, next to the text of its records."""
    library = opened(home)
    corpus = library.store.snapshot().corpus
    text = 0
    ids = list(corpus.article_ids())
    sample = ids[::20]
    for stored in corpus.articles(sample).values():
        text += len(json.loads(stored.raw)["text"].encode())
    text = text * len(ids) // len(sample)
    files = [path.stat() for path in home.glob("g*/**/*") if path.is_file()]
    taken = sum({file.st_ino: file.st_size for file in files}.values())  # changes share files
    print(f"{'disk':52} {taken / 1e6:,.0f} MB, {taken / text:.2f} x the text ({text / 1e6:,.0f} MB)")
    library.close()


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--reindex", type=float, default=0)
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.ask:
        ask_on(asked.ask)
        return
    if asked.data is None or asked.home is None:
        parser.error("--data and --home are needed")
    if not (asked.home / "current").exists():
        grow(asked.data, asked.paragraphs, asked.home)
    start(asked.home)
    answers(asked.home)
    disk(asked.home)
    add(asked.data, asked.home)
    if asked.reindex:
        beside_a_reindex(asked.home, asked.reindex)


if __name__ == "__main__":
    main()
