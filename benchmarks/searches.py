"""Searches of a library's paragraphs, next to tantivy by itself running the same queries over the same files.

    python -m benchmarks.searches --home HOME

HOME is a library with the tantivy engine, such as `library.py` makes. Queries are of words that stand together in some
paragraph. Each is run by both, turn by turn, over one state; processor time, so that a busy machine matters less.
"""

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import tantivy

from benchmarks.library import opened
from index.app import Library
from index.storage.records import Unit
from index.text.analyzer import analyze

ASKED, ROUNDS, TOP = 300, 3, 10
LENGTHS = {"short, 3 words": 3, "long, 12 words": 12}


def queries(library: Library, length: int) -> list[list[str]]:
    """Different words of one paragraph each, drawn from articles all over the library."""
    draw = random.Random(length)
    corpus = library.store.snapshot().corpus
    ids = list(corpus.article_ids())
    found: list[list[str]] = []
    while len(found) < ASKED:
        stored = corpus.article(draw.choice(ids))
        paragraphs = stored.article.paragraphs if stored else ()
        terms = sorted(set(analyze(draw.choice(paragraphs).text))) if paragraphs else []
        if len(terms) >= length:
            found.append(draw.sample(terms, length))
    return found


def alone(home: Path) -> Callable[[list[str]], object]:
    """Tantivy over the library's newest files, with nothing around it: the best paragraphs and their articles."""
    folder = max(home.glob("g*/engine-*"))
    body = json.loads((folder / "fields.json").read_bytes())["fields"]["paragraph"]["body"]
    index = tantivy.Index.open(str(folder / "paragraph"))
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    searcher, schema = index.searcher(), index.schema

    def search(terms: list[str]) -> object:
        clauses = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, body, term, "freq")) for term in terms]
        hits = searcher.search(tantivy.Query.boolean_query(clauses), TOP, count=False).hits
        return searcher.fast_field_values("number", [address for _, address in hits])

    return search


def taken(search: Callable[[list[str]], object], terms: list[str]) -> float:
    """Milliseconds of processor time."""
    begun = time.thread_time()
    search(terms)
    return (time.thread_time() - begun) * 1000


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    home = parser.parse_args().home
    library = opened(home)
    engine = library.store.snapshot().engine
    raw = alone(home)

    def ours(terms: list[str]) -> object:
        return engine.search(Unit.PARAGRAPH, dict.fromkeys(terms, 1.0), boosts={"body": 1.0}, k=TOP)

    def anew(terms: list[str]) -> object:
        state = library.store.snapshot()
        return state.engine.search(Unit.PARAGRAPH, dict.fromkeys(terms, 1.0), boosts={"body": 1.0}, k=TOP)

    print(f"{engine.count(Unit.PARAGRAPH):,} paragraphs; top {TOP}, processor time")
    for name, length in LENGTHS.items():
        asked = queries(library, length)
        times: dict[str, list[float]] = {"tantivy": [], "On Record": [], "On Record, over a state taken anew": []}
        for number in range(ROUNDS + 1):
            for terms in asked:
                for each, search in zip(times, (raw, ours, anew), strict=True):
                    spent = taken(search, terms)
                    if number:  # the first round warms up
                        times[each].append(spent)
        base = [statistics.median(times["tantivy"]), statistics.quantiles(times["tantivy"], n=100)[98]]
        for each, spent_by in times.items():
            found = [statistics.median(spent_by), statistics.quantiles(spent_by, n=100)[98]]
            ratios = " / ".join(f"{mine / other:.2f} x" for mine, other in zip(found, base, strict=True))
            print(f"{name}: {each:36} p50 {found[0]:.2f} ms  p99 {found[1]:.2f} ms  ({ratios})")
    library.close()


if __name__ == "__main__":
    main()
