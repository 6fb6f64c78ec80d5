"""Candidates become passages: every span is found again in the stored text before anything is shown."""

import logging
from dataclasses import replace

from index.answer.citations import card, cite, note_of
from index.answer.reading import Candidate, Reader
from index.model import Article, Passage, Quote

log = logging.getLogger(__name__)


def passage_of(candidate: Candidate, reader: Reader) -> Passage | None:
    """The passage, or None (and a line in the log) when its text is no longer what was indexed."""
    stored = reader.stored(candidate.article_id)
    paragraph = reader.paragraph(candidate)
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
        for q in stored.quotes_within(paragraph.number)
        if q not in answering and not q.attitude and is_true(stored.article, q)
    ]
    quotes = [_resolved(q, reader) for q in (*true, *others)]
    spans = true[0].content if true else ()
    return Passage(
        score=round(candidate.score, 4),
        article=card(stored.article, note_of(stored)),
        paragraph=paragraph,
        quotes=tuple(quotes),
        citation=cite(stored.article, paragraph, spans),
        answering=len(true),
    )


def _resolved(quote: Quote, reader: Reader) -> Quote:
    if quote.speaker is None:
        return quote
    return replace(
        quote, speaker=reader.person(quote.speaker), also=tuple(reader.person(speaker) for speaker in quote.also)
    )


def is_true(article: Article, quote: Quote) -> bool:
    """The invariant: every span of the quote is found again in the stored text, code point for code point."""
    spans = [*quote.content, *(s for s in (quote.cue, quote.source) if s)]
    for span in spans:
        paragraph = article.paragraph(span.paragraph)
        if paragraph is None or not span.text or paragraph.text[span.start : span.end] != span.text:
            return False
    return bool(quote.content)
