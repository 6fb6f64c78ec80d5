"""Reads candidates back within one consistent state: articles, paragraphs with their terms, quotes, persons."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from index.answer.evidence import Evidence
from index.answer.terms import kin_of
from index.model import Paragraph, Quote, Speaker
from index.people.roles import common_form
from index.storage.base import Corpus, StoredArticle
from index.text.analyzer import analyze, tokens


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """The terms that a text holds, and their beginnings."""

    terms: frozenset[str]
    kin: frozenset[str]

    @classmethod
    def of(cls, text: str) -> "Held":
        terms = frozenset(analyze(text))
        return cls(terms=terms, kin=kin_of(terms))

    def __or__(self, other: "Held") -> "Held":
        return Held(terms=self.terms | other.terms, kin=self.kin | other.kin)


NOTHING_HELD = Held(terms=frozenset(), kin=frozenset())


@dataclass(slots=True)
class Reader:
    """Reads candidates back within one snapshot, each article and each person once."""

    corpus: Corpus
    _stored: dict[str, StoredArticle] = field(default_factory=dict)
    _persons: dict[str, Speaker] = field(default_factory=dict)
    _words: dict[str, frozenset[str]] = field(default_factory=dict)
    _tokens: dict[str, list[list[str]]] = field(default_factory=dict)
    _held: dict[tuple[str, int], Held] = field(default_factory=dict)

    def read(self, article_ids: Iterable[str]) -> None:
        """Fetches articles together, before they are asked for one by one."""
        missing = [i for i in dict.fromkeys(article_ids) if i not in self._stored]
        if missing:
            self._stored.update(self.corpus.articles(missing))

    def stored(self, article_id: str) -> StoredArticle | None:
        """An article, or None when it is gone."""
        self.read((article_id,))
        return self._stored.get(article_id)

    def paragraph(self, candidate: Candidate) -> Paragraph | None:
        """The candidate's paragraph, or None when it is gone."""
        stored = self.stored(candidate.article_id)
        return stored.article.paragraph(candidate.number) if stored else None

    def held(self, article_id: str, number: int) -> Held:
        """The terms of a paragraph; nothing when there is none of that number."""
        key = (article_id, number)
        if key not in self._held:
            stored = self.stored(article_id)
            paragraph = stored.article.paragraph(number) if stored else None
            self._held[key] = Held.of(paragraph.text) if paragraph else NOTHING_HELD
        return self._held[key]

    def headline(self, stored: StoredArticle) -> Held:
        """The terms of an article's title."""
        key = (stored.article.id, -1)
        if key not in self._held:
            self._held[key] = Held.of(stored.article.title)
        return self._held[key]

    def whole(self, article_id: str) -> Held:
        """The terms of a whole article."""
        key = (article_id, -2)
        if key not in self._held:
            stored = self.stored(article_id)
            paragraphs = stored.article.paragraphs if stored else ()
            held = [self.held(article_id, p.number) for p in paragraphs]
            terms = frozenset().union(*(h.terms for h in held))
            self._held[key] = Held(terms=terms, kin=frozenset().union(*(h.kin for h in held)))
        return self._held[key]

    def article_terms(self, stored: StoredArticle) -> frozenset[str]:
        """The terms of a whole article, places in one form."""
        article_id = stored.article.id
        if article_id not in self._words:
            words = {word for paragraph in self.words(stored) for word in paragraph}
            self._words[article_id] = frozenset(common_form(word) for word in words)
        return self._words[article_id]

    def words(self, stored: StoredArticle) -> list[list[str]]:
        """The folded words of each paragraph."""
        article_id = stored.article.id
        if article_id not in self._tokens:
            self._tokens[article_id] = [tokens(p.text) for p in stored.article.paragraphs]
        return self._tokens[article_id]

    def quotes(self, candidate: Candidate) -> list[Quote]:
        """The quotes that make it a candidate, best first."""
        stored = self.stored(candidate.article_id)
        return [stored.quotes[k] for k in candidate.statements if k < len(stored.quotes)] if stored else []

    def person(self, speaker: Speaker) -> Speaker:
        """The speaker under the fullest name that the corpus knows, in the role that this article prints."""
        if speaker.id not in self._persons:
            entry = self.corpus.person_of(speaker.id)
            known = entry.speaker if entry else speaker
            self._persons[speaker.id] = replace(known, role=speaker.role or known.role)
        return self._persons[speaker.id]
