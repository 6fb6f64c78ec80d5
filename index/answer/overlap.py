"""Sees how much of a question's terms a text holds, without analysing all of the text."""

import re
from dataclasses import dataclass, field
from itertools import pairwise

from index.answer.reading import Reader
from index.answer.terms import KIN_LETTERS, Terms
from index.text.analyzer import STOP_WORDS, analyze, tokens

_PLAIN = tuple(zip("“”‘’–—…\u00a0", "\"\"''--  ", strict=True))
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
    _pattern: re.Pattern[str] = field(init=False)
    _wanted: frozenset[str] = field(init=False)
    _words: dict[str, str] = field(default_factory=dict)
    _held: dict[tuple[str, int], Held] = field(default_factory=dict)
    _shares: dict[tuple[frozenset[str], frozenset[str]], float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._wanted = frozenset(self.terms.idf).union(*self.terms.like.values())
        beginnings = sorted({_beginning(term) for term in self._wanted})
        self._pattern = re.compile(rf"(?<![^\W_])(?:{'|'.join(beginnings) or '(?!)'})[\w.,']*", re.IGNORECASE)

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
        for match in self._pattern.finditer(text):
            word = match.group()
            term = self._words.get(word)
            if term is None:
                term = self._words[word] = next(iter(analyze(word)), "")
            if term in self._wanted:
                found.append((match.start(), match.end(), term))
            elif len(term) >= KIN_LETTERS:
                kin.add(term[:KIN_LETTERS])
        row = {(a[2], b[2]) for a, b in pairwise(found) if b[0] - a[1] < 24 and _nothing_between(text[a[1] : b[0]])}
        return Held(terms=frozenset(term for _, _, term in found), kin=frozenset(kin), row=frozenset(row))

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
            self._held[key] = self.text(self.reader.lower(article_id))
        return self._held[key]


def _beginning(term: str) -> str:
    """A pattern for the first letters of all words that may have this stem, or be of its family."""
    if term == "usa":
        return r"u\.?s"
    if term[0].isdigit():
        return ",?".join(map(re.escape, term))
    letters = term[: KIN_LETTERS - 1] if len(term) >= KIN_LETTERS - 1 else term
    return re.escape(letters.rstrip("iy") or letters)


def _nothing_between(gap: str) -> bool:
    return all(word in STOP_WORDS for word in gap.lower().replace("-", " ").split() if word.isalpha())
