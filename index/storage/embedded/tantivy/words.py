"""What one article's documents hold, as an index of tantivy takes it."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from index.storage.embedded.keys import short_of
from index.storage.embedded.names import clean
from index.storage.embedded.tantivy.shape import word_of


class Words:
    """The words of one article's documents as an index takes them: the same ones stand in many of its documents.

    Args:
        article_id: the article's.
        documents: which are kept in memory meanwhile, so that what is the same can be told without comparing it.
    """

    def __init__(self, article_id: str, documents: Sequence[Sequence[Any]]) -> None:
        self._article_id = article_id
        self._documents = documents
        self._joined: dict[int, str] = {}
        self._clean: dict[str, str] = {}
        self._short: dict[str, str] = {}

    def joined(self, terms: str | Sequence[str]) -> str:
        """The terms of a field, parted by blanks alone."""
        found = self._joined.get(id(terms))
        if found is None:
            found = self._joined[id(terms)] = _joined(terms)
        return found

    def clean(self, text: str) -> str:
        """A text as an index can take it."""
        found = self._clean.get(text)
        if found is None:
            found = self._clean[text] = clean(text)
        return found

    def shorts(self, speakers: Iterable[str]) -> set[str]:
        """Speakers' keys in as few letters as it takes."""
        found = set()
        for key in speakers:
            short = self._short.get(key)
            if short is None:
                short = self._short[key] = short_of(self._article_id, self.clean(key))
            found.add(short)
        return found


def _joined(terms: str | Sequence[str]) -> str:
    if not isinstance(terms, str):
        terms = " ".join(word_of(term) for term in terms if term)
    terms = clean(terms)
    return terms if terms.isprintable() else re.sub("[\t\n\f\r]", "\u2420", terms)


@lru_cache(maxsize=1_000)
def ordinal(day: str) -> int:
    """The number of an ISO day."""
    return date.fromisoformat(day).toordinal()
