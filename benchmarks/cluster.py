"""The cluster beside the embedded store: the same answers, and what they cost.

    ONRECORD_OPENSEARCH_URLS=http://127.0.0.1:19201 python -m benchmarks.cluster --data DIR --measure DIR
        [--set questions|quiz] [--sample N] [--home HOME] [--prefix PREFIX]

Both libraries are made anew from the articles of the set and asked its questions; attribution is done once, so that the
cluster's time is that of cleaning, analysing and storing. Printed are both scores, for how many
questions the first three passages are the same, both stores' times, and what the cluster needs on disk. What it wrote
is taken away again, but for the embedded library in HOME and the indices of PREFIX, where these are named: the next run
goes on with them.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.answers import SETS, TODAY, at
from index.answer.answering import Answerer
from index.answer.contract import answer_json
from index.errors import EmptyLibrary
from index.ingest.reindex import reindex
from index.model import Question
from index.settings import IndexSettings
from index.storage import open_store
from index.storage.base import Store
from index.storage.opensearch.options import options_of
from index.storage.opensearch.store import ClusterStore


def main() -> None:
    """Compares on one set."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--measure", type=Path, required=True)
    parser.add_argument("--set", choices=SETS, default="questions")
    parser.add_argument("--sample", type=int, help="only so many questions, drawn with a fixed seed")
    parser.add_argument("--home", type=Path, help="a folder for the embedded library, which is kept")
    parser.add_argument("--prefix", help="of the indices, which are kept")
    options = parser.parse_args()
    articles, questions = SETS[options.set]
    rows = [json.loads(line) for line in (options.data / questions).open(encoding="utf-8")]
    if options.sample:
        rows = random.Random(7).sample(rows, min(options.sample, len(rows)))
    prefix = options.prefix or f"bench-{os.getpid()}"
    settings = IndexSettings(engine="opensearch", opensearch_prefix=prefix, opensearch_timeout=30)
    cluster = ClusterStore(options_of(settings))
    with tempfile.TemporaryDirectory() as scratch:
        asked = Path(scratch) / "questions.jsonl"
        asked.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
        stores: dict[str, Store] = {
            "embedded": open_store(options.home or Path(scratch) / "home", engine="tantivy"),
            "cluster": cluster,
        }
        firsts = {}
        try:
            for name, store in stores.items():
                if name == "cluster" and not is_there(store):
                    bring_over(stores["embedded"], store)
                began = time.perf_counter()
                report = reindex(store, [str(options.data / each) for each in articles])
                print(f"{name}: {report.articles} articles in {time.perf_counter() - began:.0f} s", flush=True)
                store.compact()
                answers = Path(scratch) / f"{name}.jsonl"
                firsts[name] = ask(name, store, rows, answers)
                scorer = [sys.executable, str(options.measure / "answers.py"), str(answers), str(asked)]
                subprocess.run(scorer, check=True, env={**os.environ, "PYTHONPATH": ""})
            tell_disk(cluster)
        finally:
            if not options.prefix:
                names = cluster.connection.writing(lambda client: client.indices.get_alias(index=f"{prefix}-*"))
                cluster.connection.writing(lambda client: client.indices.delete(index=",".join(names)))
            for store in stores.values():
                store.close()
    one, other = firsts.values()
    differing = [row for row in rows if one[row["id"]] != other[row["id"]]]
    print(f"first three passages equal: {100 * (1 - len(differing) / len(rows)):.1f} % of {len(rows)} questions")
    for row in differing[:5]:
        print(f"  {row['id']} {row['question']!r}: {one[row['id']]} / {other[row['id']]}")


def is_there(store: Store) -> bool:
    """Whether anything was ever read in."""
    try:
        store.snapshot()
    except EmptyLibrary:
        return False
    return True


def bring_over(one: Store, other: Store) -> None:
    """Copies what attribution found, so that the other's time is that of storing."""
    corpus = one.snapshot().corpus
    for article_id in corpus.article_ids():
        stored = corpus.article(article_id)
        if stored is not None and stored.attributor:
            other.cache().put(stored.article, stored.attributor, tuple(stored.quotes))


def ask(name: str, store: Store, rows: list[dict[str, Any]], answers: Path) -> dict[str, list[str]]:
    """Asks all questions, writes the answers, prints the times; the first three passages of each."""
    answerer = Answerer(store.snapshot(), limit=10)
    firsts, wall, processor = {}, [], []
    with answers.open("w", encoding="utf-8") as out:
        for row in rows:
            now = date.fromisoformat(row["asked"]) if row.get("asked") else TODAY
            question = Question(text=row["question"], asked=now, context=tuple(row.get("context") or ()))
            began, began_cpu = time.perf_counter(), time.process_time()
            answer = answerer.answer(question)
            wall.append(time.perf_counter() - began)
            processor.append(time.process_time() - began_cpu)
            firsts[row["id"]] = [passage.citation.reference for passage in answer.passages[:3]]
            out.write(json.dumps({"id": row["id"], **answer_json(answer)}, ensure_ascii=False) + "\n")
    for kind, times in (("wall", sorted(wall)), ("processor here", sorted(processor))):
        print(f"{name}, {kind}: p50 {1000 * at(times, 0.5):.1f} ms, p99 {1000 * at(times, 0.99):.1f} ms", flush=True)
    return firsts


def tell_disk(cluster: ClusterStore) -> None:
    """Prints what each family of indices takes, and how much that is for a paragraph."""
    paragraphs = cluster.snapshot().corpus.coverage().paragraphs
    whole = 0
    for family in ("article", "paragraph", "statement", "register", "attribution"):
        name = f"{cluster.options.prefix}-{family}*"
        told = cluster.connection.writing(lambda client, name=name: client.indices.stats(index=name, metric="store"))
        size = told["_all"]["primaries"].get("store", {}).get("size_in_bytes", 0)  # there may be no such index
        whole += size
        print(f"disk, {family}: {size / 2**20:.1f} MB, {size / paragraphs:.0f} bytes a paragraph")
    print(f"disk in all, one copy: {whole / paragraphs:.0f} bytes a paragraph ({paragraphs:,} paragraphs)")


if __name__ == "__main__":
    main()
