"""How persons are found in the cluster: by exact names, beginnings, near spellings and roles, as everywhere else."""

import json
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from index.model import PersonEntry
from index.storage.embedded.names import words_of
from index.storage.opensearch.layout import REGISTER, clean, keyword
from index.storage.opensearch.reading import Reading
from index.storage.opensearch.records import Json, entry_of, person_fields, roles_of
from index.storage.opensearch.spelling import LONGEST, MOST, PERSONS, Alike
from index.storage.records import PersonRow

_REMEMBERED = 2_000  # look-ups and persons kept for a state
_KEYS = 20_000  # of which it is kept whose they are
_MADE, _RECENT = 256, 32  # persons kept as such, and those whose keys are looked through first
_UNKNOWN = object()
_SAME = 1_000  # persons of one name
_HOLDING = 100  # persons whose roles are looked at together


def fields_of(row: PersonRow) -> Json:
    """A person as the register keeps one."""
    names = sorted({clean(name)[:LONGEST] for name in row.names})
    return person_fields(row, sorted({word for name in names for word in words_of(name)}), names)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """What is to be asked of the register: the requests, and the keys that the last of them is for."""

    bodies: tuple[Json, ...] = ()
    keys: tuple[str, ...] = ()


class People:
    """The persons of one state.

    Args:
        reading: the state.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._alike = Alike(reading)
        self._found: dict[str, list[Json]] = {}  # what look-ups found, each person once
        self._persons: dict[str, Json] = {}
        self._of_key: dict[str, Json | None] = {}
        self._made: OrderedDict[str, PersonEntry] = OrderedDict()
        self._recent: OrderedDict[str, PersonEntry] = OrderedDict()
        self._lock = threading.RLock()

    def look_up(self, names: Iterable[str], keys: Iterable[str]) -> LookUp:
        """What is not known yet of persons by their names, and by keys of speakers within articles."""
        bodies = [_asking(_named(name), _SAME) for name in dict.fromkeys(names)]
        new = [body for body in bodies if json.dumps(body) not in self._found]
        unknown = tuple(key for key in dict.fromkeys(keys) if self._known(key) is _UNKNOWN)[:_SAME]
        if unknown:
            new.append(_asking({"terms": {"keys": sorted(map(keyword, unknown))}}, len(unknown)))
        return LookUp(bodies=tuple(new), keys=unknown)

    def learn(self, asked: LookUp, answers: Sequence[Json]) -> None:
        """Keeps what was found."""
        found: list[Json] = []
        for body, answer in zip(asked.bodies, answers, strict=True):
            found = self._remember(json.dumps(body), answer["hits"]["hits"])
        if not asked.keys:
            return
        with self._lock:
            if len(self._of_key) >= _KEYS:
                self._of_key.clear()
            entries = [(source, self._entry(source)) for source in found]
            for key in asked.keys:
                self._of_key[key] = next((source for source, entry in entries if key in entry.keys), None)

    def _known(self, key: str) -> PersonEntry | object | None:
        """Whose a key is as far as is known here; None for nobody's."""
        with self._lock:
            known = self._of_key.get(key, _UNKNOWN)
            if known is not _UNKNOWN:
                return self._entry(known) if isinstance(known, dict) else None
            return next((entry for entry in self._recent.values() if key in entry.keys), _UNKNOWN)

    def person(self, person_id: str) -> PersonEntry | None:
        """One person by id."""
        return next(iter(self._entries({"term": {"id": clean(person_id)}}, 1)), None)

    def person_of(self, key: str) -> PersonEntry | None:
        """The person that a speaker within an article is."""
        known = self._known(key)
        if known is _UNKNOWN:
            asked = self.look_up((), (key,))
            self.learn(asked, [{"hits": {"hits": self._reading.hits(REGISTER, body)}} for body in asked.bodies])
            known = self._known(key)
        return known if isinstance(known, PersonEntry) else None

    def named(self, folded: str) -> tuple[PersonEntry, ...]:
        """Persons with exactly this name, most statements first."""
        return self._entries(_named(folded), _SAME)

    def in_role(self, words: frozenset[str], limit: int) -> tuple[PersonEntry, ...]:
        """Persons one of whose roles holds all the words, most statements first."""
        if not words:
            return ()
        asked = f"{limit} in the role of {sorted(words)}"
        found = self._found.get(asked)
        if found is None:
            found = self._remember(asked, islice(self._holding(frozenset(map(clean, words))), limit))
        return tuple(self._entry(source) for source in found)

    def _holding(self, words: frozenset[str]) -> Iterator[Json]:
        query = {"bool": {"filter": [PERSONS, *({"term": {"role_words": keyword(word)}} for word in words)]}}
        for hit in self._reading.stream(REGISTER, query, MOST, {"_source": _TOLD}, page=_HOLDING):
            if any(words <= role for role in roles_of(hit["_source"])):
                yield hit

    def like(self, folded: str, limit: int) -> tuple[PersonEntry, ...]:
        """Exact words before beginnings before near spellings; within each, most statements first."""
        words = words_of(folded)
        if not words:
            return () if folded.strip() else self._entries({"match_all": {}}, limit)
        found = self._alike.like(words, limit)
        sources = {each: self._persons[each] for each in found if each in self._persons}
        missing = sorted(set(found) - sources.keys())
        if missing:
            sources |= {each["id"]: each for each in self._sources({"terms": {"id": missing}}, len(missing))}
        return tuple(self._entry(sources[each]) for each in found if each in sources)

    def _entries(self, query: Json, limit: int) -> tuple[PersonEntry, ...]:
        found = tuple(self._entry(source) for source in self._sources(query, limit))
        with self._lock:
            for entry in found[:1]:  # whose statements are about to be shown
                self._recent[entry.speaker.id] = entry
                self._recent.move_to_end(entry.speaker.id)
            while len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        return found

    def _entry(self, source: Json) -> PersonEntry:
        """The person, made once while it is asked for: some have thousands of keys."""
        value: str = source["value"]
        with self._lock:
            made = self._made.get(value)
            if made is None:
                made = self._made[value] = entry_of(source)
                if len(self._made) > _MADE:
                    self._made.popitem(last=False)
            return made

    def _sources(self, query: Json | Sequence[Json], limit: int) -> list[Json]:
        body = _asking(query, limit)
        asked = json.dumps(body)
        found = self._found.get(asked)
        if found is None:
            found = self._remember(asked, self._reading.hits(REGISTER, body))
        return list(found)

    def _remember(self, asked: str, hits: Iterable[Json]) -> list[Json]:
        sources = [hit["_source"] for hit in hits]
        with self._lock:
            if len(self._found) >= _REMEMBERED or len(self._persons) >= _REMEMBERED:
                self._found.clear()
                self._persons.clear()
            self._found[asked] = found = [self._persons.setdefault(each["id"], each) for each in sources]
        return found


_TOLD = ["id", "words", "statements", "value"]


def _asking(query: Json | Sequence[Json], limit: int) -> Json:
    queries = [query] if isinstance(query, dict) else query
    return {
        "query": {"bool": {"filter": [PERSONS, *queries]}},
        "sort": MOST,
        "size": min(limit, 10_000),
        "_source": _TOLD,
        "track_total_hits": False,
    }


def _named(folded: str) -> Json:
    return {"term": {"names": keyword(clean(folded)[:LONGEST])}}
