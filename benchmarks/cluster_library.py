"""A whole library in the cluster beside the same one in a folder: index rate, disk, and whole questions.

    ONRECORD_OPENSEARCH_URLS=http://127.0.0.1:19201 python -m benchmarks.cluster_library --home HOME
        [--shards 1 3 6] [--prefix PREFIX]

HOME holds a library, as `grown.py` makes one of any size. Its articles are brought over with their statements, so that
the cluster's time is that of analysing and storing; then both are asked the questions of `library.py`. For further
numbers of shards the indices are split into so many, and all are asked the same, in turn. What was written is taken
away again, but for the indices of PREFIX, where one is named: the next run goes on with them. docs/capacity.md computes
with what this prints.
"""

import argparse
import logging
import os
import re
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks import library
from benchmarks.cluster_growth import nodes_cpu, tell_disk
from benchmarks.grown import put
from index.app import Library, open_library
from index.errors import EmptyLibrary
from index.ingest.reindex import versions
from index.people import renew_people
from index.settings import IndexSettings
from index.storage.opensearch.options import options_of
from index.storage.opensearch.store import ClusterStore
from index.storage.records import Unit

AT_ONCE = 500  # articles of one change, as with `onrecord ingest`


def main() -> None:
    """Measures with each number of shards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--shards", type=int, nargs="+", default=[1])
    parser.add_argument("--prefix", help="of the indices, which are kept")
    parser.add_argument("--only-copy", action="store_true")
    options = parser.parse_args()
    prefix = options.prefix or f"bench-{os.getpid()}"
    first, *others = options.shards
    made = {first: settings_for(prefix, first)}
    store = ClusterStore(options_of(made[first]))
    try:
        bring_over(options.home, store)
        if not options.only_copy:
            ask(options.home, made[first])
            for shards in others:
                made[shards] = settings_for(f"{prefix}-s{shards}", shards)
                split(store, made[shards])
            if others:
                ask_in_turn(options.home, made)
    finally:
        for settings in made.values():
            if not options.prefix or settings is not made[first]:
                take_away(store, settings.opensearch_prefix)
        store.close()


def settings_for(prefix: str, shards: int) -> IndexSettings:
    """Where a library with so many shards is."""
    return IndexSettings(
        engine="opensearch",
        opensearch_prefix=prefix,
        opensearch_timeout=60,
        opensearch_shards=shards,
        opensearch_period="all",
    )


def bring_over(home: Path, store: ClusterStore) -> None:
    """Copies what is not there yet, says who is who, and prints what that took."""
    own = library.opened(home)
    corpus = own.store.snapshot().corpus
    here = list(corpus.article_ids())
    there = there_already(store)
    missing = [each for each in here if each not in there]
    began, own_cpu, their_cpu = time.perf_counter(), time.process_time(), nodes_cpu()
    paragraphs = 0
    for portion in portions(missing):
        articles = list(corpus.articles(portion).values())
        put(store, articles)
        paragraphs += sum(len(stored.article.paragraphs) for stored in articles)
        print(f"  {paragraphs:,} paragraphs in {time.perf_counter() - began:.0f} s", flush=True)
    if missing:
        told(f"{paragraphs:,} paragraphs, {store.options.shards} shards", paragraphs, began, own_cpu, their_cpu)
        began, own_cpu, their_cpu = time.perf_counter(), time.process_time(), nodes_cpu()
        with store.write() as writer:
            renew_people(writer)
            writer.set_meta("versions", versions())
            writer.commit()
        told("who is who", paragraphs, began, own_cpu, their_cpu)
        store.compact()
    tell_disk(store, store.snapshot().corpus.coverage().paragraphs)
    own.close()


def take_away(store: ClusterStore, prefix: str) -> None:
    """Deletes all indices of that prefix."""
    names = store.connection.writing(lambda client: client.indices.get_alias(index=f"{prefix}-*"))
    mine = [name for name in names if not re.match(rf"{re.escape(prefix)}-s\d", name)]
    if mine:
        store.connection.writing(lambda client: client.indices.delete(index=",".join(mine)))


def split(store: ClusterStore, into: IndexSettings) -> None:
    """Makes a library of the same entries in more shards."""
    for unit in (*Unit, "register"):
        name = f"{store.options.prefix}-{unit}"
        (index,) = store.connection.writing(lambda client, name=name: client.indices.get_alias(name=name))
        alias = f"{into.opensearch_prefix}-{unit}"
        target = index.replace(store.options.prefix, into.opensearch_prefix, 1)
        body = {
            "settings": {"index.number_of_shards": into.opensearch_shards, "index.blocks.write": None},
            "aliases": {alias: {}},
        }
        put_settings(store, index, {"index.blocks.write": True})
        store.connection.writing(
            lambda client, index=index, target=target, body=body: client.indices.split(
                index=index, target=target, body=body, request_timeout=600
            )
        )
        put_settings(store, index, {"index.blocks.write": None})
    others = ClusterStore(options_of(into))
    others.compact()
    others.close()


def put_settings(store: ClusterStore, index: str, body: dict[str, object]) -> None:
    """Sets what can be set of an index that is there."""
    store.connection.writing(lambda client: client.indices.put_settings(index=index, body=body))


def ask_in_turn(home: Path, made: dict[int, IndexSettings]) -> None:
    """Asks libraries that differ in their shards alone the same, so that what else the machine does is the same too."""
    own = library.opened(home)
    drawn = library.topics(own)
    own.close()
    named = [f"what did {name} say about {topic}?" for name, topic in drawn]
    questions = [
        each for pair in zip(named, (f"what about {topic}?" for _, topic in drawn), strict=True) for each in pair
    ]
    opened = {shards: open_library(settings) for shards, settings in made.items()}
    taken: dict[int, list[float]] = {shards: [] for shards in opened}
    theirs = dict.fromkeys(opened, 0.0)
    for number, question in enumerate(questions):
        for shards, each in opened.items():
            before, began = nodes_cpu(), time.perf_counter()
            each.ask(question, asked=library.NOW)
            if number >= len(questions) // 2:  # what comes before is for the compilers of the nodes
                taken[shards].append((time.perf_counter() - began) * 1000)
                theirs[shards] += nodes_cpu() - before
    first = next(iter(taken.values()))
    for shards, times in taken.items():
        library.told(f"{shards} shards an index: cluster", times, first)
        print(f"    processor of the nodes {1000 * theirs[shards] / len(times):.1f} ms", flush=True)
        opened[shards].close()


def there_already(store: ClusterStore) -> set[str]:
    """The articles in the cluster."""
    try:
        return set(store.snapshot().corpus.article_ids())
    except EmptyLibrary:
        return set()


def portions(article_ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """So many that go into one change."""
    for start in range(0, len(article_ids), AT_ONCE):
        yield article_ids[start : start + AT_ONCE]


def told(what: str, paragraphs: int, began: float, own: float, theirs: float) -> None:
    """Prints how fast something went, with what processor time here and of the nodes."""
    wall, own, theirs = time.perf_counter() - began, time.process_time() - own, nodes_cpu() - theirs
    print(
        f"{what}: {wall:.0f} s, processor here {own:.0f} s, nodes {theirs:.0f} s: "
        f"{paragraphs / (own + theirs):,.0f} paragraphs a second of one core",
        flush=True,
    )


class Ways(logging.Handler):
    """Counts the ways to the cluster and back, of which its library writes a line each."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:  # noqa: ARG002 - each counts the same
        """Counts one."""
        self.count += 1


def ask(home: Path, settings: IndexSettings) -> None:
    """Asks both the same; each kind of question of a library that was just opened."""
    own = library.opened(home)
    drawn = library.topics(own)
    busiest = [entry.speaker.name for entry in own.speakers(limit=3)]
    kinds = {
        "plain questions": [f"what about {topic}?" for _, topic in drawn],
        "what did X say about T": [f"what did {name} say about {topic}?" for name, topic in drawn],
        f"... of {', '.join(busiest)}": [
            f"what did {busiest[n % 3]} say about {topic}?" for n, (_, topic) in enumerate(drawn)
        ],
        "what did X say": [f"what did {name} say?" for name, _ in drawn],
        "who said T": [f"who said {topic}?" for _, topic in drawn],
    }
    warming = open_library(settings)
    for questions in list(kinds.values())[:3]:  # for the compilers of the nodes
        library.times(warming, questions)
    warming.close()
    ways = Ways()
    logging.getLogger("opensearch").addHandler(ways)
    logging.getLogger("opensearch").propagate = False
    for name, questions in kinds.items():
        embedded, _ = library.times(own, questions)
        cluster = open_library(settings)
        cluster.ask(questions[0], asked=library.NOW)
        logging.getLogger("opensearch").setLevel(logging.INFO)
        ways.count, theirs = 0, nodes_cpu()
        taken, spent = library.times(cluster, questions[20:])
        asked = len(questions)  # with those to warm up
        library.told(f"{name}: cluster", taken, embedded)
        library.told("    processor of the asking process", spent)
        print(
            f"    ways there and back {ways.count / asked:.1f}, "
            f"processor of the nodes {1000 * (nodes_cpu() - theirs) / asked:.1f} ms; "
            f"first three passages equal for {100 * equal(own, cluster, questions[:100]):.0f} %",
            flush=True,
        )
        cluster.close()
    own.close()


def equal(one: Library, other: Library, questions: Sequence[str]) -> float:
    """For what share of the questions both show the same first three passages."""
    same = 0
    for question in questions:
        answers = [each.ask(question, asked=library.NOW) for each in (one, other)]
        first, second = ([p.citation.reference for p in answer.passages[:3]] for answer in answers)
        same += first == second
    return same / len(questions)


if __name__ == "__main__":
    main()
