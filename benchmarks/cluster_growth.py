"""What a cluster needs for a library of some size: index rate, bytes on disk, and how long a search takes, by shards.

    ONRECORD_OPENSEARCH_URLS=http://127.0.0.1:19201 python -m benchmarks.cluster_growth --data DIR --paragraphs 200000
        --shards 1 3

The articles are those of benchmarks/engines.py, 25 paragraphs each. The library is made in a full change with the
replicas that ONRECORD_OPENSEARCH_REPLICAS says, compacted, asked, and taken away again. docs/capacity.md computes with
what this prints.
"""

import argparse
import os
import random
import tempfile
import time
from datetime import date
from pathlib import Path

from benchmarks.answers import at
from benchmarks.engines import PER_ARTICLE, queries, rows, stored, write_paragraphs
from index.settings import IndexSettings
from index.storage.opensearch.options import options_of
from index.storage.opensearch.store import ClusterStore
from index.storage.records import Filters, Unit


def main() -> None:
    """Measures with each number of shards."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--paragraphs", type=int, default=200_000)
    parser.add_argument("--shards", type=int, nargs="+", default=[1])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        paragraphs = Path(scratch) / "paragraphs"
        write_paragraphs(options.data, options.paragraphs, paragraphs)
        for shards in options.shards:
            measure(paragraphs, options.paragraphs, shards)


def measure(paragraphs: Path, count: int, shards: int) -> None:
    """Makes a library with so many shards, and asks it."""
    settings = IndexSettings(
        engine="opensearch",
        opensearch_prefix=f"bench-{os.getpid()}",
        opensearch_timeout=60,
        opensearch_shards=shards,
        opensearch_period="all",
    )
    store = ClusterStore(options_of(settings))
    print(f"{count:,} paragraphs, {shards} shards an index, {settings.opensearch_replicas} copies", flush=True)
    try:
        began, own, theirs = time.perf_counter(), time.process_time(), nodes_cpu()
        with store.write(full=True) as writer:
            article: list[list[str]] = []
            for number, terms in rows(paragraphs):
                article.append(terms)
                if len(article) == PER_ARTICLE:
                    writer.put(*stored(number // PER_ARTICLE, article))
                    article = []
            writer.commit()
        wall, own, theirs = time.perf_counter() - began, time.process_time() - own, nodes_cpu() - theirs
        print(
            f"  indexing: {count / wall:,.0f} paragraphs a second; processor here {own:.0f} s, nodes {theirs:.0f} s: "
            f"{count / (own + theirs):,.0f} a second of one core",
            flush=True,
        )
        store.compact()
        tell_disk(store, count)
        ask(store, paragraphs)
        add(store)
    finally:
        names = store.connection.writing(lambda c: c.indices.get_alias(index=f"{settings.opensearch_prefix}-*"))
        store.connection.writing(lambda client: client.indices.delete(index=",".join(names)))
        store.close()


def tell_disk(store: ClusterStore, count: int) -> None:
    """Prints what each family takes."""
    sizes = {}
    for family in ("article", "paragraph", "statement", "register"):
        name = f"{store.options.prefix}-{family}*"
        told = store.connection.writing(lambda client, name=name: client.indices.stats(index=name, metric="store"))
        sizes[family] = told["_all"]["primaries"]["store"]["size_in_bytes"] / count
    parts = ", ".join(f"{family} {size:.0f}" for family, size in sizes.items())
    print(f"  disk, one copy: {sum(sizes.values()):.0f} bytes a paragraph ({parts})", flush=True)


def ask(store: ClusterStore, paragraphs: Path) -> None:
    """Prints how long searches take, and what processor time of the nodes they need."""
    engine = store.snapshot().engine
    kinds: dict[str, tuple[Unit, dict[str, float], Filters | None]] = {
        "paragraphs": (Unit.PARAGRAPH, {"body": 1.0}, None),
        "paragraphs until a day": (Unit.PARAGRAPH, {"body": 1.0}, Filters(until=date(2018, 1, 1))),
        "statements": (Unit.STATEMENT, {"content": 1.0, "paragraph": 0.4}, None),
        "articles": (Unit.ARTICLE, {"body": 1.0}, None),
    }
    asked = [terms for length in (2, 5) for terms in queries(paragraphs, length)]
    random.Random(3).shuffle(asked)
    for name, (unit, boosts, filters) in kinds.items():
        times = []
        for terms in asked[:50]:  # for the compilers of the nodes
            engine.search(unit, dict.fromkeys(terms, 1.0), boosts=boosts, filters=filters)
        theirs = nodes_cpu()
        for terms in asked[50:]:
            began = time.perf_counter()
            engine.search(unit, dict.fromkeys(terms, 1.0), boosts=boosts, filters=filters)
            times.append(time.perf_counter() - began)
        theirs = (nodes_cpu() - theirs) / len(times)
        times.sort()
        print(
            f"  search of {name}: p50 {1000 * at(times, 0.5):.1f} ms, p99 {1000 * at(times, 0.99):.1f} ms, "
            f"processor of the nodes {1000 * theirs:.1f} ms",
            flush=True,
        )


def add(store: ClusterStore) -> None:
    """Prints how long one more article takes until it is found."""
    times = []
    for number in range(10):
        began = time.perf_counter()
        with store.write() as writer:
            writer.put(*stored(10_000_000 + number, [[f"added{number}", "word"]] * PER_ARTICLE))
            writer.commit()
        found = store.snapshot().engine.search(Unit.PARAGRAPH, {f"added{number}": 1.0}, boosts={"body": 1.0})
        times.append(time.perf_counter() - began)
        assert found
    times.sort()
    print(
        f"  an article put and found: {1000 * at(times, 0.5):.0f} ms, the slowest {1000 * times[-1]:.0f} ms", flush=True
    )


def nodes_cpu() -> float:
    """Seconds of processor that the nodes on this machine have used."""
    ticks = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"OneNode.java" in (process / "cmdline").read_bytes():
                used = (process / "stat").read_text().rpartition(")")[2].split()
                ticks += int(used[11]) + int(used[12])
        except OSError:
            continue  # it ended just now
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
