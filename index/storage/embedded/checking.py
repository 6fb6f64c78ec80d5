"""What `doctor` and `verify` tell of the embedded store: a look at its state, or a reading of all that is stored."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from index.errors import EmptyLibrary, StoreError
from index.model import Span
from index.storage.base import Snapshot
from index.storage.embedded import database
from index.storage.embedded.codec import loads
from index.storage.embedded.counting import coverage_of, coverage_row
from index.storage.embedded.engines import choose
from index.storage.embedded.files import FileSums
from index.storage.embedded.formats import format_in
from index.storage.embedded.generations import Generations
from index.storage.records import StoredArticle, Unit

Finding = tuple[str, bool, str]
_ANEW = "run `onrecord reindex --full`, or `onrecord rollback`"
_SHOWN = 5  # damaged articles that are named


class _Readable(Protocol):
    def snapshot(self) -> Snapshot: ...


def findings(store: _Readable, home: Path, setting: str, okapi_up_to: int) -> list[Finding]:
    """What is there and which engine serves it, without reading it all."""
    try:
        snapshot = store.snapshot()
        coverage = snapshot.corpus.coverage()
    except StoreError as error:
        return [("index", False, str(error))]
    choice = choose(setting, coverage.paragraphs, okapi_up_to)
    told = f"{coverage.articles:,} articles, {coverage.paragraphs:,} paragraphs, change {snapshot.corpus.sequence():,}"
    found = [("index", True, f"{told}, in {home}")]
    if choice.name == snapshot.engine.name:
        found.append(("engine", True, f"{choice.name}, since {choice.why}"))
    else:
        words = f"{snapshot.engine.name} serves until the next change brings {choice.name}, since {choice.why}"
        found.append(("engine", True, words))
    return found


def verify(store: _Readable, home: Path) -> list[Finding]:
    """Reads everything that is stored; each finding that is not well names the command that repairs it."""
    try:
        snapshot = store.snapshot()
        pointer = Generations(home).current()
    except EmptyLibrary:
        return [("index", True, "nothing has been indexed yet")]
    except StoreError as error:
        return [("index", False, str(error))]
    found = []
    for name in (pointer.generation, pointer.previous) if pointer else ():
        if name is not None:
            what = "corpus" if pointer and name == pointer.generation else "previous corpus"
            found += [_guarded(what, lambda name=name: _pages(Generations(home).corpus(name)))]  # type: ignore[misc]
    found += [
        _guarded("articles", lambda: _articles(snapshot)),
        _guarded("counts", lambda: _counts(home, pointer.generation if pointer else "")),
        _guarded("engine", lambda: _engine(snapshot, home, pointer.generation if pointer else "")),
    ]
    return found


def _guarded(what: str, check: Callable[[], tuple[bool, str]]) -> Finding:
    try:
        well, words = check()
    except StoreError as error:
        return what, False, str(error)
    except (sqlite3.Error, ValueError, OSError) as error:
        return what, False, f"can't be read ({error}): {_ANEW}"
    return what, well, words


def _pages(path: Path) -> tuple[bool, str]:
    """SQLite's own check of all pages and indexes."""
    connection = database.open_to_read(path)
    try:
        (answer,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    finally:
        connection.close()
    words = " ".join(str(answer).split())
    return answer == "ok", f"all pages of {path} are well" if answer == "ok" else f"{path}: {words}: {_ANEW}"


def _articles(snapshot: Snapshot) -> tuple[bool, str]:
    """Every article's text, record and statements, and that each statement stands where it says."""
    bad, read = [], 0
    for article_id in snapshot.corpus.article_ids():
        read += 1
        try:
            stored = snapshot.corpus.article(article_id)
            if stored is None or stored.damage or any(_misplaced(stored)):
                bad.append(article_id)
        except StoreError:
            bad.append(article_id)
    if not bad:
        return True, f"{read:,} articles are as they were written, and every statement stands in its paragraph"
    named = ", ".join(bad[:_SHOWN]) + (" ..." if len(bad) > _SHOWN else "")
    return False, f"{len(bad):,} of {read:,} articles are damaged ({named}): {_ANEW}"


def _misplaced(stored: StoredArticle) -> Iterator[Span]:
    texts = {paragraph.number: paragraph.text for paragraph in stored.article.paragraphs}
    for quote in stored.quotes:
        for span in (*quote.content, quote.cue, quote.source):
            if span is not None and texts.get(span.paragraph, "")[span.start : span.end] != span.text:
                yield span


def _counts(home: Path, generation: str) -> tuple[bool, str]:
    """That what the library tells of itself is what is there."""
    connection = database.open_to_read(Generations(home).corpus(generation))
    try:
        connection.execute("BEGIN")
        told = coverage_of(loads(connection.execute("SELECT coverage FROM state").fetchone()[0]))
        counted = coverage_of(coverage_row(connection))
    finally:
        connection.close()
    return told == counted, "they agree" if told == counted else f"they differ from what is stored: {_ANEW}"


def _engine(snapshot: Snapshot, home: Path, generation: str) -> tuple[bool, str]:
    """That the engine's files are what was written, and that they hold as many documents as the corpus."""
    connection = database.open_to_read(Generations(home).corpus(generation))
    expected = dict.fromkeys(Unit, 0)
    units = tuple(Unit)
    try:
        connection.execute("BEGIN")
        folder = connection.execute("SELECT folder FROM state").fetchone()[0]
        form = format_in(connection)
        for body, documents in connection.execute("SELECT body, documents FROM articles"):
            for document in form.documents(body, documents):
                expected[units[document[0]]] += 1
    finally:
        connection.close()
    if folder and (differing := FileSums.differing(home / generation / folder)):
        return False, f"{', '.join(differing[:_SHOWN])} in {folder}: not what was written: run `onrecord compact`"
    for unit, count in expected.items():
        if snapshot.engine.count(unit) != count:
            return False, f"{snapshot.engine.count(unit):,} of {count:,} {unit}s are there: run `onrecord compact`"
    return True, f"{snapshot.engine.name} holds all {sum(expected.values()):,} documents"
