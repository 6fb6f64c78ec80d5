"""Signatures of articles in the register, by day and key, and the groups that copies of one wire story form."""

import base64
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from index.storage.opensearch import bulk
from index.storage.opensearch.layout import REGISTER, clean, key_of
from index.storage.opensearch.reading import NOTHING_STORED, Reading
from index.storage.opensearch.records import Json
from index.storage.records import Signature

_FEWEST_SHARED = 2  # keys
_MOST_NEAR = 40
_MOST_MEMBERS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """An article's signature, and the group that it is in; "" for none."""

    signature: Signature
    group: str = ""

    def fields(self, article_id: str) -> Json:
        """As the register keeps it."""
        return {
            "kind": "signature",
            "id": article_id,
            "signed": self.signature.day,
            "shared": self.signature.keys,
            "wire": self.group,
            "value": base64.b64encode(self.signature.body).decode(),
        }

    @classmethod
    def of(cls, source: Mapping[str, Any]) -> "Signed":
        """What `fields` gave."""
        body = base64.b64decode(source["value"])
        keys = source["shared"]
        return cls(signature=Signature(day=source["signed"], keys=tuple(keys), body=body), group=source["wire"])


class ClusterCopies:
    """The signatures of a change under way.

    Args:
        register: the index they are kept in.
        reading: what was shown before the change, or, of a full change, what was refreshed.
        sequence: of the change.
        write: takes the lines of an entry.
        read: gives signatures by id, also of what is not shown yet.
        stored: tells which of some articles the change would leave stored.
    """

    def __init__(
        self,
        register: str,
        reading: Reading,
        sequence: int,
        write: Callable[[str], None],
        read: Callable[[Iterable[str]], dict[str, Json]],
        stored: Callable[[Collection[str]], set[str]],
    ) -> None:
        self._register = register
        self._reading = reading
        self._sequence = sequence
        self._write = write
        self._read = read
        self._stored = stored
        self._mine: dict[str, Signed | None] = {}  # None: taken out by this change
        self._by_key: defaultdict[int, set[str]] = defaultdict(set)
        self._groups: dict[str, str] = {}  # that articles come with before they are signed
        self._torn: set[str] = set()

    # -------------------------------------------------------------------------------------------------------------
    # The seam

    def sign(self, article_id: str, signature: Signature) -> None:
        article_id = clean(article_id)
        self._keep(article_id, Signed(signature=signature, group=self._groups.get(article_id, "")))

    def signature(self, article_id: str) -> Signature | None:
        article_id = clean(article_id)
        found = self._known([article_id]).get(article_id)
        return None if found is None or not self._stored([article_id]) else found.signature

    def near(self, signature: Signature, *, days: int) -> list[tuple[str, Signature]]:
        first, last = (signature.day - days, signature.day + days) if signature.day else (0, 0)
        least = min(_FEWEST_SHARED, len(signature.keys))
        shares = [{"constant_score": {"filter": {"term": {"shared": key}}, "boost": 1.0}} for key in signature.keys]
        within = [{"term": {"kind": "signature"}}, {"range": {"signed": {"gte": first, "lte": last}}}]
        query = {"bool": {"should": shares, "minimum_should_match": least, "filter": within}}
        body = {"query": query, "size": _MOST_NEAR, "sort": [{"_score": "desc"}, {"id": "asc"}]}
        found: dict[str, tuple[int, Signature]] = {}
        for hit in self._reading.hits(REGISTER, body) if least else ():
            if hit["_source"]["id"] not in self._mine:
                found[hit["_source"]["id"]] = int(hit["sort"][0]), Signed.of(hit["_source"]).signature
        shared = Counter(each for key in signature.keys for each in self._by_key.get(key, ()))
        for article_id, count in shared.items():
            mine = self._mine.get(article_id)
            if mine is not None and count >= least and first <= mine.signature.day <= last:
                found[article_id] = count, mine.signature
        best = sorted(found.items(), key=lambda pair: (-pair[1][0], pair[0]))[:_MOST_NEAR]
        return [(article_id, known) for article_id, (_, known) in best]

    def torn(self) -> frozenset[str]:
        self._stored(())  # so that everything put and taken out so far is looked at
        return frozenset(self._torn)

    def members(self, group: str) -> list[str]:
        group = clean(group)
        if not group:
            return []
        query = {"bool": {"filter": [{"term": {"kind": "signature"}}, {"term": {"wire": group}}]}}
        body = {"query": query, "size": _MOST_MEMBERS, "sort": [{"id": "asc"}]} | NOTHING_STORED
        found = {hit["sort"][0] for hit in self._reading.hits(REGISTER, body)} - self._mine.keys()
        found |= {each for each, mine in self._mine.items() if mine is not None and mine.group == group}
        return sorted(self._stored(found))

    def groups_of(self, article_ids: Collection[str]) -> dict[str, str]:
        there = self._stored([clean(each) for each in article_ids])
        known = self._known(there)
        return {each: known[each].group if each in known else "" for each in there}

    def set_groups(self, groups: Mapping[str, str]) -> None:
        for article_id, signed in self._known([clean(each) for each in groups]).items():
            group = clean(groups[article_id])
            if signed.group != group:
                self._keep(article_id, replace(signed, group=group))

    # -------------------------------------------------------------------------------------------------------------
    # For the writer

    def comes_with(self, article_id: str, group: str) -> None:
        """Takes note of the group of an article that is put; it is signed afterwards, or not at all."""
        self._groups[article_id] = group
        self.goes(article_id)

    def goes(self, article_id: str) -> None:
        """Takes note that what was signed of an article counts no more, though it is not dropped yet."""
        self._let_go(article_id)
        self._mine[article_id] = None

    def drop(self, article_ids: Collection[str]) -> None:
        """Forgets articles that were there before and are taken out or replaced, but for what was signed since."""
        before = {each: Signed.of(source) for each, source in self._read(article_ids).items()}
        for article_id, signed in before.items():
            if signed.group:
                self._torn.add(signed.group)
            if self._mine.get(article_id) is None:
                self._mine[article_id] = None
                self._write(bulk.drop_line(self._register, key_of("signature", article_id), self._sequence))

    def shown(self) -> None:
        """Forgets what this change has signed, because the register tells it from now on."""
        self._mine.clear()
        self._by_key.clear()
        self._groups.clear()

    @property
    def waiting(self) -> int:
        """How many signatures are kept here."""
        return len(self._mine)

    def _keep(self, article_id: str, signed: Signed) -> None:
        self._let_go(article_id)
        self._mine[article_id] = signed
        for key in signed.signature.keys:
            self._by_key[key].add(article_id)
        name = key_of("signature", article_id)
        self._write(bulk.put_line(self._register, name, self._sequence, signed.fields(article_id)))

    def _let_go(self, article_id: str) -> None:
        mine = self._mine.pop(article_id, None)
        for key in mine.signature.keys if mine else ():
            self._by_key[key].discard(article_id)

    def _known(self, article_ids: Iterable[str]) -> dict[str, Signed]:
        wanted = list(article_ids)
        found = {each: mine for each in wanted if (mine := self._mine.get(each)) is not None}
        for article_id, source in self._read(each for each in wanted if each not in self._mine).items():
            found[article_id] = Signed.of(source)
        return found
