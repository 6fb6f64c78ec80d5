"""An article and its statements become the documents that an engine indexes: one place decides which fields there are.

Fields: an article has `title`, `context` (outlet and date) and `body`; a paragraph has `body` and `context` (title,
outlet, date); a statement has `content` (its own words), `paragraph` (all words around them) and `context`.
"""

from collections.abc import Iterable, Sequence
from itertools import chain

from index.model import Article, Quote
from index.storage.records import Document, Unit
from index.text.analyzer import analyze

DOCUMENTS_VERSION = 1


def documents(article: Article, quotes: Sequence[Quote]) -> list[Document]:
    """The article, its paragraphs and its statements, in reading order.

    A statement that runs over several paragraphs is one document in each, so that each can be found and shown.
    """
    day = article.day
    outlet = article.outlet.lower() if article.outlet else None
    dated = analyze(f"{day:%B} {day.day} {day.year}") if day else []
    about = tuple(analyze(article.outlet or "") + dated)
    title = tuple(analyze(article.title))
    context = title + about
    bodies = {p.number: tuple(analyze(p.text)) for p in article.paragraphs}
    speaking: dict[int, set[str]] = {}
    for quote in quotes:
        for span in quote.content:
            speaking.setdefault(span.paragraph, set()).update(s.id for s in quote.speakers)

    def document(
        unit: Unit,
        number: int,
        suffix: str,
        speakers: Iterable[str],
        fields: dict[str, tuple[str, ...]],
        attitude: bool = False,
    ) -> Document:
        return Document(
            unit=unit,
            id=article.id + suffix,
            article_id=article.id,
            number=number,
            fields=fields,
            day=day,
            outlet=outlet,
            speakers=frozenset(speakers),
            attitude=attitude,
        )

    everyone = set().union(*speaking.values())
    body = tuple(chain.from_iterable(bodies[p.number] for p in article.paragraphs if p.number))
    found = [document(Unit.ARTICLE, 0, "", everyone, {"title": title, "context": about, "body": body})]
    for p in article.paragraphs:
        fields = {"body": bodies[p.number], "context": context if p.number else about}
        found.append(document(Unit.PARAGRAPH, p.number, f"#{p.number}", speaking.get(p.number, ()), fields))
    for k, quote in enumerate(quotes):
        for number in sorted({span.paragraph for span in quote.content}):
            words = " ".join(span.text for span in quote.content if span.paragraph == number)
            fields = {"content": tuple(analyze(words)), "paragraph": bodies.get(number, ()), "context": context}
            who = (s.id for s in quote.speakers)
            found.append(document(Unit.STATEMENT, number, f"#{number}.{k}", who, fields, quote.attitude))
    return found
