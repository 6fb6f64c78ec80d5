"""One change of the library in the cluster: gathered beside what is shown, and shown when it is whole.

A full change goes into a generation of its own as it comes. A small one waits in a file of this machine until
`commit`; then units go in before their articles, so that an article that is there has all its units, and everything is
shown at once by a refresh.
"""

import heapq
import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from index.errors import StoreError
from index.storage.embedded.codec import documents_row, source_row
from index.storage.opensearch import bulk, people
from index.storage.opensearch.connection import Connection
from index.storage.opensearch.copies import ClusterCopies
from index.storage.opensearch.corpus import stream_mentions
from index.storage.opensearch.generations import Generations, State
from index.storage.opensearch.known import Known, known_of
from index.storage.opensearch.layout import REGISTER, clean, index_name, key_of
from index.storage.opensearch.places import Places
from index.storage.opensearch.reading import NOTHING_STORED, Reading
from index.storage.opensearch.records import (
    Json,
    article_fields,
    mention_fields,
    mention_of,
    said_by,
    text_of,
    unit_fields,
)
from index.storage.opensearch.spool import Spool
from index.storage.records import Document, Mention, PersonRow, SourceState, StoredArticle, Unit

log = logging.getLogger(__name__)

_AT_ONCE = 200  # articles that are looked up together
_WITH_FAMILY: Json = {"terms": {"kind": ["mention", "person"]}}
_SIGNED = 2_000  # articles of a full change whose signatures are kept in memory until the register shows them


@dataclass(frozen=True, slots=True, kw_only=True)
class _Put:
    article_id: str
    stored: StoredArticle | None = None  # None: it is taken out
    documents: Sequence[Document] = ()
    families: Mapping[str, str] = field(default_factory=dict)


class ClusterWriter:
    """A change under way.

    Args:
        connection: to the cluster.
        generations: the library's.
        generation: which one is written.
        state: of that generation, or what it will be; its sequence is that of this change.
        finish: called once by `commit` with the state to show it.
        earlier: the generation whose place a full change takes; None for a small change, or where there is none.
        full: whether the generation is new, so that it can be written as it comes.
        shown: whether it answers already.
    """

    def __init__(
        self,
        connection: Connection,
        generations: Generations,
        generation: int,
        state: State,
        finish: Callable[[State], object],
        *,
        earlier: int | None = None,
        full: bool = False,
        shown: bool = True,
    ) -> None:
        self._connection = connection
        self._options = connection.options
        self._generations = generations
        self._generation = generation
        self._finish = finish
        self._earlier = earlier
        self._full = full
        self._register = index_name(self._options, REGISTER, generation)
        self._reading = Reading(connection, state.sequence, held=False, generation=generation)
        self._waiting: dict[str, _Put] = {}
        self._known: dict[str, Known] = {}  # what a small change made of articles
        self._mentions: dict[str, list[Mention]] = {}
        self._people: dict[str, tuple[str, str]] = {}  # family and digest of persons that this change wrote
        self._touched: set[str] = set()
        self._places = Places(generations, generation, state, self._options.period, shown=shown)
        self._spool = Spool(connection)
        self._copies = ClusterCopies(
            self._register, self._reading, state.sequence, self._spool.write, self._signatures, self._there
        )
        self.sequence = state.sequence
        self.committed = False

    # -------------------------------------------------------------------------------------------------------------
    # The seam

    def put(
        self, stored: StoredArticle, documents: Sequence[Document], *, families: Mapping[str, str] | None = None
    ) -> None:
        self._check()
        documents_row(documents)  # refuses what could not be read back
        article_id = clean(stored.article.id)
        self._wait(_Put(article_id=article_id, stored=stored, documents=documents, families=families or {}))
        self._copies.comes_with(article_id, clean(stored.group))
        if self._full and self._copies.waiting >= _SIGNED:
            self._pour()
            self._generations.refresh(self._generation, [REGISTER])
            self._copies.shown()

    def remove(self, article_id: str) -> None:
        self._check()
        self._wait(_Put(article_id=clean(article_id)))
        self._copies.goes(clean(article_id))

    def note_change(self, article_id: str) -> None:
        """For going back: says that this change made the article what it is now, or took it away."""
        self._flush()
        known = self._look_up([article_id]).get(article_id)
        if known is None:
            place = self._places.of(None)
            known = Known(article_id=article_id, sequence=self.sequence, place=place, removed=True)
        self._note(replace(known, sequence=self.sequence))

    def set_sources(self, sources: Sequence[SourceState]) -> None:
        self._check()
        self._keep("sources", "sources", text_of(text_of([source_row(source) for source in sources])))

    def set_meta(self, name: str, value: str) -> None:
        self._check()
        self._keep("meta", f"meta:{name}", text_of(clean(value)))

    def set_people(self, rows: Iterable[PersonRow], *, families: frozenset[str] | None = None) -> None:
        self._check()
        known = {each: digest for each, (family, digest) in self._persons(families) if digest}
        seen: set[str] = set()
        for row in rows:
            fields = people.fields_of(row)
            identity = fields["id"]
            if identity in seen:
                continue
            seen.add(identity)
            if known.get(identity) != fields["digest"]:
                self._spool.write(bulk.put_line(self._register, key_of("person", identity), self.sequence, fields))
                self._people[identity] = fields["family"], fields["digest"]
        for identity in known.keys() - seen:
            self._spool.write(bulk.drop_line(self._register, key_of("person", identity), self.sequence))
            self._people[identity] = "", ""
        self._pour(only_full=True)

    def settle(self) -> None:
        """Nothing takes long that could begin before `commit`."""

    def touched(self) -> frozenset[str]:
        self._flush()
        return frozenset(self._touched)

    def families(self) -> Iterator[str]:
        """Also those of which this change leaves nothing; nobody is told of them."""
        self._show()
        mine = {m.family for each in self._mentions.values() for m in each}
        mine |= {family for family, digest in self._people.values() if digest}
        everyone = heapq.merge(self._reading.values(REGISTER, _WITH_FAMILY, "family"), sorted(mine))
        yield from (family for family, _ in groupby(everyone) if family)

    def mentions(self, *, families: frozenset[str] | None = None) -> Iterator[Mention]:
        self._show()
        if self._full:
            yield from stream_mentions(self._reading, families)
            return
        changed = {known.article_id for known in self._known.values()}
        kept = (m for m in stream_mentions(self._reading, families) if m.article_id not in changed)
        mine = [m for each in self._mentions.values() for m in each if families is None or m.family in families]

        def order(mention: Mention) -> tuple[str, str, str]:
            return ("" if families is None else mention.family, mention.key, mention.article_id)

        yield from heapq.merge(kept, sorted(mine, key=order), key=order)

    def copies(self) -> ClusterCopies:
        return self._copies

    def commit(self) -> int:
        self._check()
        self._flush()
        self._places.make_one()
        if self._earlier is not None:
            self._carry_removals()
        self._pour()
        self._finish(self._places.state)
        self.committed = True
        return self.sequence

    def close(self) -> None:
        """Lets go of what was gathered."""
        self._spool.close()

    # -------------------------------------------------------------------------------------------------------------
    # Articles

    def _wait(self, put: _Put) -> None:
        if put.article_id in self._waiting or len(self._waiting) >= _AT_ONCE:
            self._flush()
        self._waiting[put.article_id] = put

    def _flush(self) -> None:
        """Turns what was put and taken out into lines."""
        waiting, self._waiting = self._waiting, {}
        if not waiting:
            return
        known = self._look_up(waiting)
        self._copies.drop([each for each, found in known.items() if not found.removed])
        earlier = self._look_up(waiting, generation=self._earlier) if self._earlier is not None else known
        for article_id, put in waiting.items():
            before = known.get(article_id)
            if put.stored is not None:
                self._put(put, put.stored, before, earlier.get(article_id))
            elif before is not None and not before.removed:
                self._take_out(before, before.units, before.mentions)
                self._mentions.pop(article_id, None)
                self._note(Known(article_id=article_id, sequence=self.sequence, place=before.place, removed=True))
        self._pour(only_full=True)

    def _put(self, put: _Put, stored: StoredArticle, before: Known | None, earlier: Known | None) -> None:
        place = before.place if before else self._places.of(stored.article.day)
        self._places.make(place)
        units: dict[str, list[str]] = {unit.value: [] for unit in Unit}
        own: Document | None = None
        key = key_of(put.article_id)
        for document in put.documents:
            if document.unit is Unit.ARTICLE:
                own = document
                continue
            end = clean(document.id).removeprefix(put.article_id)
            units[document.unit].append(end)
            name = index_name(self._options, document.unit, self._generation, place)
            self._spool.write(bulk.put_line(name, key + end, self.sequence, unit_fields(document)))
        speakers = mention_fields(stored, put.families)
        for name, fields in speakers.items():
            self._spool.write(bulk.put_line(self._register, name, self.sequence, fields))
        if before is not None:
            gone = {unit: [e for e in ends if e not in set(units[unit])] for unit, ends in before.units.items()}
            self._take_out(
                before,
                gone,
                {name: family for name, family in before.mentions.items() if name not in speakers},
                whole=False,
            )
            self._touched.update(before.mentions.values())
        fields = article_fields(stored, own, self.sequence)
        self._spool.write(
            bulk.put_line(index_name(self._options, Unit.ARTICLE, self._generation, place), key, self.sequence, fields)
        )
        families = {name: each["family"] for name, each in speakers.items()}
        self._touched.update(families.values())
        digest = said_by(fields)
        same = earlier is not None and not earlier.removed and earlier.digest == digest
        self._note(
            Known(
                article_id=put.article_id,
                sequence=earlier.sequence if earlier is not None and same else self.sequence,
                place=place,
                digest=digest,
                units=units,
                mentions=families,
            )
        )
        if not self._full:
            self._mentions[put.article_id] = [mention_of(each) for each in speakers.values()]

    def _take_out(
        self, known: Known, units: Mapping[str, Sequence[str]], mentions: Mapping[str, str], *, whole: bool = True
    ) -> None:
        key = key_of(known.article_id)
        if whole:
            name = index_name(self._options, Unit.ARTICLE, self._generation, known.place)
            self._spool.write(bulk.drop_line(name, key, self.sequence))
        for unit, ends in units.items():
            name = index_name(self._options, unit, self._generation, known.place)
            for end in ends:
                self._spool.write(bulk.drop_line(name, key + end, self.sequence))
        for name, family in mentions.items():
            self._spool.write(bulk.drop_line(self._register, name, self.sequence))
            self._touched.add(family)

    def _note(self, known: Known) -> None:
        line = bulk.put_line(self._register, key_of("change", known.article_id), self.sequence, known.fields())
        self._spool.write(line)
        self._known[known.article_id] = known

    def _look_up(self, article_ids: Iterable[str], generation: int | None = None) -> dict[str, Known]:
        """What became of articles, this change included."""
        wanted = list(article_ids)
        if generation is not None:
            return known_of(self._connection, generation, wanted)
        found = {each: self._known[each] for each in wanted if each in self._known}
        rest = [each for each in wanted if each not in found]
        return found | known_of(self._connection, self._generation, rest)

    def _signatures(self, article_ids: Iterable[str]) -> dict[str, Json]:
        """Signatures as the register has them, also those that are not shown yet."""
        body = {"ids": [key_of("signature", each) for each in article_ids]}
        if not body["ids"]:
            return {}
        answer = self._connection.writing(lambda client: client.mget(index=self._register, body=body))
        return {each["_source"]["id"]: each["_source"] for each in answer["docs"] if each.get("found")}

    def _there(self, article_ids: Collection[str]) -> set[str]:
        """Those of the articles that this change would leave stored."""
        self._flush()
        return {each for each, known in self._look_up(article_ids).items() if not known.removed}

    def _carry_removals(self) -> None:
        """Notes what was removed before, and as removed by this change what it did not put again."""
        earlier = Reading(self._connection, 0, held=False, generation=self._earlier)
        query = {"term": {"kind": "change"}}
        portion: list[Known] = []
        for hit in earlier.stream(REGISTER, query, [{"id": "asc"}]):
            portion.append(Known.of(hit["_source"]))
            if len(portion) >= _AT_ONCE:
                self._carry(portion)
                portion = []
        self._carry(portion)

    def _carry(self, portion: Sequence[Known]) -> None:
        there = self._look_up(known.article_id for known in portion)
        for known in portion:
            if known.article_id not in there:
                sequence = known.sequence if known.removed else self.sequence
                self._note(Known(article_id=known.article_id, sequence=sequence, place=known.place, removed=True))
        self._pour(only_full=True)

    # -------------------------------------------------------------------------------------------------------------

    def _persons(self, families: frozenset[str] | None) -> Iterator[tuple[str, tuple[str, str]]]:
        """The digests of the persons as this change would leave them, by id."""
        if not self._full:
            query: Json = {"bool": {"filter": [{"term": {"kind": "person"}}]}}
            if families is not None:
                query["bool"]["filter"].append({"terms": {"family": sorted(map(clean, families))}})
            told = NOTHING_STORED | {"docvalue_fields": ["digest", "family"]}
            for hit in self._reading.stream(REGISTER, query, [{"id": "asc"}], told, page=5_000):
                if hit["sort"][0] not in self._people:
                    yield hit["sort"][0], (hit["fields"]["family"][0], hit["fields"]["digest"][0])
        for identity, (family, digest) in list(self._people.items()):
            if families is None or family in families:
                yield identity, (family, digest)

    def _show(self) -> None:
        """Makes readable what was put; of a small change that is what the writer knows besides."""
        self._flush()
        if self._full:
            self._pour()
            self._generations.refresh(self._generation, [REGISTER])

    def _keep(self, kind: str, identity: str, value: str) -> None:
        fields = {"kind": kind, "id": identity, "value": value}
        self._spool.write(bulk.put_line(self._register, identity, self.sequence, fields))
        self._pour(only_full=True)

    def _pour(self, *, only_full: bool = False) -> None:
        """Sends what was gathered; a small change is sent as a whole by `commit`."""
        if only_full and not (self._full and self._spool.is_large):
            return
        self._spool.pour()
        if self._full:
            self._known.clear()  # the register tells it from now on

    def _check(self) -> None:
        if self.committed:
            raise StoreError("This change of the library was committed already: open another one.")
