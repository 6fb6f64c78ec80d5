"""The tantivy engine: searches a published folder, for libraries that one machine holds but its memory does not."""

import os
import tempfile
import threading
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol

import tantivy

from index.storage.embedded.keys import KeptKeys, is_own, slug_of, ways_to_write
from index.storage.embedded.names import clean
from index.storage.embedded.tantivy.shape import (
    UNDATED,
    UNITS,
    fields_of,
    reading,
    register,
    schema_of,
    word_of,
)
from index.storage.keysets import Together
from index.storage.records import Filters, Hit, Unit

_SLACK = 6  # hits beyond those asked for, which nearly always shows where equal ranks at the cut end
_TIES = 10_000  # hits of equal rank at the cut that are put in order by id
_MANY = 50  # articles from which on it pays to see whether nearly all in which somebody has a slug are asked for
_FEW = 100  # words up to which a filter of single words takes less time than one of a set: it reads no more of each
_PLANS = 64  # filters of speakers that are kept ready
_IDS = 50_000  # articles whose ids are kept at hand, about 10 MB
_LAST = date.max.toordinal()

_Query = tantivy.Query
_Clauses = list[tuple[tantivy.Occur, tantivy.Query]]


class Rows(Protocol):
    """What the engine asks of the corpus of the same state."""

    def ids_of(self, rows: Iterable[int]) -> dict[int, str]:
        """Article ids by row."""
        ...

    def rows_of(self, article_ids: Iterable[str]) -> dict[str, int]:
        """Rows of those articles that are stored, by id."""
        ...

    def rows_like(self, slug: str) -> set[int]:
        """Rows of the articles of which a key of their own ends in this slug."""
        ...

    def strangers_like(self, slugs: Iterable[str]) -> set[str]:
        """Keys, as they are written, that end in one of these slugs and do not begin with their article's id."""
        ...


class TantivyIndexes:
    """A published folder, open; shared by all snapshots that name it.

    Raises:
        FileNotFoundError: the folder is gone.
        DamagedStore: it can't be opened.
    """

    def __init__(self, folder: Path) -> None:
        self._format, self.fields = fields_of(folder)
        self.schemas = {unit: schema_of(self.fields[unit]) for unit in UNITS}
        self.searchers: dict[Unit, tantivy.Searcher] = {}
        self._plans: dict[Hashable, tantivy.Query] = {}
        self._last_days: dict[Unit, int] = {}
        self._ids: dict[int, str] = {}
        self._lock = threading.Lock()
        for unit in UNITS:
            with reading(folder), _writable(folder / unit) as place:
                index = tantivy.Index.open(str(place))
                register(index)
                index.config_reader("manual")
                self.searchers[unit] = index.searcher()

    def last_day(self, unit: Unit) -> int:
        """The newest day of a unit, as an ordinal: what nothing is newer than need not be excluded."""
        with self._lock, reading():
            if unit not in self._last_days:
                newest = self.searchers[unit].search(_Query.all_query(), 1, count=False, order_by_field="day").hits
                self._last_days[unit] = int(newest[0][0]) if newest else UNDATED
            return self._last_days[unit]

    def speaking(self, speakers: Set[str], rows: Rows) -> tantivy.Query:
        """A query for the statements of those keys, in as few terms as it takes."""
        same = _name_of(speakers)
        with self._lock:
            plan = self._plans.pop(same, None)
        if plan is None:
            plan = self._plan(speakers, rows)
        with self._lock:
            self._plans[same] = plan
            if len(self._plans) > _PLANS:
                del self._plans[next(iter(self._plans))]
        return plan

    def _plan(self, speakers: Set[str], rows: Rows) -> tantivy.Query:
        if self._format == 1:
            return self.having("speakers", [key for key in speakers if key == clean(key)])
        by_slug = self._by_slug(speakers, rows)
        parts = [self._speaking(slug, mine, rows) for slug, mine in by_slug.items() if mine]
        if strangers := rows.strangers_like(by_slug):
            parts.append(self.having("speakers", sorted(strangers & {ways_to_write(key)[1] for key in speakers})))
        return _any(parts)

    def _by_slug(self, speakers: Set[str], rows: Rows) -> Mapping[str, set[int]]:
        """Each slug with the rows of the articles whose own a key that ends in it is."""
        found: dict[str, set[int]] = {}
        if isinstance(speakers, Together):
            for part in speakers.parts:
                for slug, mine in self._by_slug(part, rows).items():
                    found.setdefault(slug, set()).update(mine)
        elif isinstance(speakers, KeptKeys):
            for short, mine in speakers.rows():
                found.setdefault(slug_of(short), set()).update(mine if is_own(short) and short == clean(short) else ())
        else:
            ways = {key: ways_to_write(key)[0] for key in speakers if key == clean(key)}
            row_of = rows.rows_of(article_id for article_id, _ in ways.values())
            for key, (article_id, _) in ways.items():
                mine = found.setdefault(slug_of(key), set())
                if article_id in row_of:
                    mine.add(row_of[article_id])
        return found

    def _speaking(self, slug: str, mine: set[int], rows: Rows) -> tantivy.Query:
        """A query for the one of that slug in each of those articles: in one article a slug is one speaker's."""
        spoken = self.having("slugs", [slug])
        if len(mine) >= _MANY:
            others = rows.rows_like(slug) - mine
            if not others:
                return spoken
            if len(others) <= min(_FEW, len(mine) // 2):
                return _but(spoken, self.having("article", sorted(others)))
        both = (spoken, self.having("article", sorted(mine)))
        return _Query.boolean_query([(tantivy.Occur.Must, each) for each in both])

    def having(self, field: str, values: Sequence[str] | Sequence[int]) -> tantivy.Query:
        """A query for the units of which a field holds one of the values."""
        schema = self.schemas[Unit.STATEMENT]
        if len(values) > _FEW:
            return _Query.term_set_query(schema, field, list(values))
        return _any([_Query.term_query(schema, field, value, "basic") for value in values])

    def ids_of(self, found: Iterable[int], rows: Rows) -> dict[int, str]:
        """Article ids by row: the same for all states that are searched in one folder."""
        wanted = set(found)
        ids = {row: article_id for row in wanted if (article_id := self._ids.get(row)) is not None}
        if len(ids) < len(wanted):
            missing = rows.ids_of(wanted - ids.keys())
            ids |= missing
            with self._lock:
                if len(self._ids) + len(missing) > _IDS:  # the older half goes
                    self._ids = dict(list(self._ids.items())[len(self._ids) // 2 :])
                self._ids |= missing
        return ids


@contextmanager
def _writable(folder: Path) -> Iterator[Path]:
    """The folder, or links to its files where it can't be written: to open an index, tantivy makes a lock beside it."""
    if os.access(folder, os.W_OK):
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="onrecord-") as copy:
        for path in folder.iterdir():
            if not path.name.startswith("."):  # locks
                (Path(copy) / path.name).symlink_to(path.absolute())
        yield Path(copy)


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
                    _Query.term_query(schema, fields[name], word_of(term), "freq"), boosts[name] * terms[term]
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
            return int(self._indexes.searchers[unit].doc_freq(name, word_of(term))) if name and term else 0

    def count(self, unit: Unit) -> int:
        return int(self._indexes.searchers[unit].num_docs)

    def _hits(self, unit: Unit, query: tantivy.Query, k: int, *, order_by: str | None) -> list[tuple[float, Hit]]:
        """At least the k best, and with them whatever ranks equal to the last of those."""
        searcher = self._indexes.searchers[unit]
        limit = k + _SLACK + k // 8
        with reading():
            while True:
                found = searcher.search(query, limit, count=False, order_by_field=order_by).hits
                whole = len(found) < limit or found[k - 1][0] != found[-1][0]
                if whole or limit >= k + _TIES:
                    break
                limit = min(limit * 8, k + _TIES)
            if len(found) > k:
                least = found[k - 1][0]
                found = [hit for hit in found if hit[0] >= least]
            addresses = [address for _, address in found]
            rows = list(map(_whole, searcher.fast_field_values("article", addresses)))
            numbers = map(_whole, searcher.fast_field_values("number", addresses)) if unit is not Unit.ARTICLE else rows
            places = map(_whole, searcher.fast_field_values("place", addresses)) if unit is Unit.STATEMENT else rows
        ids = self._indexes.ids_of(rows, self._rows)
        hits = []
        for (rank, _), row, number, place in zip(found, rows, numbers, places, strict=True):
            article_id = ids.get(row)
            if article_id is None:  # `verify` tells of it
                continue
            score = 0.0 if order_by else rank
            if unit is Unit.ARTICLE:
                hit = Hit(id=article_id, article_id=article_id, number=0, score=score)
            else:
                identity = f"{article_id}#{number}" if unit is Unit.PARAGRAPH else f"{article_id}#{number}.{place}"
                hit = Hit(id=identity, article_id=article_id, number=number, score=score)
            hits.append((rank, hit))
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
            excluded.append(_Query.term_query(schema, "day", UNDATED))
        if filters.outlet is not None:
            queries.append(_Query.term_query(schema, "outlet", clean(filters.outlet.lower()), "basic"))
        if filters.articles is not None:
            queries.append(self._indexes.having("article", sorted(self._rows.rows_of(filters.articles).values())))
        if filters.holding is not None:
            queries.append(_holding(schema, self._indexes.fields[unit].get("body"), filters.holding))
        if filters.attitude is not None:
            excluded.append(_Query.term_query(schema, "attitude", not filters.attitude))
        return [
            *((tantivy.Occur.Must, _Query.const_score_query(query, 0.0)) for query in queries),
            *((tantivy.Occur.MustNot, query) for query in excluded),
        ]


def _name_of(speakers: Set[str]) -> Hashable:
    """The same for the same keys."""
    if isinstance(speakers, Together):
        return tuple(map(_name_of, speakers.parts))
    return speakers.entry if isinstance(speakers, KeptKeys) else frozenset(speakers)


def _days(schema: tantivy.Schema, first: int, last: int) -> tantivy.Query:
    return _Query.range_query(schema, "day", tantivy.FieldType.Integer, first, last)


def _since(schema: tantivy.Schema, filters: Filters) -> tantivy.Query:
    within = _days(schema, filters.since.toordinal() if filters.since else UNDATED + 1, _LAST)
    return _any([within, _Query.term_query(schema, "day", UNDATED)] if filters.undated else [within])


def _holding(schema: tantivy.Schema, body: str | None, terms: Iterable[str]) -> tantivy.Query:
    if body is None:
        return _Query.empty_query()
    words = sorted(word_of(term) for term in terms if term and clean(term) == term)
    return _any([_Query.term_query(schema, body, word, "basic") for word in words])


def _but(query: tantivy.Query, excluded: tantivy.Query) -> tantivy.Query:
    return _Query.boolean_query([(tantivy.Occur.Must, query), (tantivy.Occur.MustNot, excluded)])


def _any(queries: Sequence[tantivy.Query]) -> tantivy.Query:
    if len(queries) == 1:
        return queries[0]
    return (
        _Query.boolean_query([(tantivy.Occur.Should, query) for query in queries]) if queries else _Query.empty_query()
    )


def _whole(value: float | None) -> int:
    return int(value) if value else 0
