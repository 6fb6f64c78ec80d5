"""Candidates become passages: paragraphs read back from the store, every span found again before anything is shown."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from index.answer.citations import card, cite
from index.model import Article, ArticleCard, Paragraph, Passage, Quote, Speaker
from index.storage.base import Corpus, StoredArticle
from index.text.analyzer import tokens

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A paragraph that may answer.

    Attributes:
        statements: indexes of the article's quotes that answer, best first.
    """

    article_id: str
    number: int
    score: float
    statements: tuple[int, ...] = ()


@dataclass(slots=True)
class Reader:
    """Reads candidates back within one snapshot, each article and each person once."""

    corpus: Corpus
    _stored: dict[str, StoredArticle] = field(default_factory=dict)
    _persons: dict[str, Speaker] = field(default_factory=dict)

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

    def passage(self, candidate: Candidate, also_in: Sequence[ArticleCard] = ()) -> Passage | None:
        """The passage, or None (and a line in the log) when its text is no longer what was indexed."""
        stored = self.stored(candidate.article_id)
        paragraph = self.paragraph(candidate)
        if stored is None or paragraph is None:
            log.warning("withheld %s#%d: it is not in the store", candidate.article_id, candidate.number)
            return None
        answering = [stored.quotes[k] for k in candidate.statements if k < len(stored.quotes)]
        true = [q for q in answering if is_true(stored.article, q)]
        if len(true) < len(answering) or len(answering) < len(candidate.statements):
            log.warning("withheld %s#%d: its words were not found again", candidate.article_id, candidate.number)
        if candidate.statements and not true:
            return None
        others = [
            q
            for q in stored.quotes
            if q not in answering
            and not q.attitude
            and any(s.paragraph == paragraph.number for s in q.content)
            and is_true(stored.article, q)
        ]
        quotes = [self._resolved(q) for q in (*true, *others)]
        spans = true[0].content if true else ()
        return Passage(
            score=round(candidate.score, 4),
            article=card(stored.article),
            paragraph=paragraph,
            quotes=tuple(quotes),
            citation=cite(stored.article, paragraph, spans),
            answering=len(true),
            also_in=tuple(also_in),
        )

    def _resolved(self, quote: Quote) -> Quote:
        if quote.speaker is None:
            return quote
        return replace(
            quote, speaker=self.person(quote.speaker), also=tuple(self.person(speaker) for speaker in quote.also)
        )


def is_true(article: Article, quote: Quote) -> bool:
    """The invariant: every span of the quote is found again in the stored text, code point for code point."""
    spans = [*quote.content, *(s for s in (quote.cue, quote.source) if s)]
    for span in spans:
        paragraph = article.paragraph(span.paragraph)
        if paragraph is None or not span.text or paragraph.text[span.start : span.end] != span.text:
            return False
    return bool(quote.content)


def same_words(first: str, second: str) -> bool:
    """Whether two paragraphs are one wire story's: nearly the same set of words (Jaccard index at least 0.8)."""
    a, b = set(tokens(first)), set(tokens(second))
    return len(a & b) >= 0.8 * len(a | b) if a and b else False
