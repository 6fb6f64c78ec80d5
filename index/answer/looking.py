"""Looks closely at a shortlist: candidates of several searches, ranked by what speaks for them."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from index import people
from index.answer import retrieval
from index.answer.evidence import PLAIN, SAID, Evidence
from index.answer.inquiry import Inquiry
from index.answer.overlap import Overlap
from index.answer.ranking import Asked, ranked
from index.answer.reading import Candidate, Reader, Words
from index.answer.whom import Who
from index.storage.ahead import read_ahead, search_ahead
from index.storage.base import Engine, count_together
from index.storage.records import Unit
from index.text.analyzer import STOP_WORDS, stem, tokens

_SPEECH = re.compile(r"[\"“”]|''|\b(?:said|says|told|tells|called|wrote|tweeted|argued|claimed|asked|added)\b")
SIZE = 24  # statements looked at closely
ARTICLES = 6  # from how many articles
NAMING = 8  # paragraphs that may name them
WRITTEN = 4  # best paragraphs, whoever speaks in them, whose article may be by the one asked about
FOUND, PARAGRAPHS, PLAIN_ARTICLES = 120, 36, 6  # the same for plain questions, and how many are searched
PLAIN_SHARE = 0.7  # of an article in a paragraph's first score


def statements_of(inquiry: Inquiry, who: Who, overlap: Overlap) -> list[Candidate]:
    """Statements of somebody, paragraphs that name them, and articles that they wrote, best first."""
    engine, terms, filters = inquiry.engine, overlap.terms, inquiry.filters(who.keys)
    surnames = {words[-1] for e in who.entries if (words := tokens(e.speaker.name))}
    naming = {stem(surname) for surname in surnames}
    may_write = any(len(people.name_words(entry.speaker.name)) > 1 for entry in who.entries)  # see `wrote`
    anybody = replace(filters, speakers=None)
    few = sum(entry.statements for entry in who.entries) < SIZE
    search_ahead(
        engine,
        lambda e: retrieval.statements(e, terms, filters),
        lambda e: retrieval.naming(e, terms, naming, filters, k=NAMING),
        lambda e: retrieval.written(e, terms, anybody, k=WRITTEN) if may_write else [],
        lambda e: retrieval.articles(e, terms, anybody),
        lambda e: retrieval.any_statements(e, filters, k=SIZE) if few else [],
    )
    found = retrieval.statements(engine, terms, filters)
    if len(found) < SIZE:
        found = retrieval.merged(found, retrieval.any_statements(engine, filters, k=SIZE))
    named = retrieval.naming(engine, terms, naming, filters, k=NAMING)
    written = retrieval.written(engine, terms, anybody, k=WRITTEN) if may_write else []
    of_article = retrieval.articles(engine, terms, anybody)
    short = retrieval.shortlist(
        retrieval.merged(found, named, written), of_article, share=SAID.article, size=SIZE, articles=ARTICLES
    )
    reader = inquiry.reader
    read_ahead(reader.corpus, articles=(c.article_id for c in short), names=surnames)
    reader.read(c.article_id for c in short)
    theirs = {article_id for article_id in {c.article_id for c in short} if wrote(who, article_id, reader)}
    short = [replace(c, written=True) if c.article_id in theirs else c for c in short]
    names = naming_words(who, surnames, reader)
    short = [c for c in short if c.statements or c.written or (names_any(c, names, reader) and about(who, c, reader))]
    return in_order(inquiry, [c for c in short if inquiry.said_then(c)], overlap, of_article, SAID)


def paragraphs_naming(inquiry: Inquiry, typed: str, overlap: Overlap) -> tuple[list[Candidate], str]:
    """Paragraphs that name somebody and report speech, best first; and the name as the best one prints it."""
    words = tokens(typed)
    filters = inquiry.filters()
    naming = {stem(word) for word in words if word not in STOP_WORDS}
    held = _rarest(naming, inquiry.engine)
    found = retrieval.naming(inquiry.engine, overlap.terms, naming, filters, k=20, held=held)
    of_article = retrieval.articles(inquiry.engine, overlap.terms, filters)
    short = retrieval.shortlist(found, of_article, share=SAID.article, size=SIZE, articles=ARTICLES)
    inquiry.reader.read(c.article_id for c in short)
    printed = re.compile(r"\b" + r"\W{1,2}".join(map(re.escape, words)) + r"\b", re.IGNORECASE)
    names: dict[tuple[str, int], str] = {}
    for candidate in short:
        paragraph = inquiry.reader.paragraph(candidate)
        match = printed.search(paragraph.text) if paragraph and _SPEECH.search(paragraph.text) else None
        if match:
            names[candidate.place] = match.group()
    best = in_order(inquiry, [c for c in short if c.place in names], overlap, of_article, SAID)
    return best, names[best[0].place] if best else ""


def _rarest(terms: Collection[str], engine: Engine) -> list[str]:
    """Of terms that stand together the one that the fewest paragraphs hold; none where there are none."""
    count_together(engine, Unit.PARAGRAPH, "body", terms)
    return sorted(terms, key=lambda term: (engine.df(Unit.PARAGRAPH, "body", term), term))[:1]


def paragraphs_about(inquiry: Inquiry, overlap: Overlap) -> list[Candidate]:
    """Paragraphs for a plain question, best first."""
    engine, terms = inquiry.engine, overlap.terms
    filters = inquiry.filters() if inquiry.query.outlet else inquiry.seen()
    search_ahead(
        engine,
        lambda e: retrieval.paragraphs(e, terms, filters, k=FOUND),
        lambda e: retrieval.articles(e, terms, filters, k=50),
    )
    found = retrieval.paragraphs(engine, terms, filters, k=FOUND)
    of_article = retrieval.articles(engine, terms, filters, k=50)
    short = retrieval.shortlist(found, of_article, share=PLAIN_SHARE, size=PARAGRAPHS, articles=PLAIN_ARTICLES)
    return in_order(inquiry, short, overlap, of_article, PLAIN)


def in_order(
    inquiry: Inquiry,
    candidates: Sequence[Candidate],
    overlap: Overlap,
    of_article: dict[str, float],
    weights: Evidence,
) -> list[Candidate]:
    """The candidates ranked, best first."""
    query = inquiry.query
    asked = Asked(
        overlap=overlap,
        topic=query.topic or query.text,
        question=query.text,
        asked=inquiry.question.asked,
        articles=of_article,
        carried=inquiry.carried,
    )
    return ranked(candidates, asked, weights)


def names_any(candidate: Candidate, names: set[str], reader: Reader) -> bool:
    """Whether a candidate's paragraph holds one of these names."""
    paragraph = reader.paragraph(candidate)
    return paragraph is not None and Words(paragraph.text).hold(names)


def naming_words(who: Who, surnames: set[str], reader: Reader) -> set[str]:
    """By what a paragraph names them: surnames; first names where somebody else is meant by the surname alone."""
    ids = {entry.speaker.id for entry in who.entries}
    owners = [owner for surname in surnames for owner in reader.corpus.people_named(surname)[:1]]
    firsts = {words[0] for entry in who.entries if len(words := tokens(entry.speaker.name)) > 1}
    return firsts if firsts and any(owner.speaker.id not in ids for owner in owners) else surnames


def about(who: Who, candidate: Candidate, reader: Reader) -> bool:
    """Whether they speak in the article or stand there by first name: others may bear the surname, too."""
    firsts = {words[0] for entry in who.entries if len(words := tokens(entry.speaker.name)) > 1}
    if not firsts or any(first in reader.lower(candidate.article_id) for first in firsts):
        return True
    stored = reader.stored(candidate.article_id)
    return stored is not None and any(speaker.id in who.keys for speaker in stored.speakers())


def wrote(who: Who, article_id: str, reader: Reader) -> bool:
    """Whether one of them wrote the article: then all of it is theirs."""
    stored = reader.stored(article_id)
    authors = [people.name_words(author) for author in stored.article.authors] if stored else []
    names = [people.name_words(entry.speaker.name) for entry in who.entries]
    return any(
        len(name) > 1 and author and author[-1] == name[-1] and people.same_first_name(author[0], name[0])
        for author in authors
        for name in names
    )
