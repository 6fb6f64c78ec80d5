"""An article and its statements become the documents that an engine indexes: one place decides which fields there are.

Fields: an article has `title`, `context` (outlet and date) and `body`; a paragraph has `body` and `context` (title,
outlet, date); a statement has `content` (its own words), `paragraph` (all words around them) and `context`.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from index.model import Article, Quote
from index.storage.records import Document, Terms, Unit
from index.text.analyzer import analyzed

DOCUMENTS_VERSION = 1

_ARTICLE, _PARAGRAPH, _STATEMENT = Unit


def documents(article: Article, quotes: Sequence[Quote]) -> list[Document]:
    """The article, its paragraphs and its statements, in reading order.

    A statement that runs over several paragraphs is one document in each, so that each can be found and shown.
    """
    day = article.day
    outlet = article.outlet.lower() if article.outlet else None
    about = _together([analyzed(article.outlet or ""), analyzed(f"{day:%B} {day.day} {day.year}") if day else ""])
    title = analyzed(article.title)
    context = _together([title, about])
    bodies = {p.number: analyzed(p.text) for p in article.paragraphs}
    speaking: dict[int, set[str]] = {}
    stated: list[Document] = []

    def document(
        unit: Unit, number: int, behind: str, speakers: Iterable[str], fields: dict[str, Terms], attitude: bool = False
    ) -> Document:
        return Document(
            unit=unit,
            id=article.id + behind,
            article_id=article.id,
            number=number,
            fields=fields,
            day=day,
            outlet=outlet,
            speakers=frozenset(speakers),
            attitude=attitude,
        )

    for k, quote in enumerate(quotes):
        who = [speaker.id for speaker in quote.speakers]
        for number in sorted({span.paragraph for span in quote.content}):
            speaking.setdefault(number, set()).update(who)
            words = " ".join(span.text for span in quote.content if span.paragraph == number)
            fields = {"content": analyzed(words), "paragraph": bodies.get(number, ()), "context": context}
            stated.append(document(_STATEMENT, number, f"#{number}.{k}", who, fields, quote.attitude))
    everyone = set().union(*speaking.values())
    body = _together([bodies[p.number] for p in article.paragraphs if p.number])
    found = [document(_ARTICLE, 0, "", everyone, {"title": title, "context": about, "body": body})]
    for p in article.paragraphs:
        fields = {"body": bodies[p.number], "context": context if p.number else about}
        found.append(document(_PARAGRAPH, p.number, f"#{p.number}", speaking.get(p.number, ()), fields))
    return found + stated


def _together(parts: Sequence[Terms]) -> Terms:
    """The terms of one part behind those of the other."""
    if all(isinstance(part, str) for part in parts):
        return " ".join(filter(None, parts))  # type: ignore[arg-type]  # of strings, as the line above says
    return tuple(chain.from_iterable(part.split() if isinstance(part, str) else part for part in parts))
