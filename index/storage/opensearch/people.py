"""How persons are found in the cluster: by exact names, beginnings, near spellings and roles, as everywhere else."""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from index.model import PersonEntry
from index.storage.base import PersonRow
from index.storage.embedded.names import words_of
from index.storage.opensearch.layout import REGISTER, clean, keyword
from index.storage.opensearch.reading import Reading
from index.storage.opensearch.records import Json, entry_of, person_fields, roles_of

_MOST = [{"statements": "desc"}, {"id": "asc"}]
_LONGEST = 200  # code points of a name that are looked at
_REMEMBERED = 2_000  # look-ups and persons kept for a state
_KEYS, _RECENT = 20_000, 32  # keys of which it is kept whose they are, and persons whose keys are looked through first
_UNKNOWN = object()
_CANDIDATES = 1_000  # persons whose names are compared letter by letter


def fields_of(row: PersonRow) -> Json:
    """A person as the register keeps one."""
    names = sorted({clean(name)[:_LONGEST] for name in row.names})
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
        self._found: dict[str, list[Json]] = {}  # what look-ups found, each person once
        self._persons: dict[str, Json] = {}
        self._of_key: dict[str, PersonEntry | None] = {}
        self._recent: OrderedDict[str, PersonEntry] = OrderedDict()
        self._lock = threading.Lock()

    def look_up(self, names: Iterable[str], keys: Iterable[str]) -> LookUp:
        """What is not known yet of persons by their names, and by keys of speakers within articles."""
        bodies = [_asking(_named(name), _CANDIDATES) for name in dict.fromkeys(names)]
        new = [body for body in bodies if json.dumps(body) not in self._found]
        unknown = tuple(key for key in dict.fromkeys(keys) if self._known(key) is _UNKNOWN)[:_CANDIDATES]
        if unknown:
            new.append(_asking({"terms": {"keys": sorted(map(keyword, unknown))}}, len(unknown)))
        return LookUp(bodies=tuple(new), keys=unknown)

    def learn(self, asked: LookUp, answers: Sequence[Json]) -> None:
        """Keeps what was found."""
        found: list[Json] = []
        for body, answer in zip(asked.bodies, answers, strict=True):
            found = self._remember(body, answer["hits"]["hits"])
        if not asked.keys:
            return
        with self._lock:
            if len(self._of_key) >= _KEYS:
                self._of_key.clear()
            entries = [_entry(source) for source in found]
            for key in asked.keys:
                self._of_key[key] = next((entry for entry in entries if key in entry.keys), None)

    def _known(self, key: str) -> PersonEntry | object | None:
        """Whose a key is as far as is known here; None for nobody's."""
        with self._lock:
            known = self._of_key.get(key, _UNKNOWN)
            if known is not _UNKNOWN:
                return known
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
        return self._entries(_named(folded), _CANDIDATES)

    def in_role(self, words: frozenset[str], limit: int) -> tuple[PersonEntry, ...]:
        """Persons one of whose roles holds all the words, most statements first."""
        if not words:
            return ()
        wanted = frozenset(clean(word) for word in words)
        query = {"bool": {"filter": [_PERSONS, *({"term": {"role_words": keyword(word)}} for word in wanted)]}}
        found: list[PersonEntry] = []
        for hit in self._reading.stream(REGISTER, query, _MOST, {"_source": ["value"]}, page=max(100, limit)):
            if any(wanted <= role for role in roles_of(hit["_source"])):
                found.append(_entry(hit["_source"]))
                if len(found) >= limit:
                    break
        return tuple(found)

    def like(self, folded: str, limit: int) -> tuple[PersonEntry, ...]:
        """Exact words before beginnings before near spellings; within each, most statements first."""
        words = words_of(folded)
        if not words:
            return () if folded.strip() else self._entries({"match_all": {}}, limit)
        found = self._with_word(words[0], limit) if len(words) == 1 else self._with_words(words, limit)
        for word in () if found or len(words) == 1 else (words[-1], words[0]):
            found = found or self._with_word(word, limit)
        return tuple(_entry(source) for source in found)

    def _with_word(self, word: str, limit: int) -> list[Json]:
        self._ask_ahead(
            ({"term": {"words": word}}, limit), ({"prefix": {"words": word}}, 2 * limit), (_fuzzy(word), _CANDIDATES)
        )
        found = self._sources({"term": {"words": word}}, limit)
        if len(found) < limit:
            known = {source["id"] for source in found}
            begun = self._sources({"prefix": {"words": word}}, 2 * limit)
            found += [source for source in begun if source["id"] not in known][: limit - len(found)]
        if found:
            return found
        near = _nearness(word)
        best = [(near(source["words"]), source) for source in self._sources(_fuzzy(word), _CANDIDATES)]
        return [source for (distance, _), source in sorted(best, key=_nearest) if distance][:limit]

    def _with_words(self, words: Sequence[str], limit: int) -> list[Json]:
        searched = [word for word in words[:6] if len(word) >= 2]
        if not searched:
            return []
        self._ask_ahead(*((_begins(word), 1) for word in searched))
        known = [bool(self._sources(_begins(word), 1)) for word in searched]
        exact = [_begins(word) if is_known else _fuzzy(word) for word, is_known in zip(searched, known, strict=True)]
        found = self._best(searched, self._sources(exact, _CANDIDATES), limit)
        if not found and all(known):  # words that exist, though nobody bears them together
            either = [{"bool": {"should": [_begins(word), _fuzzy(word)]}} for word in searched]
            found = self._best(searched, self._sources(either, _CANDIDATES), limit)
        return found

    @staticmethod
    def _best(searched: Sequence[str], sources: Iterable[Json], limit: int) -> list[Json]:
        """Those with the nearest words first, then most statements."""

        def score(source: Json) -> float:
            return sum(max(_likeness(word, other) for other in source["words"]) for word in searched)

        scored = [(-score(source), source) for source in sources]
        scored.sort(key=lambda pair: (pair[0], -pair[1]["statements"], pair[1]["id"]))
        return [source for _, source in scored[:limit]]

    def _entries(self, query: Json, limit: int) -> tuple[PersonEntry, ...]:
        found = tuple(_entry(source) for source in self._sources(query, limit))
        with self._lock:
            for entry in found[:1]:  # whose statements are about to be shown
                self._recent[entry.speaker.id] = entry
                self._recent.move_to_end(entry.speaker.id)
            while len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        return found

    def _sources(self, query: Json | Sequence[Json], limit: int) -> list[Json]:
        body = _asking(query, limit)
        found = self._found.get(json.dumps(body))
        if found is None:
            found = self._remember(body, self._reading.hits(REGISTER, body))
        return list(found)

    def _ask_ahead(self, *asked: tuple[Json, int]) -> None:
        """Asks together what is about to be asked one after the other."""
        bodies = [_asking(query, limit) for query, limit in asked if query != _NOBODY]
        new = [body for body in bodies if json.dumps(body) not in self._found]
        if len(new) > 1:
            answers = self._reading.searches([(REGISTER, body) for body in new])
            for body, answer in zip(new, answers, strict=True):
                self._remember(body, answer["hits"]["hits"])

    def _remember(self, body: Json, hits: Sequence[Json]) -> list[Json]:
        with self._lock:
            if len(self._found) >= _REMEMBERED or len(self._persons) >= _REMEMBERED:
                self._found.clear()
                self._persons.clear()
            found = [self._persons.setdefault(hit["_source"]["id"], hit["_source"]) for hit in hits]
            self._found[json.dumps(body)] = found
        return found


def _entry(source: Json) -> PersonEntry:
    """The person, made once: some have thousands of keys."""
    if "entry" not in source:
        source["entry"] = entry_of(source)
    entry: PersonEntry = source["entry"]
    return entry


_PERSONS: Json = {"term": {"kind": "person"}}
_NOBODY: Json = {"match_none": {}}


def _asking(query: Json | Sequence[Json], limit: int) -> Json:
    queries = [query] if isinstance(query, dict) else query
    return {
        "query": {"bool": {"filter": [_PERSONS, *queries]}},
        "sort": _MOST,
        "size": min(limit, 10_000),
        "_source": ["id", "words", "statements", "value"],
        "track_total_hits": False,
    }


def _named(folded: str) -> Json:
    return {"term": {"names": keyword(clean(folded)[:_LONGEST])}}


def _begins(word: str) -> Json:
    return {"prefix": {"words": word}}


def _allowed(word: str) -> int:
    """Edits that a word of this length is forgiven."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2


def _fuzzy(word: str) -> Json:
    if not _allowed(word) or len(word) > _LONGEST:
        return _NOBODY
    near = {"value": word, "fuzziness": _allowed(word), "transpositions": True, "max_expansions": 200}
    return {"fuzzy": {"words": near}}


def _nearness(word: str) -> Callable[[Sequence[str]], tuple[int, str]]:
    """Gives the edits to the nearest of some words, and that word; 0 edits when none is near."""
    allowed = _allowed(word)

    def nearest(others: Sequence[str]) -> tuple[int, str]:
        near = [(OSA.distance(word, other, score_cutoff=allowed), other) for other in others]
        return min(((distance, other) for distance, other in near if 0 < distance <= allowed), default=(0, ""))

    return nearest


def _nearest(pair: tuple[tuple[int, str], Json]) -> tuple[object, ...]:
    near, source = pair
    return (*near, -source["statements"], source["id"])


def _likeness(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if other.startswith(word):
        return 0.97
    allowed = _allowed(word)
    distance = OSA.distance(word, other, score_cutoff=allowed)
    return 1.0 - distance / 10 if distance <= allowed else 0.0
