"""Reads candidates back within one consistent state: articles, paragraphs with their terms, quotes, persons."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from index.answer.evidence import Evidence
from index.model import Paragraph, Quote, Speaker
from index.people.roles import is_role, place_forms
from index.storage.ahead import read_ahead
from index.storage.base import Corpus
from index.storage.records import StoredArticle
from index.text.analyzer import fold, tokens

_STOPS = re.compile("[.,']")  # which folded words have no more
_POSSESSIVE = re.compile(r"(?:his|her|their|its|my|our|your)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paragraph that may answer.

    Attributes:
        statements: indexes of the article's quotes that answer, best first.
        written: the article is by the one asked about.
        evidence: what speaks for it, once it was ranked.
    """

    article_id: str
    number: int
    score: float
    statements: tuple[int, ...] = ()
    written: bool = False
    evidence: Evidence | None = None

    @property
    def place(self) -> tuple[str, int]:
        """The article and the paragraph's number."""
        return self.article_id, self.number


class Words:
    """A text and its folded words, which are parted when one that may be among them is looked for.

    Args:
        text: any.
    """

    __slots__ = ("_letters", "_text", "_words")

    def __init__(self, text: str) -> None:
        self._text = text
        self._letters = _STOPS.sub("", fold(text))
        self._words: list[str] | None = None

    def may_hold(self, word: str) -> bool:
        """Whether a folded word can be among them."""
        return word in self._letters or word == "usa"  # as which "US" is read

    def hold(self, words: Collection[str]) -> bool:
        """Whether any of these folded words is among them."""
        return any(map(self.may_hold, words)) and not frozenset(words).isdisjoint(self.all)

    @property
    def all(self) -> list[str]:
        """They in order."""
        if self._words is None:
            self._words = tokens(self._text)
        return self._words


def _tells(role: str) -> bool:
    """Whether a printed role says by itself what somebody is: "his combative former manager" doesn't."""
    return is_role(role) and not _POSSESSIVE.match(role)


@dataclass(slots=True)
class Reader:
    """Reads candidates back within one snapshot, each article and each person once."""

    corpus: Corpus
    _stored: dict[str, StoredArticle] = field(default_factory=dict)
    _persons: dict[str, Speaker] = field(default_factory=dict)
    _lower: dict[str, str] = field(default_factory=dict)

    def read(self, article_ids: Iterable[str]) -> None:
        """Fetches articles together, before they are asked for one by one."""
        missing = [i for i in dict.fromkeys(article_ids) if i not in self._stored]
        if missing:
            self._stored.update(self.corpus.articles(missing, records=False))

    def read_together(self, candidates: Iterable[Candidate]) -> None:
        """Fetches the candidates' articles together, where the corpus is far away."""
        read_ahead(self.corpus, articles=(c.article_id for c in candidates))

    def read_speakers(self, candidates: Iterable[Candidate]) -> None:
        """Fetches together whoever speaks in the candidates' paragraphs, where the corpus is far away."""
        stored = ((self.stored(c.article_id), c.number) for c in candidates)
        quotes = (quote for each, number in stored if each for quote in each.quotes_within(number))
        read_ahead(self.corpus, keys=(speaker.id for quote in quotes for speaker in quote.speakers))

    def stored(self, article_id: str) -> StoredArticle | None:
        """An article, or None when it is gone."""
        if article_id not in self._stored:
            self.read((article_id,))
        return self._stored.get(article_id)

    def paragraph(self, candidate: Candidate) -> Paragraph | None:
        """The candidate's paragraph, or None when it is gone."""
        stored = self.stored(candidate.article_id)
        return stored.article.paragraph(candidate.number) if stored else None

    def lower(self, article_id: str) -> str:
        """All text of an article in lower case."""
        if article_id not in self._lower:
            stored = self.stored(article_id)
            self._lower[article_id] = "\n".join(stored.texts() if stored else ()).lower()
        return self._lower[article_id]

    def mentions(self, article_id: str, word: str) -> bool:
        """Whether an article has a word that begins so, or that a place of that name goes by."""
        text = self.lower(article_id)
        return any(re.search(rf"\b{re.escape(form)}", text) for form in place_forms(word))

    def quotes(self, candidate: Candidate) -> list[Quote]:
        """The quotes that make it a candidate, best first."""
        stored = self.stored(candidate.article_id)
        return [stored.quotes[k] for k in candidate.statements if k < len(stored.quotes)] if stored else []

    def person(self, speaker: Speaker) -> Speaker:
        """The speaker under the fullest name that the corpus knows, in the role that this article prints."""
        if speaker.id not in self._persons:
            entry = self.corpus.person_of(speaker.id)
            known = entry.speaker if entry else speaker
            role = speaker.role if speaker.role and _tells(speaker.role) else known.role
            self._persons[speaker.id] = replace(known, role=role)
        return self._persons[speaker.id]
