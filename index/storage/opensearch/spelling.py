"""Finds persons by how their names are spelt: words, beginnings, and what was nearly typed so."""

import json
import threading
from collections.abc import Callable, Iterable, Sequence

from rapidfuzz.distance import OSA

from index.storage.opensearch.layout import REGISTER
from index.storage.opensearch.reading import NOTHING_STORED, Reading
from index.storage.opensearch.records import Json

PERSONS: Json = {"term": {"kind": "person"}}
MOST = [{"statements": "desc"}, {"id": "asc"}]
LONGEST = 200  # code points of a name that are looked at
_REMEMBERED = 200  # look-ups kept for a state
_CANDIDATES = 1_000  # persons whose names are compared letter by letter
_NOBODY: Json = {"match_none": {}}


class Alike:
    """The names of the persons of one state.

    Args:
        reading: the state.
    """

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._found: dict[str, list[Json]] = {}
        self._lock = threading.Lock()

    def like(self, words: Sequence[str], limit: int) -> list[str]:
        """The ids of those whose names are like these words, nearest first, then most statements."""
        found = self._with_word(words[0], limit) if len(words) == 1 else self._with_words(words, limit)
        for word in () if found or len(words) == 1 else (words[-1], words[0]):
            found = found or self._with_word(word, limit)
        return [person["id"] for person in found]

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

    def _sources(self, query: Json | Sequence[Json], limit: int) -> list[Json]:
        body = _asking(query, limit)
        asked = json.dumps(body)
        found = self._found.get(asked)
        if found is None:
            found = self._remember(asked, self._reading.hits(REGISTER, body))
        return list(found)

    def _ask_ahead(self, *asked: tuple[Json, int]) -> None:
        """Asks together what is about to be asked one after the other."""
        bodies = [_asking(query, limit) for query, limit in asked if query != _NOBODY]
        new = [body for body in bodies if json.dumps(body) not in self._found]
        if len(new) > 1:
            answers = self._reading.searches([(REGISTER, body) for body in new])
            for body, answer in zip(new, answers, strict=True):
                self._remember(json.dumps(body), answer["hits"]["hits"])

    def _remember(self, asked: str, hits: Iterable[Json]) -> list[Json]:
        found = [{"id": hit["sort"][1], "statements": hit["sort"][0], "words": hit["fields"]["words"]} for hit in hits]
        with self._lock:
            if len(self._found) >= _REMEMBERED:
                self._found.clear()
            self._found[asked] = found
        return found


def _asking(query: Json | Sequence[Json], limit: int) -> Json:
    """For names alone: all that is stored of a person may be large."""
    queries = [query] if isinstance(query, dict) else query
    return NOTHING_STORED | {
        "query": {"bool": {"filter": [PERSONS, *queries]}},
        "sort": MOST,
        "size": min(limit, 10_000),
        "docvalue_fields": ["words"],
        "track_total_hits": False,
    }


def _begins(word: str) -> Json:
    return {"prefix": {"words": word}}


def _allowed(word: str) -> int:
    """Edits that a word of this length is forgiven."""
    return 0 if len(word) < 4 else 1 if len(word) < 6 else 2


def _fuzzy(word: str) -> Json:
    if not _allowed(word) or len(word) > LONGEST:
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
