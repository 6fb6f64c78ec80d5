"""The rank-bm25 engine: the whole index in memory, the default for small libraries and the reference for scores."""

import math
import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from rank_bm25 import BM25Okapi

from index.storage.records import Filters, Hit, Unit

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

_UNITS = tuple(Unit)
_NO_DAY = 0


class Okapi(BM25Okapi):  # type: ignore[misc] # rank-bm25 ships no types
    """BM25 over one field (Robertson and Zaragoza 2009), with Lucene's idf and rank-bm25's term weight.

    idf(t) = ln(1 + (N - df + .5) / (df + .5)); weight = idf * tf (k1 + 1) / (tf + k1 (1 - b + b |d| / avgdl)).
    rank-bm25 keeps a dictionary for each document and walks all of them for each term; this keeps, for each term, the
    documents that hold it, which is a tenth of the memory and touches only those.
    """

    def __init__(self, corpus: "Column") -> None:
        super().__init__(corpus, k1=1.2, b=0.75)

    def _initialize(self, corpus: "Column") -> dict[str, int]:
        lengths = np.asarray(corpus.lengths, dtype=np.int64)
        self.corpus_size = len(lengths)
        self.doc_len = lengths
        self.avgdl = max(1.0, float(lengths.sum())) / max(1, self.corpus_size)
        terms = np.asarray(corpus.terms, dtype=np.int64)
        documents = np.repeat(np.arange(self.corpus_size, dtype=np.int64), lengths)
        pairs, frequencies = np.unique(terms * max(1, self.corpus_size) + documents, return_counts=True)
        holding = pairs // max(1, self.corpus_size)
        self._documents = (pairs - holding * max(1, self.corpus_size)).astype(np.int32)
        self._frequencies = frequencies.astype(np.int32)
        counts = np.bincount(holding, minlength=len(corpus.vocabulary))
        self._ends = np.cumsum(counts)
        self._terms = corpus.vocabulary
        return {term: int(counts[at]) for term, at in corpus.vocabulary.items()}

    def _calc_idf(self, nd: dict[str, int]) -> None:
        self.df = nd
        self.idf = {term: math.log(1 + (self.corpus_size - df + 0.5) / (df + 0.5)) for term, df in nd.items()}

    def weights(self, term: str) -> tuple[npt.NDArray[np.int32], Floats]:
        """The documents that hold the term, ascending, and what it adds to the score of each."""
        at = self._terms.get(term)
        if at is None:
            return np.empty(0, np.int32), np.empty(0)
        end = int(self._ends[at])
        start = end - self.df[term]
        documents, frequencies = self._documents[start:end], self._frequencies[start:end]
        norm = self.k1 * (1 - self.b + self.b * self.doc_len[documents] / self.avgdl)
        return documents, self.idf[term] * (frequencies * (self.k1 + 1) / (frequencies + norm))

    def get_scores(self, query: Iterable[str]) -> Floats:
        """The score of every document for a tokenised query, as in rank-bm25."""
        scores = np.zeros(self.corpus_size)
        for term in query:
            documents, weights = self.weights(term)
            scores[documents] += weights
        return scores


class Column:
    """One field of one unit while it is read: term numbers of all documents behind each other."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self.terms = array("i")
        self.lengths = array("i")

    def add(self, place: int, terms: Iterable[str]) -> None:
        """The terms of document `place`; documents in between don't have this field."""
        before = len(self.terms)
        vocabulary = self.vocabulary
        self.terms.extend([vocabulary.setdefault(term, len(vocabulary)) for term in terms])
        self.pad(place)
        self.lengths.append(len(self.terms) - before)

    def pad(self, size: int) -> None:
        self.lengths.extend([0] * (size - len(self.lengths)))


class _Rows:
    """All documents of one unit: what filters look at, and a column for each field."""

    def __init__(self) -> None:
        self.ids: list[str] = []
        self.article_ids: list[str] = []
        self.numbers = array("i")
        self.days = array("i")
        self.outlets = array("i")
        self.outlet_numbers: dict[str | None, int] = {}
        self.attitudes = bytearray()
        self.speakers: dict[str, array[int]] = {}
        self.articles: dict[str, tuple[int, int]] = {}
        self.columns: dict[str, Column] = {}

    def add(self, article_id: str, row: list[Any]) -> None:
        _, identity, number, fields, day, outlet, speakers, attitude = row
        place = len(self.ids)
        self.ids.append(identity)
        self.article_ids.append(article_id)
        self.numbers.append(number)
        self.days.append(date.fromisoformat(day).toordinal() if day else _NO_DAY)
        self.outlets.append(self.outlet_numbers.setdefault(outlet, len(self.outlet_numbers)))
        self.attitudes.append(attitude)
        for key in speakers:
            self.speakers.setdefault(key, array("i")).append(place)
        self.articles[article_id] = (self.articles.get(article_id, (place, 0))[0], place + 1)
        for name, terms in fields.items():
            column = self.columns.get(name)
            if column is None:
                column = self.columns[name] = Column()
            column.add(place, terms.split(" ") if isinstance(terms, str) and terms else terms)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One unit, ready to be searched."""

    ids: list[str]
    article_ids: list[str]
    numbers: Ints
    days: Ints
    outlets: Ints
    outlet_numbers: Mapping[str | None, int]
    attitudes: npt.NDArray[np.bool_]
    speakers: Mapping[str, "array[int]"]
    articles: Mapping[str, tuple[int, int]]
    fields: Mapping[str, Okapi]
    order: Ints  # place among all ids in ascending order, by which ties fall

    @classmethod
    def of(cls, rows: _Rows) -> "_Block":
        size = len(rows.ids)
        order = np.empty(size, np.int64)
        order[sorted(range(size), key=rows.ids.__getitem__)] = np.arange(size)
        fields = {}
        for name in sorted(rows.columns):
            column = rows.columns.pop(name)
            column.pad(size)
            fields[name] = Okapi(column)
        return cls(
            ids=rows.ids,
            article_ids=rows.article_ids,
            numbers=np.asarray(rows.numbers, np.int64),
            days=np.asarray(rows.days, np.int64),
            outlets=np.asarray(rows.outlets, np.int64),
            outlet_numbers=rows.outlet_numbers,
            attitudes=np.frombuffer(bytes(rows.attitudes), np.uint8).astype(np.bool_),
            speakers=rows.speakers,
            articles=rows.articles,
            fields=fields,
            order=order,
        )

    def passing(self, filters: Filters) -> npt.NDArray[np.bool_]:
        """Which documents satisfy the filters."""
        size = len(self.ids)
        passing = np.ones(size, np.bool_)
        if filters.since is not None:
            passing &= (self.days >= filters.since.toordinal()) | (self.days == _NO_DAY)
        if filters.until is not None:
            passing &= self.days <= filters.until.toordinal()
        if not filters.undated and (filters.since is not None or filters.until is not None):
            passing &= self.days != _NO_DAY
        if filters.outlet is not None:
            passing &= self.outlets == self.outlet_numbers.get(filters.outlet.lower(), -1)
        if filters.attitude is not None:
            passing &= self.attitudes == filters.attitude
        if filters.speakers is not None:
            speaking = np.zeros(size, np.bool_)
            speaking[list(chain.from_iterable(self.speakers.get(key, ()) for key in filters.speakers))] = True
            passing &= speaking
        if filters.articles is not None:
            standing = np.zeros(size, np.bool_)
            for article_id in filters.articles:
                first, end = self.articles.get(article_id, (0, 0))
                standing[first:end] = True
            passing &= standing
        if filters.holding is not None:
            holding = np.zeros(size, np.bool_)
            if body := self.fields.get("body"):
                for term in filters.holding:
                    holding[body.weights(term)[0]] = True
            passing &= holding
        return passing

    def hit(self, place: int, score: float) -> Hit:
        return Hit(id=self.ids[place], article_id=self.article_ids[place], number=int(self.numbers[place]), score=score)


class OkapiEngine:
    """Every unit in memory, read from the stored documents when it is first asked for something.

    Args:
        documents: gives each article's id with its documents as the codec wrote them.
    """

    name = "okapi"

    def __init__(self, documents: Callable[[], Iterator[tuple[str, list[Any]]]]) -> None:
        rows = {unit: _Rows() for unit in _UNITS}
        for article_id, written in documents():
            for row in written:
                rows[_UNITS[row[0]]].add(article_id, row)
        self._blocks = {unit: _Block.of(rows.pop(unit)) for unit in _UNITS}

    def search(
        self,
        unit: Unit,
        terms: Mapping[str, float],
        *,
        boosts: Mapping[str, float],
        filters: Filters | None = None,
        k: int = 10,
    ) -> list[Hit]:
        block = self._blocks[unit]
        scores = np.zeros(len(block.ids))
        found = np.zeros(len(block.ids), np.bool_)
        for name in sorted(boosts):  # always added up in the same order, so that equal documents score equal
            field = block.fields.get(name)
            if field is None:
                continue
            for term in sorted(terms):
                documents, weights = field.weights(term)
                scores[documents] += boosts[name] * terms[term] * weights
                found[documents] = True
        if filters is not None:
            found &= block.passing(filters)
        places = np.flatnonzero(found)
        if len(places) > k > 0:
            least = np.partition(scores[places], len(places) - k)[len(places) - k]
            places = places[scores[places] >= least]
        places = places[np.lexsort((block.order[places], -scores[places]))][: max(0, k)]
        return [block.hit(place, float(scores[place])) for place in places.tolist()]

    def browse(self, unit: Unit, *, filters: Filters, k: int = 10) -> list[Hit]:
        block = self._blocks[unit]
        places = np.flatnonzero(block.passing(filters))
        if len(places) > k > 0:  # only days that can reach the first k are put in order
            least = np.partition(block.days[places], len(places) - k)[len(places) - k]
            places = places[block.days[places] >= least]
        chosen = sorted(
            places.tolist(),
            key=lambda at: (-block.days[at], block.article_ids[at], block.numbers[at], block.order[at]),
        )
        return [block.hit(place, 0.0) for place in chosen[: max(0, k)]]

    def df(self, unit: Unit, field: str, term: str) -> int:
        known = self._blocks[unit].fields.get(field)
        return 0 if known is None else known.df.get(term, 0)

    def count(self, unit: Unit) -> int:
        return len(self._blocks[unit].ids)


class LazyOkapi:
    """The engine of one snapshot: shared with all snapshots of the same change, loaded by whoever asks first."""

    name = "okapi"

    def __init__(self, slot: "OkapiSlot", documents: Callable[[], Iterator[tuple[str, list[Any]]]]) -> None:
        self._slot = slot
        self._documents = documents

    def search(
        self,
        unit: Unit,
        terms: Mapping[str, float],
        *,
        boosts: Mapping[str, float],
        filters: Filters | None = None,
        k: int = 10,
    ) -> list[Hit]:
        return self._slot.engine(self._documents).search(unit, terms, boosts=boosts, filters=filters, k=k)

    def browse(self, unit: Unit, *, filters: Filters, k: int = 10) -> list[Hit]:
        return self._slot.engine(self._documents).browse(unit, filters=filters, k=k)

    def df(self, unit: Unit, field: str, term: str) -> int:
        return self._slot.engine(self._documents).df(unit, field, term)

    def count(self, unit: Unit) -> int:
        return self._slot.engine(self._documents).count(unit)


class OkapiSlot:
    """Where the engine of one change is kept once it was loaded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._engine: OkapiEngine | None = None

    def engine(self, documents: Callable[[], Iterator[tuple[str, list[Any]]]]) -> OkapiEngine:
        with self._lock:
            if self._engine is None:
                self._engine = OkapiEngine(documents)
            return self._engine
