"""The tantivy engine: three indexes on disk, one for each unit, in a folder that is never changed once it is published.

A change links the files of the folder before it into a new one, works there, and becomes visible when the corpus names
that folder: in the same transaction as the articles. So a reader's engine and corpus are always of one state.
"""

import json
import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, Protocol

import tantivy

from index.errors import DamagedStore, StoreError
from index.storage.base import Filters, Hit, Unit
from index.storage.embedded.database import disk_full
from index.storage.embedded.files import FileSums, flush, link
from index.storage.embedded.names import clean, slug_of

FORMAT = 1
_UNITS = tuple(Unit)
_WORDS = "words"
_HEAP = {Unit.ARTICLE: 32_000_000, Unit.PARAGRAPH: 64_000_000, Unit.STATEMENT: 64_000_000}  # bytes, one thread each
_TIES = 10_000  # hits of equal rank at the cut that are put in order by id
_MANY = 50  # keys with one slug from which on it pays to see whether all keys with that slug are asked for
_PLANS = 64  # filters of speakers that are kept ready
_UNDATED = 0  # the day of a unit without one; other days are ordinals
_LAST = date.max.toordinal()
_BLANKS = re.compile("[\t\n\f\r ]")  # what tantivy's tokenizer splits at

_Query = tantivy.Query
_Clauses = list[tuple[tantivy.Occur, tantivy.Query]]
Fields = Mapping[Unit, Mapping[str, str]]  # unit, field, its name in the index


class Rows(Protocol):
    """What the engine asks of the corpus of the same state."""

    def ids_of(self, rows: Iterable[int]) -> dict[int, str]:
        """Article ids by row."""
        ...

    def rows_of(self, article_ids: Iterable[str]) -> list[int]:
        """Rows of those articles that are stored."""
        ...

    def keys_like(self, slug: str) -> list[str]:
        """All speakers' keys that end in this slug."""
        ...


# ---------------------------------------------------------------------------------------------------------------
# Writing


def write_folder(
    folder: Path,
    *,
    fields: Fields,
    before: Path | None,
    removed: Sequence[int],
    added: Iterable[tuple[int, Sequence[Any]]],
) -> None:
    """Makes a folder with the documents of the one before it, less those of some articles, and with some more.

    Args:
        folder: made here; it is safe on the disk when this returns.
        fields: all fields that documents have.
        before: the folder to start from; None for nothing.
        removed: rows of articles whose documents go.
        added: an article's row with its documents as the codec wrote them.

    Raises:
        StoreError: the disk is full, or the folder can't be written.
    """
    folder.mkdir()
    sums = FileSums(folder)
    with _writing(folder):
        writers = {}
        for unit in _UNITS:
            mine = folder / unit
            mine.mkdir()
            if before is not None:
                _link_index(before / unit, mine, FileSums.read(before), sums)
            writers[unit] = _Writer(unit, mine, fields[unit])
        for row in removed:
            for writer in writers.values():
                writer.remove(row)
        for row, documents in added:
            for document in documents:
                writers[_UNITS[document[0]]].add(row, document)
        with ThreadPoolExecutor(len(writers)) as together:  # each waits for the disk most of the time
            for closed in [together.submit(writer.close) for writer in writers.values()]:
                closed.result()
        (folder / "fields.json").write_text(json.dumps({"format": FORMAT, "fields": fields}))
        sums.write()
        flush(folder)


def holds_fields(folder: Path, fields: Fields) -> bool:
    """Whether documents with these fields can be added to the folder as it is."""
    try:
        return _fields_of(folder) == fields
    except (OSError, StoreError):
        return False


class _Writer:
    """Changes the index of one unit; nothing is opened for one that does not change."""

    def __init__(self, unit: Unit, folder: Path, fields: Mapping[str, str]) -> None:
        self._unit = unit
        self._folder = folder
        self._fields = fields
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None

    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._index = tantivy.Index(_schema(self._fields), str(self._folder))
            _register(self._index)
            self._writer = self._index.writer(_HEAP[self._unit], 1)
        return self._writer

    def remove(self, row: int) -> None:
        self._open().delete_documents_by_term("article", row)

    def add(self, row: int, document: Sequence[Any]) -> None:
        _, identity, number, fields, day, outlet, speakers, attitude = document
        written = tantivy.Document()
        for name, terms in fields.items():
            if terms:
                written.add_text(self._fields[name], _joined(terms))
        written.add_integer("article", row)
        written.add_integer("number", number)
        written.add_integer("place", int(identity.rpartition(".")[2]) if self._unit is Unit.STATEMENT else 0)
        written.add_integer("day", date.fromisoformat(day).toordinal() if day else _UNDATED)
        written.add_boolean("attitude", attitude)
        if outlet is not None:
            written.add_text("outlet", clean(outlet))
        for key in speakers:
            written.add_text("speakers", clean(key))
        for slug in {slug_of(clean(key)) for key in speakers}:
            written.add_text("slugs", slug)
        self._open().add_document(written)

    def close(self) -> None:
        if not (self._folder / "meta.json").exists():
            self._open()
        if self._writer is not None:
            self._writer.commit()
            self._writer.wait_merging_threads()


def _joined(terms: str | Sequence[str]) -> str:
    if not isinstance(terms, str):
        terms = " ".join(_word(term) for term in terms if term)
    return re.sub("[\t\n\f\r]", "\u2420", clean(terms))


def _word(term: str) -> str:
    """A term as the index holds it: what would split it replaced by a sign that no text holds."""
    return _BLANKS.sub("\u2420", clean(term))


def _schema(fields: Mapping[str, str]) -> tantivy.Schema:
    """The fields that all units share come first, so that a query for them is the same for each."""
    builder = tantivy.SchemaBuilder()
    for name in ("speakers", "slugs", "outlet"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("article", indexed=True, fast=True)
    builder.add_integer_field("number", fast=True)
    builder.add_integer_field("place", fast=True)
    builder.add_integer_field("day", indexed=True, fast=True)
    builder.add_boolean_field("attitude", indexed=True)
    for name in fields.values():
        builder.add_text_field(name, tokenizer_name=_WORDS, index_option="freq")
    return builder.build()


def _register(index: tantivy.Index) -> None:
    index.register_tokenizer(_WORDS, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())


def _link_index(before: Path, folder: Path, known: Mapping[str, str], sums: FileSums) -> None:
    """Links the files that the index needs; tantivy replaces files and never writes into one that is there."""
    for name in _files_of(before):
        link(before / name, folder / name)
        relative = f"{folder.name}/{name}"
        if relative in known and name != "meta.json":
            sums.known[relative] = known[relative]


def _files_of(folder: Path) -> list[str]:
    meta = json.loads((folder / "meta.json").read_bytes())
    segments = {segment["segment_id"].replace("-", "") for segment in meta["segments"]}
    return ["meta.json", *(path.name for path in folder.iterdir() if path.name.partition(".")[0] in segments)]


@contextmanager
def _writing(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError:
        raise
    except (ValueError, RuntimeError) as error:  # how tantivy tells of the disk
        if re.search(r"No space left|File too large|quota", str(error)):
            raise disk_full(folder.parent.parent) from error
        raise StoreError(f"The search files in {folder} can't be written ({error}).") from error


# ---------------------------------------------------------------------------------------------------------------
# Reading


class TantivyIndexes:
    """A published folder, open; shared by all snapshots that name it.

    Raises:
        FileNotFoundError: the folder is gone.
        DamagedStore: it can't be opened.
    """

    def __init__(self, folder: Path) -> None:
        self.fields = _fields_of(folder)
        self.schemas = {unit: _schema(self.fields[unit]) for unit in _UNITS}
        self.searchers: dict[Unit, tantivy.Searcher] = {}
        self._copies: list[tempfile.TemporaryDirectory[str]] = []
        self._plans: dict[frozenset[str], tantivy.Query] = {}
        self._last_days: dict[Unit, int] = {}
        self._lock = threading.Lock()
        for unit in _UNITS:
            with reading(folder):
                index = tantivy.Index.open(str(self._writable(folder / unit)))
                _register(index)
                index.config_reader("manual")
                self.searchers[unit] = index.searcher()

    def _writable(self, folder: Path) -> Path:
        """The folder, or links to its files where it can't be written: tantivy keeps a lock beside what it reads."""
        if os.access(folder, os.W_OK):
            return folder
        copy = tempfile.TemporaryDirectory(prefix="onrecord-")
        self._copies.append(copy)
        for path in folder.iterdir():
            if not path.name.startswith("."):  # locks
                (Path(copy.name) / path.name).symlink_to(path.absolute())
        return Path(copy.name)

    def last_day(self, unit: Unit) -> int:
        """The newest day of a unit, as an ordinal: what nothing is newer than need not be excluded."""
        with self._lock, reading():
            if unit not in self._last_days:
                newest = self.searchers[unit].search(_Query.all_query(), 1, count=False, order_by_field="day").hits
                self._last_days[unit] = int(newest[0][0]) if newest else _UNDATED
            return self._last_days[unit]

    def speaking(self, speakers: frozenset[str], rows: Rows) -> tantivy.Query:
        """A query for the statements of those keys, in as few terms as it takes."""
        with self._lock:
            plan = self._plans.pop(speakers, None)
        if plan is None:
            plan = self._plan(speakers, rows)
        with self._lock:
            self._plans[speakers] = plan
            if len(self._plans) > _PLANS:
                del self._plans[next(iter(self._plans))]
        return plan

    def _plan(self, speakers: frozenset[str], rows: Rows) -> tantivy.Query:
        by_slug: dict[str, list[str]] = {}
        for key in speakers:
            if key == clean(key):
                by_slug.setdefault(slug_of(key), []).append(key)
        slugs, keys = [], []
        for slug, mine in by_slug.items():
            if len(mine) >= _MANY and set(rows.keys_like(slug)) <= set(mine):
                slugs.append(slug)
            else:
                keys += mine
        schema = self.schemas[Unit.STATEMENT]
        parts = [
            _Query.term_set_query(schema, name, values)
            for name, values in (("slugs", slugs), ("speakers", keys))
            if values
        ]
        return _any(parts)


class TantivyEngine:
    """The engine of one snapshot: the published folder, with article ids from the corpus of the same state."""

    name = "tantivy"

    def __init__(self, indexes: TantivyIndexes, rows: Rows) -> None:
        self._indexes = indexes
        self._rows = rows

    def search(
        self,
        unit: Unit,
        terms: Mapping[str, float],
        *,
        boosts: Mapping[str, float],
        filters: Filters | None = None,
        k: int = 10,
    ) -> list[Hit]:
        schema, fields = self._indexes.schemas[unit], self._indexes.fields[unit]
        clauses: _Clauses = [
            (
                tantivy.Occur.Should,
                _Query.boost_query(
                    _Query.term_query(schema, fields[name], _word(term), "freq"), boosts[name] * terms[term]
                ),
            )
            for name in sorted(boosts)
            if name in fields
            for term in sorted(terms)
            if term and clean(term) == term
        ]
        if not clauses or k <= 0:
            return []
        query = _Query.boolean_query(clauses)
        narrowing = self._narrowing(unit, filters)
        if narrowing:
            query = _Query.boolean_query([(tantivy.Occur.Must, query), *narrowing])
        hits = self._hits(unit, query, k, order_by=None)
        hits.sort(key=lambda found: (-found[0], found[1].id))
        return [hit for _, hit in hits[:k]]

    def browse(self, unit: Unit, *, filters: Filters, k: int = 10) -> list[Hit]:
        if k <= 0:
            return []
        everything = (tantivy.Occur.Must, _Query.const_score_query(_Query.all_query(), 0.0))
        query = _Query.boolean_query([everything, *self._narrowing(unit, filters)])
        hits = self._hits(unit, query, k, order_by="day")
        hits.sort(key=lambda found: (-found[0], found[1].article_id, found[1].number, found[1].id))
        return [hit for _, hit in hits[:k]]

    def df(self, unit: Unit, field: str, term: str) -> int:
        name = self._indexes.fields[unit].get(field)
        with reading():
            return int(self._indexes.searchers[unit].doc_freq(name, _word(term))) if name and term else 0

    def count(self, unit: Unit) -> int:
        return int(self._indexes.searchers[unit].num_docs)

    def _hits(self, unit: Unit, query: tantivy.Query, k: int, *, order_by: str | None) -> list[tuple[float, Hit]]:
        """At least the k best, and with them whatever ranks equal to the last of those."""
        searcher = self._indexes.searchers[unit]
        limit = k + 1
        with reading():
            while True:
                found = searcher.search(query, limit, count=False, order_by_field=order_by).hits
                whole = len(found) < limit or found[k - 1][0] != found[-1][0]
                if whole or limit >= k + _TIES:
                    break
                limit = min(limit * 8, k + _TIES)
            if len(found) > k:
                found = [hit for hit in found if hit[0] >= found[k - 1][0]]
            addresses = [address for _, address in found]
            rows = searcher.fast_field_values("article", addresses)
            numbers = searcher.fast_field_values("number", addresses)
            places = searcher.fast_field_values("place", addresses)
        ids = self._rows.ids_of(int(row or 0) for row in rows)
        hits = []
        for (rank, _), row, number, place in zip(found, rows, numbers, places, strict=True):
            article_id = ids[int(row or 0)]
            identity = _identity(unit, article_id, int(number or 0), int(place or 0))
            score = 0.0 if order_by else float(rank)
            hits.append((float(rank), Hit(id=identity, article_id=article_id, number=int(number or 0), score=score)))
        return hits

    def _narrowing(self, unit: Unit, filters: Filters | None) -> _Clauses:
        """A clause, that does not score, for each filter; the few that fail are excluded where that is less work."""
        if filters is None:
            return []
        schema = self._indexes.schemas[unit]
        queries, excluded = [], []
        if filters.speakers is not None:
            queries.append(self._indexes.speaking(filters.speakers, self._rows))
        if filters.since is not None:
            queries.append(_since(schema, filters))
        if filters.until is not None and filters.until.toordinal() < self._indexes.last_day(unit):
            excluded.append(_days(schema, filters.until.toordinal() + 1, _LAST))
        if filters.until is not None and filters.since is None and not filters.undated:
            excluded.append(_Query.term_query(schema, "day", _UNDATED))
        if filters.outlet is not None:
            queries.append(_Query.term_query(schema, "outlet", clean(filters.outlet.lower()), "basic"))
        if filters.articles is not None:
            rows = self._rows.rows_of(filters.articles)
            queries.append(_any([_Query.term_set_query(schema, "article", rows)] if rows else []))
        if filters.attitude is not None:
            excluded.append(_Query.term_query(schema, "attitude", not filters.attitude))
        return [
            *((tantivy.Occur.Must, _Query.const_score_query(query, 0.0)) for query in queries),
            *((tantivy.Occur.MustNot, query) for query in excluded),
        ]


def _days(schema: tantivy.Schema, first: int, last: int) -> tantivy.Query:
    return _Query.range_query(schema, "day", tantivy.FieldType.Integer, first, last)


def _since(schema: tantivy.Schema, filters: Filters) -> tantivy.Query:
    within = _days(schema, filters.since.toordinal() if filters.since else _UNDATED + 1, _LAST)
    return _any([within, _Query.term_query(schema, "day", _UNDATED)] if filters.undated else [within])


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return (
        _Query.boolean_query([(tantivy.Occur.Should, query) for query in queries]) if queries else _Query.empty_query()
    )


def _identity(unit: Unit, article_id: str, number: int, place: int) -> str:
    if unit is Unit.ARTICLE:
        return article_id
    return f"{article_id}#{number}" if unit is Unit.PARAGRAPH else f"{article_id}#{number}.{place}"


def _fields_of(folder: Path) -> dict[Unit, dict[str, str]]:
    try:
        written = json.loads((folder / "fields.json").read_bytes())
        found, fields = written["format"], {Unit(unit): dict(names) for unit, names in written["fields"].items()}
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _damaged(folder, "fields.json can't be read") from error
    if found != FORMAT or set(fields) != set(_UNITS):
        raise _damaged(folder, f"format {found}, this version reads {FORMAT}")
    return fields


@contextmanager
def reading(folder: Path | str = "the library") -> Iterator[None]:
    """Turns what tantivy raises while it reads, a panic included, into one sentence.

    Raises:
        DamagedStore: always in its stead.
    """
    try:
        yield
    except FileNotFoundError:
        raise
    except (ValueError, RuntimeError, OSError) as error:
        raise _damaged(folder, error) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # which is no Exception, and can't be imported
            raise
        raise _damaged(folder, "they can't be made sense of") from None


def _damaged(folder: Path | str, what: object) -> DamagedStore:
    words = " ".join(str(what).split())[:200]
    return DamagedStore(
        f"The search files in {folder} are damaged ({words}): run `onrecord compact` to make them anew from the corpus."
    )


def remove_folder(folder: Path) -> None:
    """Takes a folder away; those who have it open keep what they need of it."""
    shutil.rmtree(folder, ignore_errors=True)
