"""Engines side by side in one run: build, disk, start, memory, search, and a new article made searchable.

    python benchmarks/engines.py --data DIR --paragraphs 100000 [--work FOLDER]

Paragraphs are those of the quiz and of PolNeAR; past their number, new ones are mixed from real ones so that words keep
their frequencies and new words keep coming. All engines get the same analysed terms and the same queries, each in
processes of its own. Peers that are not installed are left out. Milliseconds drift with the machine; ratios hold. What
is built in a folder that is named stays there, and is not built again.
"""

import argparse
import gzip
import importlib.util
import json
import random
import resource
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from index.model import Article, Paragraph, Quote, QuoteKind, Span, Speaker
from index.storage import open_store
from index.storage.records import Document, Filters, StoredArticle, Unit
from index.text.analyzer import analyze

PER_ARTICLE = 25
LIMITS = {"rank-bm25": 1_000_000, "On Record, okapi": 200_000}  # paragraphs beyond which these are left out
ROUNDS = 200


# ---------------------------------------------------------------------------------------------------------------
# What is indexed and asked


def real_paragraphs(data: Path) -> Iterator[list[str]]:
    """Analysed paragraphs of the data, shuffled by article."""
    for name in ("polnear-dev.jsonl", "polnear-train.jsonl", "quiz-2022-articles.jsonl.gz"):
        path = data / name
        if not path.exists():
            continue
        with gzip.open(path, "rt") if name.endswith(".gz") else path.open() as lines:
            for line in lines:
                for text in json.loads(line)["text"].split("\n"):
                    if len(text) > 40:
                        yield analyze(text)


def write_paragraphs(data: Path, count: int, target: Path) -> None:
    """One paragraph a line; beyond the real ones, two real ones mixed, with a rare new word in every fourth."""
    draw = random.Random(1)
    real: list[list[str]] = []
    with target.open("w") as out:
        for terms in real_paragraphs(data):
            if len(real) == min(count, 250_000):
                break
            real.append(terms)
            out.write(" ".join(terms) + "\n")
        for number in range(len(real), count):
            one, other = draw.choice(real), draw.choice(real)
            terms = [draw.choice((a, b)) for a, b in zip(one, other, strict=False)] or one
            if number % 4 == 0:
                terms.append(f"new{number}")
            out.write(" ".join(terms) + "\n")


def queries(paragraphs: Path, length: int) -> list[list[str]]:
    """Queries whose words stand together in some paragraph, as those of a question do."""
    draw = random.Random(length)
    chosen: list[list[str]] = []
    for number, line in enumerate(paragraphs.open()):
        if number >= 100_000 or len(chosen) == ROUNDS:
            break
        terms = sorted(set(line.split()))
        if number % 97 == 0 and len(terms) >= length:
            chosen.append(draw.sample(terms, length))
    return chosen


def rows(paragraphs: Path) -> Iterator[tuple[int, list[str]]]:
    """Number and terms of each paragraph."""
    for number, line in enumerate(paragraphs.open()):
        yield number, line.split()


# ---------------------------------------------------------------------------------------------------------------
# Engines: build(paragraphs, folder), and open(folder, paragraphs) -> (search, add)

Search = Callable[[list[str]], object]
Add = Callable[[int], object]
Opened = tuple[Search, Add | None, dict[str, Search]]


def speaker_of(number: int) -> str | None:
    """Somebody speaks in two paragraphs of five; a few people speak most of the time."""
    draw = random.Random(number)
    return f"person-{int(draw.paretovariate(0.5))}" if draw.random() < 0.4 else None


def stored(number: int, paragraphs: list[list[str]]) -> tuple[StoredArticle, list[Document]]:
    """An article with the paragraphs and a statement in each that somebody speaks in."""
    identity = f"a{number}"
    day = date(2012, 1, 1) + timedelta(days=number * 7919 % 4000)
    texts = tuple(
        Paragraph(article_id=identity, number=n + 1, text=" ".join(terms)) for n, terms in enumerate(paragraphs)
    )
    article = Article(id=identity, title="", outlet="The Post", published=day.isoformat(), paragraphs=texts)
    quotes, documents = [], []
    for paragraph, terms in zip(texts, paragraphs, strict=True):
        slug = speaker_of(number * PER_ARTICLE + paragraph.number)
        who = frozenset({f"{identity}:{slug}"}) if slug else frozenset()
        common = {"article_id": identity, "number": paragraph.number, "day": day, "outlet": "the post", "speakers": who}
        documents.append(
            Document(unit=Unit.PARAGRAPH, id=f"{identity}#{paragraph.number}", fields={"body": tuple(terms)}, **common)
        )
        if slug:
            words = terms[: len(terms) // 2 + 1]
            span = Span(paragraph=paragraph.number, start=0, end=len(" ".join(words)), text=" ".join(words))
            speaker = Speaker(id=f"{identity}:{slug}", name=slug)
            documents.append(
                Document(
                    unit=Unit.STATEMENT,
                    id=f"{identity}#{paragraph.number}.{len(quotes)}",
                    fields={"content": tuple(words), "paragraph": tuple(terms)},
                    **common,
                )
            )
            quotes.append(Quote(kind=QuoteKind.INDIRECT, content=(span,), speaker=speaker))
    whole = Document(
        unit=Unit.ARTICLE,
        id=identity,
        article_id=identity,
        number=0,
        fields={"body": tuple(term for terms in paragraphs for term in terms)},
        day=day,
        outlet="the post",
    )
    raw = json.dumps({"id": identity, "text": "\n".join(p.text for p in texts)})
    return StoredArticle(article=article, quotes=tuple(quotes), raw=raw, raw_hash=identity), [whole, *documents]


def build_store(paragraphs: Path, folder: Path, engine: str) -> None:
    """A library of ours."""
    store = open_store(folder, engine=engine)
    with store.write() as writer:
        article: list[list[str]] = []
        for number, terms in rows(paragraphs):
            article.append(terms)
            if len(article) == PER_ARTICLE:
                writer.put(*stored(number // PER_ARTICLE, article))
                article = []
        writer.commit()
    store.close()


def open_as_store(folder: Path, paragraphs: Path, engine: str) -> Opened:
    """A library of ours, with the filters that questions have."""
    store = open_store(folder, engine=engine)
    held = cache(store.snapshot)  # an answer makes all of its searches over one state

    def search(
        terms: list[str], unit: Unit = Unit.PARAGRAPH, filters: Filters | None = None, *, anew: bool = False
    ) -> object:
        boosts = {"body": 1.0} if unit is Unit.PARAGRAPH else {"content": 1.0, "paragraph": 0.4}
        state = store.snapshot() if anew else held()
        return state.engine.search(unit, dict.fromkeys(terms, 1.0), boosts=boosts, filters=filters, k=10)

    def add(number: int) -> None:
        with store.write() as writer:
            writer.put(*stored(10_000_000 + number, [[f"added{number}", "word"]] * PER_ARTICLE))
            writer.commit()
        assert search([f"added{number}"], anew=True)

    size = sum(1 for _ in paragraphs.open())
    said: dict[str, set[str]] = {}
    for number in range(size):
        slug = speaker_of(number + 1)
        if slug in {"person-1", "person-2", "person-50"}:
            said.setdefault(slug, set()).add(f"a{number // PER_ARTICLE}:{slug}")
    filtered: dict[str, Search] = {
        "over a state taken anew": lambda terms: search(terms, anew=True),
        "statements": lambda terms: search(terms, Unit.STATEMENT),
        "until a day": lambda terms: search(terms, filters=Filters(until=date(2018, 1, 1))),
    }
    for keys in said.values():
        filters = Filters(speakers=frozenset(keys), attitude=False)
        filtered[f"statements of one with {len(keys):,} keys"] = lambda terms, filters=filters: search(
            terms, Unit.STATEMENT, filters
        )
    return search, add, filtered


def build_tantivy(paragraphs: Path, folder: Path) -> None:
    """Tantivy by itself: one field, nothing around it."""
    import tantivy  # noqa: PLC0415 -- only in the process that measures it

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("body", tokenizer_name="words", index_option="freq")
    builder.add_unsigned_field("number", fast=True)
    folder.mkdir()
    index = tantivy.Index(builder.build(), str(folder))
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    writer = index.writer(128_000_000, 1)
    for number, terms in rows(paragraphs):
        document = tantivy.Document()
        document.add_text("body", " ".join(terms))
        document.add_unsigned("number", number)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()


def open_tantivy(folder: Path, _: Path) -> Opened:
    """Tantivy by itself."""
    import tantivy  # noqa: PLC0415 -- only in the process that measures it

    index = tantivy.Index.open(str(folder))
    index.register_tokenizer("words", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
    schema = index.schema

    def search(terms: list[str]) -> object:
        searcher = index.searcher()
        clauses = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, "body", term, "freq")) for term in terms]
        hits = searcher.search(tantivy.Query.boolean_query(clauses), 10, count=False).hits
        return searcher.fast_field_values("number", [address for _, address in hits])

    def add(number: int) -> None:
        writer = index.writer(15_000_000, 1)
        for _ in range(PER_ARTICLE):
            document = tantivy.Document()
            document.add_text("body", f"added{number} word")
            document.add_unsigned("number", number)
            writer.add_document(document)
        writer.commit()
        index.reload()
        assert search([f"added{number}"])

    return search, add, {}


def build_fts5(paragraphs: Path, folder: Path) -> None:
    """SQLite's full-text index."""
    folder.mkdir()
    connection = sqlite3.connect(folder / "fts5.sqlite")
    connection.execute("CREATE VIRTUAL TABLE p USING fts5(body, content='', tokenize='unicode61')")
    connection.executemany("INSERT INTO p (rowid, body) VALUES (?, ?)", ((n, " ".join(t)) for n, t in rows(paragraphs)))
    connection.commit()
    connection.close()


def open_fts5(folder: Path, _: Path) -> Opened:
    """SQLite's full-text index."""
    connection = sqlite3.connect(folder / "fts5.sqlite")

    def search(terms: list[str]) -> object:
        match = " OR ".join('"' + term.replace('"', "") + '"' for term in terms)
        return connection.execute(
            "SELECT rowid, rank FROM p WHERE p MATCH ? ORDER BY rank LIMIT 10", (match,)
        ).fetchall()

    def add(number: int) -> None:
        connection.executemany("INSERT INTO p (body) VALUES (?)", [(f"added{number} word",)] * PER_ARTICLE)
        connection.commit()
        assert search([f"added{number}"])

    return search, add, {}


def open_rank_bm25(_: Path, paragraphs: Path) -> Opened:
    """rank-bm25 by itself."""
    from rank_bm25 import BM25Okapi  # noqa: PLC0415 -- as above

    engine = BM25Okapi([terms for _, terms in rows(paragraphs)], k1=1.2, b=0.75)
    numbers = list(range(engine.corpus_size))
    return (lambda terms: engine.get_top_n(terms, numbers, n=10)), None, {}


def open_bm25s(_: Path, paragraphs: Path) -> Opened:
    """bm25s by itself."""
    import bm25s  # noqa: PLC0415 -- as above

    engine = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
    engine.index([terms for _, terms in rows(paragraphs)], show_progress=False)
    return (lambda terms: engine.retrieve([terms], k=10, show_progress=False)), None, {}


BUILD: dict[str, Callable[[Path, Path], None] | None] = {
    "tantivy": build_tantivy,
    "On Record, tantivy": lambda paragraphs, folder: build_store(paragraphs, folder, "tantivy"),
    "On Record, okapi": lambda paragraphs, folder: build_store(paragraphs, folder, "okapi"),
    "SQLite FTS5": build_fts5,
    "rank-bm25": None,
    "bm25s": None,
}
OPEN: dict[str, Callable[[Path, Path], Opened]] = {
    "tantivy": open_tantivy,
    "On Record, tantivy": lambda folder, paragraphs: open_as_store(folder, paragraphs, "tantivy"),
    "On Record, okapi": lambda folder, paragraphs: open_as_store(folder, paragraphs, "okapi"),
    "SQLite FTS5": open_fts5,
    "rank-bm25": open_rank_bm25,
    "bm25s": open_bm25s,
}
NEEDS = {"tantivy": "tantivy", "bm25s": "bm25s", "rank-bm25": "rank_bm25"}


# ---------------------------------------------------------------------------------------------------------------
# One engine, in a process of its own


def peak() -> float:
    """Megabytes that were resident at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def memory() -> dict[str, float]:
    """Megabytes now: all that is resident, and the part that is no file."""
    found = dict.fromkeys(("VmRSS", "RssAnon"), 0.0)
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in found:
            found[name] = int(value.split()[0]) / 1024
    return found


def times(search: Search, asked: list[list[str]]) -> tuple[float, float]:
    """p50 and p99 in milliseconds, after one round to warm up."""
    for terms in asked[: len(asked) // 10]:
        search(terms)
    taken = []
    for terms in asked:
        begun = time.perf_counter()
        search(terms)
        taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=100)[98]


def measure(engine: str, step: str, paragraphs: Path, folder: Path) -> dict[str, object]:
    """What a step of one engine took, in this process."""
    begun = time.perf_counter()
    if step == "build":
        build = BUILD[engine]
        assert build is not None
        build(paragraphs, folder)
        disk = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6
        return {"build": time.perf_counter() - begun, "peak": peak(), "disk": disk}
    short, long = queries(paragraphs, 3), queries(paragraphs, 12)
    begun = time.perf_counter()
    search, add, filtered = OPEN[engine](folder, paragraphs)
    opened = time.perf_counter()
    search(short[0])
    found: dict[str, object] = {"start": time.perf_counter() - (opened if filtered else begun)}
    slow = engine in LIMITS
    rounds = (10 if engine == "rank-bm25" else 40) if slow else ROUNDS  # seconds a search, in memory
    found["short"] = times(search, short[:rounds])
    found["long"] = times(search, long[: rounds // 2 if slow else rounds])
    found["memory"] = memory()
    for name, narrowed in filtered.items():
        found[name] = times(narrowed, short)
    if add is not None:
        taken = []
        for number in range(3 if slow else 10):
            begun = time.perf_counter()
            add(number)
            taken.append((time.perf_counter() - begun) * 1000)
        found["add"] = statistics.median(taken)
    return found


def in_a_process(engine: str, step: str, paragraphs: Path, folder: Path) -> dict[str, object]:
    """The same, in a process of its own."""
    command = [sys.executable, __file__, "--measure", engine, step, str(paragraphs), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"failed": done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def built(engine: str, paragraphs: Path, folder: Path) -> dict[str, object]:
    """What building took, now or when it was built."""
    kept = folder.with_suffix(".json")
    if not kept.exists():
        shutil.rmtree(folder, ignore_errors=True)  # what was stopped half-way
        found = in_a_process(engine, "build", paragraphs, folder)
        if "failed" in found:
            return found
        kept.write_text(json.dumps(found))
    return json.loads(kept.read_text())  # type: ignore[no-any-return]


def installed(engine: str) -> bool:
    """Whether the library that the engine needs is there."""
    return engine not in NEEDS or importlib.util.find_spec(NEEDS[engine]) is not None


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--paragraphs", type=int, default=100_000)
    parser.add_argument("--engines", nargs="*", choices=list(OPEN), default=list(OPEN))
    parser.add_argument("--work", type=Path, help="where to build, and to keep it; a temporary folder when not given")
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.measure:
        engine, step, paragraphs, folder = asked.measure
        print(json.dumps(measure(engine, step, Path(paragraphs), Path(folder))))
        return
    if asked.data is None:
        parser.error("--data is needed")
    if asked.work is not None:
        asked.work.mkdir(parents=True, exist_ok=True)
        compare(asked.data, asked.paragraphs, asked.engines, asked.work)
        return
    with tempfile.TemporaryDirectory(prefix="onrecord-bench-") as work:
        compare(asked.data, asked.paragraphs, asked.engines, Path(work))


def compare(data: Path, count: int, engines: list[str], work: Path) -> None:
    """One engine after the other; prints what each took."""
    paragraphs = work / f"{count}.txt"
    if not paragraphs.exists():
        write_paragraphs(data, count, paragraphs)
    text = paragraphs.stat().st_size / 1e6
    print(f"{count:,} paragraphs, {text:.0f} MB of analysed terms; milliseconds p50/p99, top 10")
    base: dict[str, tuple[float, float]] = {}
    for engine in engines:
        if not installed(engine) or count > LIMITS.get(engine, count):
            continue
        folder = work / f"{count} {engine}"
        found = built(engine, paragraphs, folder) if BUILD[engine] else {}
        if "failed" not in found:
            found |= in_a_process(engine, "search", paragraphs, folder)
        base = base or {name: found[name] for name in ("short", "long") if name in found}  # type: ignore[misc]
        print(f"\n{engine}")
        for name, value in found.items():
            print(f"  {name:44} {told(name, value, base)}")


def told(name: str, value: object, base: dict[str, tuple[float, float]]) -> str:
    """A figure with its unit, and next to the first engine."""
    if isinstance(value, dict):
        return f"{value['VmRSS']:.0f} MB, {value['RssAnon']:.0f} of them no file"
    if isinstance(value, list | tuple):
        ratio = base.get(name) or base.get("short") or value
        times_of = f"  {value[0] / ratio[0]:.2f} x / {value[1] / ratio[1]:.2f} x" if base else ""
        return f"{value[0]:.2f} / {value[1]:.2f} ms{times_of}"
    units = {"build": "s", "start": "s", "peak": "MB", "disk": "MB", "add": "ms"}
    return f"{value:.2f} {units.get(name, '')}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    main()
