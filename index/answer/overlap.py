"""Sees how much of a question's terms a text holds, without analysing all of the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce
from itertools import pairwise
from operator import or_

from index.answer.reading import Reader
from index.answer.terms import KIN_LETTERS, Terms
from index.text.analyzer import STOP_WORDS, analyze, tokens

_PLAIN = tuple(zip("“”‘’–—…\u00a0", "\"\"''--  ", strict=True))
_REST = re.compile(r"[\w.,']*")
_ALL, _TITLE = -1, -2


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a text holds of a question.

    Attributes:
        terms: of the question's terms and other words for them, those that it holds.
        kin: beginnings of further words that are of one family with a term.
        row: pairs of terms that stand side by side, stop words aside.
    """

    terms: frozenset[str] = frozenset()
    kin: frozenset[str] = frozenset()
    row: frozenset[tuple[str, str]] = frozenset()

    def __or__(self, other: "Held") -> "Held":
        return Held(terms=self.terms | other.terms, kin=self.kin | other.kin, row=self.row | other.row)


NOTHING = Held()


@dataclass(slots=True)
class Overlap:
    """Holds texts of one state of the library against the terms of one question."""

    terms: Terms
    reader: Reader
    _literal: tuple[str, ...] = field(init=False)
    _others: re.Pattern[str] | None = field(init=False)
    _wanted: frozenset[str] = field(init=False)
    _words: dict[str, str] = field(default_factory=dict)
    _held: dict[tuple[str, int], Held] = field(default_factory=dict)
    _shares: dict[tuple[frozenset[str], frozenset[str]], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._wanted = frozenset(self.terms.idf).union(*self.terms.like.values())
        beginnings = {_beginning(term) for term in self._wanted}
        self._literal = tuple(sorted(each for each in beginnings if each.isalpha()))
        others = "|".join(sorted(beginnings.difference(self._literal)))
        self._others = re.compile(others) if others else None

    def share(self, held: Held, *, only: frozenset[str] | None = None) -> float:
        """Share of the topic's informative weight, 0..1; of some of its terms alone, where given and any of them is."""
        key = (held.terms, held.kin)
        if only is not None and not only >= self.terms.idf.keys() and not only.isdisjoint(self.terms.idf):
            return self.terms.covered(*key, only=only)
        if key not in self._shares:
            self._shares[key] = self.terms.covered(*key)
        return self._shares[key]

    def text(self, text: str) -> Held:
        """What any text holds."""
        if not text.isascii():
            for sign, plain in _PLAIN:  # sign by sign: in a long text several times faster than all at once
                text = text.replace(sign, plain)
            text = text if text.isascii() else " ".join(tokens(text))
        found: list[tuple[int, int, str]] = []
        kin = set()
        for start, end in self._places(text):
            word = text[start:end]
            term = self._words.get(word)
            if term is None:
                term = self._words[word] = next(iter(analyze(word)), "")
            if term in self._wanted:
                found.append((start, end, term))
            elif len(term) >= KIN_LETTERS:
                kin.add(term[:KIN_LETTERS])
        row = {(a[2], b[2]) for a, b in pairwise(found) if b[0] - a[1] < 24 and _nothing_between(text[a[1] : b[0]])}
        return Held(terms=frozenset(term for _, _, term in found), kin=frozenset(kin), row=frozenset(row))

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where words stand that may be wanted; looking for each beginning takes a quarter of the time of a pattern."""
        lower = text.lower()  # as long: it is ASCII, or folded
        starts = [match.start() for match in self._others.finditer(lower)] if self._others else []
        for beginning in self._literal:
            start = lower.find(beginning)
            while start >= 0:
                starts.append(start)
                start = lower.find(beginning, start + 1)
        end = 0
        for start in sorted(starts):
            if start >= end and not (start and text[start - 1].isalnum()) and (rest := _REST.match(text, start)):
                end = rest.end()
                yield start, end

    def paragraph(self, article_id: str, number: int) -> Held:
        """What a paragraph holds; nothing when there is none of that number."""
        key = (article_id, number)
        if key not in self._held:
            stored = self.reader.stored(article_id)
            paragraph = stored.article.paragraph(number) if stored and number >= 0 else None
            self._held[key] = self.text(paragraph.text) if paragraph else NOTHING
        return self._held[key]

    def title(self, article_id: str) -> Held:
        """What an article's title holds."""
        key = (article_id, _TITLE)
        if key not in self._held:
            stored = self.reader.stored(article_id)
            self._held[key] = self.text(stored.article.title) if stored else NOTHING
        return self._held[key]

    def around(self, article_id: str, number: int) -> Held:
        """What a paragraph holds together with the two beside it and the title."""
        beside = self.paragraph(article_id, number - 1) | self.paragraph(article_id, number + 1)
        return self.paragraph(article_id, number) | beside | self.title(article_id)

    def article(self, article_id: str) -> Held:
        """What a whole article holds."""
        key = (article_id, _ALL)
        if key not in self._held:
            lines = self.reader.lower(article_id).split("\n")
            plain = "\n".join(line for line in lines if line.isascii())
            self._held[key] = reduce(or_, map(self.text, (plain, *(line for line in lines if not line.isascii()))))
        return self._held[key]


def _beginning(term: str) -> str:
    """A pattern, or plain letters, for the first letters of all words that may have this stem, or be of its family."""
    if term == "usa":
        return r"u\.?s"
    if term[0].isdigit():
        return ",?".join(map(re.escape, term))
    letters = term[: KIN_LETTERS - 1] if len(term) >= KIN_LETTERS - 1 else term
    return re.escape(letters.rstrip("iy") or letters)


def _nothing_between(gap: str) -> bool:
    return all(word in STOP_WORDS for word in gap.lower().replace("-", " ").split() if word.isalpha())
