"""Articles and persons read a moment ago, so that the questions of one conversation do not unpack them again."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any

from index.model import PersonEntry

_PERSONS = 64  # one who is often spoken of has thousands of keys
_KEPT = 64  # articles, about 14 KB each: as bytes, for the garbage collector would look through all that they hold


class Shelf:
    """The articles and persons of one generation that were read last; one that was written again is another one."""

    def __init__(self) -> None:
        self._articles: OrderedDict[str, tuple[int, Sequence[Any], bytes]] = OrderedDict()
        self._persons: OrderedDict[bytes, PersonEntry] = OrderedDict()
        self._lock = threading.Lock()

    def __contains__(self, article_id: str) -> bool:
        """Whether an article is here, as some change wrote it."""
        return article_id in self._articles

    def get(self, article_id: str, sequence: int) -> tuple[Sequence[Any], bytes] | None:
        """The article as that change wrote it: its row, and its text."""
        with self._lock:
            found = self._articles.get(article_id)
            if found is None or found[0] != sequence:
                return None
            self._articles.move_to_end(article_id)
            return found[1:]

    def put(self, article_id: str, sequence: int, row: Sequence[Any], text: bytes) -> None:
        """Keeps an article, and lets go of the one that was not asked for longest."""
        with self._lock:
            self._articles[article_id] = sequence, row, text
            self._articles.move_to_end(article_id)
            if len(self._articles) > _KEPT:
                self._articles.popitem(last=False)

    def person(self, entry: bytes) -> PersonEntry | None:
        """The person that is stored so."""
        with self._lock:
            found = self._persons.get(entry)
            if found is not None:
                self._persons.move_to_end(entry)
            return found

    def put_person(self, entry: bytes, person: PersonEntry) -> None:
        """Keeps a person, and lets go of the one that was not asked for longest."""
        with self._lock:
            self._persons[entry] = person
            if len(self._persons) > _PERSONS:
                self._persons.popitem(last=False)
