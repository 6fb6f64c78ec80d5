"""Answers kept as ids and read back from the library, so that their pages can be turned after a restart."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.guilds import Kept, Shown
from index.answer.citations import card, cite, note_of
from index.answer.passages import is_true
from index.errors import UnknownReference
from index.model import Answer, ArticleCard, Intent, Passage

if TYPE_CHECKING:
    from index.app import Library

VERSION = 12


def kept(library: "Library", answer: Answer, asker: int) -> Shown:
    """The answer as ids."""
    return Shown(
        asker=asker,
        intent=answer.intent,
        passages=tuple(_kept(library, passage) for passage in answer.passages),
        groups=answer.groups,
    )


def recalled(library: "Library", shown: Shown, understood: str) -> Answer:
    """The answer read back; what has been forgotten since is left out, and with it what stood after it moves up."""
    places: dict[int, int] = {}
    passages: list[Passage] = []
    for place, one in enumerate(shown.passages):
        passage = _passage(library, one)
        if passage is not None:
            places[place] = len(passages)
            passages.append(passage)
    return Answer(
        question=understood,
        intent=shown.intent,
        understood=understood,
        passages=tuple(passages),
        groups=tuple(
            type(group)(label=group.label, passages=tuple(places[p] for p in group.passages if p in places))
            for group in shown.groups
        ),
        reason=None if passages else "What stood here is no longer on record.",
    )


def of_article(library: "Library", reference: str) -> Answer:
    """Who says what in an article, in reading order, as an answer.

    Raises:
        UnknownReference: no such article is stored.
    """
    stored, _ = library.show(reference)
    statements: dict[int, list[int]] = {}
    for place, quote in enumerate(stored.quotes):
        if not quote.attitude:
            statements.setdefault(quote.paragraph, []).append(place)
    version = stored.article.content_hash[:VERSION]
    references = [
        Kept(reference=f"{stored.article.id}#{number}", version=version, statements=tuple(statements[number]))
        for number in sorted(statements)
    ]
    passages = [_passage(library, reference) for reference in references]
    title = stored.article.title or stored.article.id
    return Answer(
        question="",
        intent=Intent.PLAIN,
        understood=f"Who says what in “{title}”",
        passages=tuple(passage for passage in passages if passage),
        reason=f"Nobody is quoted in “{title}”.",
    )


def _kept(library: "Library", passage: Passage) -> Kept:
    reference = passage.citation.reference
    stored, _ = library.show(reference)
    where = {quote.content: place for place, quote in enumerate(stored.quotes)}
    answering = [where[q.content] for q in passage.quotes[: passage.answering] if q.content in where]
    return Kept(
        reference=reference,
        version=stored.article.content_hash[:VERSION],
        statements=tuple(answering),
        also_in=tuple(other.id for other in passage.also_in),
    )


def _passage(library: "Library", one: Kept) -> Passage | None:
    try:
        stored, number = library.show(one.reference)
    except UnknownReference:
        return None
    paragraph = stored.article.paragraph(number or 0)
    changed = stored.article.content_hash[:VERSION] != one.version
    if paragraph is None or changed or any(place >= len(stored.quotes) for place in one.statements):
        return None
    quotes = [stored.quotes[place] for place in one.statements]
    if not all(is_true(stored.article, quote) for quote in quotes):
        return None
    return Passage(
        score=0.0,
        article=card(stored.article, note_of(stored)),
        paragraph=paragraph,
        quotes=tuple(quotes),
        citation=cite(stored.article, paragraph, quotes[0].content if quotes else ()),
        answering=len(quotes),
        also_in=tuple(_others(library, one.also_in)),
    )


def _others(library: "Library", ids: Sequence[str]) -> list[ArticleCard]:
    found = []
    for article_id in ids:
        try:
            other = library.show(article_id)[0]
            found.append(card(other.article, note_of(other)))
        except UnknownReference:
            continue
    return found
