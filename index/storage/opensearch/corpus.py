"""The corpus of one state of the cluster: articles, what became of them, sources, and who is who."""

import json
import logging
import threading
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date
from itertools import islice

from index.errors import DamagedStore
from index.model import Coverage, PersonEntry
from index.storage.embedded.codec import source_of
from index.storage.opensearch.layout import REGISTER, clean, keyword
from index.storage.opensearch.people import People
from index.storage.opensearch.reading import NOTHING_STORED, Reading
from index.storage.opensearch.records import READ_BACK, Json, document_of, mention_of, stored_of
from index.storage.records import Change, Document, Mention, SourceState, StoredArticle, StoredItem, Unit

log = logging.getLogger(__name__)

_AT_ONCE = 200  # articles that one request brings: about a megabyte
_SHELF = 1_000  # articles kept in memory for a state
_OUTLETS = 10_000
_Kept = tuple[Json, str | None]  # fields, as text: the garbage collector would look through all that they hold; group


class ClusterCorpus:
    """One state of the library.

    Args:
        reading: the state.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._people = People(reading)
        self._shelf: OrderedDict[tuple[str, bool], _Kept] = OrderedDict()  # by id and whether with the record
        self._coverage: Coverage | None = None
        self._lock = threading.Lock()

    def sequence(self) -> int:
        return self._reading.sequence

    def article(self, article_id: str) -> StoredArticle | None:
        found = self._articles([clean(article_id)], records=True, strictly=True)
        return found.get(clean(article_id))

    def articles(self, article_ids: Iterable[str], *, records: bool = True) -> dict[str, StoredArticle]:
        return self._articles(list(dict.fromkeys(map(clean, article_ids))), records=records, strictly=False)

    def article_ids(self) -> Iterator[str]:
        for hit in self._reading.stream(Unit.ARTICLE, {"match_all": {}}, [{"article": "asc"}], NOTHING_STORED):
            yield hit["sort"][0]

    def changes(self, since: int) -> Iterator[Change]:
        query = _kind("change", {"range": {"sequence": {"gt": since}}})
        wanted = NOTHING_STORED | {"docvalue_fields": ["removed"]}
        for hit in self._reading.stream(REGISTER, query, [{"sequence": "asc"}, {"id": "asc"}], wanted):
            sequence, article_id = hit["sort"]
            yield Change(article_id=article_id, sequence=sequence, removed=hit["fields"]["removed"][0])

    def items(self, source: str, only: Collection[str] | None = None) -> dict[str, StoredItem]:
        query: Json = {"bool": {"filter": [{"term": {"source": keyword(source)}}]}}
        told = ["item", "article", "raw_hash", "attributor"]
        body = NOTHING_STORED | {"docvalue_fields": told}
        found: dict[str, StoredItem] = {}
        wanted = None if only is None else list(map(clean, only))
        for portion in [None] if wanted is None else _portions(wanted, 10_000):
            narrowed = [] if portion is None else [{"terms": {"item": portion}}]
            asked = {"bool": {"filter": [*query["bool"]["filter"], *narrowed]}}
            for hit in self._reading.stream(Unit.ARTICLE, asked, [{"article": "asc"}], body, page=5_000):
                item, article_id, raw_hash, attributor = (hit["fields"][name][0] for name in told)
                found[item] = StoredItem(article_id=article_id, raw_hash=raw_hash, attributor=attributor)
        return found

    def sources(self) -> tuple[SourceState, ...]:
        value = self._value("sources")
        return () if value is None else tuple(source_of(row) for row in json.loads(value))

    def coverage(self) -> Coverage:
        if self._coverage is None:
            sums = {
                "paragraphs": {"sum": {"field": "paragraphs"}},
                "statements": {"sum": {"field": "statements"}},
                "first": {"min": {"field": "day"}},
                "last": {"max": {"field": "day"}},
                "outlets": {
                    "terms": {"field": "printed", "size": _OUTLETS, "order": [{"_count": "desc"}, {"_key": "asc"}]}
                },
            }
            body = {"size": 0, "track_total_hits": True, "aggs": sums}
            found = self._reading.search(Unit.ARTICLE, body)
            told = found["aggregations"]
            self._coverage = Coverage(
                articles=found["hits"]["total"]["value"],
                paragraphs=int(told["paragraphs"]["value"]),
                statements=int(told["statements"]["value"]),
                speakers=self._reading.count(REGISTER, _kind("person")),
                first_day=_day(told["first"]),
                last_day=_day(told["last"]),
                outlets={each["key"]: each["doc_count"] for each in told["outlets"]["buckets"]},
            )
        return self._coverage

    def mentions(self) -> Iterator[Mention]:
        return stream_mentions(self._reading)

    def person(self, person_id: str) -> PersonEntry | None:
        return self._people.person(person_id)

    def person_of(self, key: str) -> PersonEntry | None:
        return self._people.person_of(key)

    def people_named(self, folded: str) -> tuple[PersonEntry, ...]:
        return self._people.named(folded)

    def people_like(self, folded: str, limit: int = 25) -> tuple[PersonEntry, ...]:
        return self._people.like(folded, limit)

    def people_in_role(self, words: frozenset[str], limit: int = 25) -> tuple[PersonEntry, ...]:
        return self._people.in_role(words, limit)

    def meta(self, name: str) -> str | None:
        return self._value(f"meta:{name}")

    # -------------------------------------------------------------------------------------------------------------

    def metas(self) -> dict[str, str]:
        """For writers: all small values."""
        hits = self._reading.stream(REGISTER, _kind("meta"), [{"id": "asc"}])
        return {hit["_source"]["id"].removeprefix("meta:"): json.loads(hit["_source"]["value"]) for hit in hits}

    def documents(self, article_ids: Collection[str]) -> dict[str, list[Document]]:
        """For writers: the units of these articles."""
        found: dict[str, list[Document]] = {each: [] for each in article_ids}
        for unit in Unit:
            query = {"terms": {"article": sorted(found)}}
            for hit in self._reading.stream(unit, query, [{"article": "asc"}, {"number": "asc"}, {"id": "asc"}]):
                document = document_of(unit, hit["_source"])
                found[document.article_id].append(document)
        return found

    def _value(self, identity: str) -> str | None:
        query = {"bool": {"filter": [{"terms": {"kind": ["meta", "sources"]}}, {"term": {"id": identity}}]}}
        hits = self._reading.hits(REGISTER, {"query": query, "size": 1})
        value: str | None = json.loads(hits[0]["_source"]["value"]) if hits else None
        return value

    def read_ahead(self, articles: Iterable[str], names: Iterable[str], keys: Iterable[str]) -> None:
        """Fetches on one way there and back what is about to be asked for one by one."""
        wanted = list(dict.fromkeys(map(clean, articles)))
        missing = [each for each in wanted if each not in self._on_shelf(wanted, records=False)][:_AT_ONCE]
        look_up = self._people.look_up(names, keys)
        asked = _asking(missing, records=False) if missing else []
        answers = self._reading.searches([*asked, *((REGISTER, body) for body in look_up.bodies)])
        if missing:
            self._put_on_shelf(answers[: len(asked)], records=False)
        self._people.learn(look_up, answers[len(asked) :])

    def _articles(self, article_ids: list[str], *, records: bool, strictly: bool) -> dict[str, StoredArticle]:
        there = self._on_shelf(article_ids, records=records)
        for portion in _portions([each for each in article_ids if each not in there], _AT_ONCE):
            there |= self._put_on_shelf(self._reading.searches(_asking(portion, records=records)), records=records)
        found: dict[str, StoredArticle] = {}
        for article_id in (each for each in article_ids if each in there):
            try:
                found[article_id] = stored_of(*there[article_id])
            except (ValueError, LookupError, TypeError) as error:
                words = f"Article {article_id} is damaged in the store: run `onrecord reindex --full` to write it anew."
                if strictly:
                    raise DamagedStore(words) from error
                log.warning("An article is left out: %s", words)
        return found

    def _on_shelf(self, article_ids: list[str], *, records: bool) -> dict[str, _Kept]:
        kinds = (True,) if records else (True, False)  # with its record an article serves those who want none, too
        with self._lock:
            return {
                each: self._shelf[each, kind] for kind in kinds for each in article_ids if (each, kind) in self._shelf
            }

    def _put_on_shelf(self, answers: Sequence[Json], *, records: bool) -> dict[str, _Kept]:
        """What came of articles, by id."""
        articles, signed = answers
        told = [hit["fields"] for hit in signed["hits"]["hits"]]
        groups = {each["id"][0]: each["wire"][0] for each in told}
        sources = [hit["_source"] for hit in articles["hits"]["hits"]]
        came = {source["article"]: (source, groups.get(source["article"])) for source in sources}
        with self._lock:
            for article_id, kept in came.items():
                self._shelf[article_id, records] = kept
            while len(self._shelf) > _SHELF:
                self._shelf.popitem(last=False)
        return came


def _asking(article_ids: list[str], *, records: bool) -> list[tuple[str, Json]]:
    """Asks for articles and for the groups that they are in."""
    body: Json = {
        "query": {"terms": {"article": article_ids}},
        "size": len(article_ids),
        "_source": [*READ_BACK, "raw"] if records else READ_BACK,
        "track_total_hits": False,
    }
    return [(Unit.ARTICLE, body), (REGISTER, _groups(article_ids))]


def _groups(article_ids: list[str]) -> Json:
    """Asks to which group of wire copies articles belong, of those that are signed."""
    return NOTHING_STORED | {
        "query": _kind("signature", {"terms": {"id": article_ids}}),
        "size": len(article_ids),
        "docvalue_fields": ["id", "wire"],
        "track_total_hits": False,
    }


def stream_mentions(reading: Reading, families: frozenset[str] | None = None) -> Iterator[Mention]:
    """Every speaker within every article, by key; of some families, family by family, where given."""
    order = [{"id": "asc"}, {"article": "asc"}]
    if families is None:
        hits = reading.stream(REGISTER, _kind("mention"), order, page=5_000)
    else:
        query = _kind("mention", {"terms": {"family": sorted(map(clean, families))}})
        hits = reading.stream(REGISTER, query, [{"family": "asc"}, *order], page=5_000)
    return (mention_of(hit["_source"]) for hit in hits)


def _kind(kind: str, *more: Json) -> Json:
    return {"bool": {"filter": [{"term": {"kind": kind}}, *more]}}


def _portions(values: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(values)
    while portion := list(islice(rest, size)):
        yield portion


def _day(aggregated: Json) -> date | None:
    return None if aggregated.get("value") is None else date.fromisoformat(aggregated["value_as_string"])
