"""Where to read a passage: a label for people and an address that opens the page at the sentence."""

from datetime import date
from urllib.parse import quote

from index.model import Article, ArticleCard, Citation, Paragraph, Span
from index.storage.records import StoredArticle

WHOLE = 10  # a sentence of so many words stands whole in the fragment; the first and last of a longer one never overlap
EDGE = 5


def cite(article: Article, paragraph: Paragraph, spans: tuple[Span, ...] = ()) -> Citation:
    """The citation of a paragraph; the text fragment leads to the first of `spans` in it, else to its beginning.

    Fragments follow the WICG Scroll To Text Fragment draft: `#:~:text=start,end`, with `-`, `,` and `&` escaped.
    """
    reference = f"{article.id}#{paragraph.number}"
    where = "headline" if paragraph.number == 0 else f"paragraph {paragraph.number}"
    parts = [article.outlet or article.id, said_day(article.day), where]
    label = ", ".join(part for part in parts if part)
    if not article.url:
        return Citation(label=label, url=None, reference=reference)
    here = next((s.text for s in spans if s.paragraph == paragraph.number), paragraph.text)
    return Citation(label=label, url=f"{article.url.partition('#')[0]}#:~:text={_fragment(here)}", reference=reference)


def card(article: Article, note: str | None = None) -> ArticleCard:
    """What an answer tells of an article without its text; for the note see `note_of`."""
    return ArticleCard(
        id=article.id,
        title=article.title,
        outlet=article.outlet,
        url=article.url,
        authors=article.authors,
        published=article.published,
        note=note,
    )


def note_of(stored: StoredArticle) -> str | None:
    """That the article was taken back, or when it last changed; None when neither."""
    if stored.withdrawn is not None:
        return f"Withdrawn by its publisher: {stored.withdrawn}" if stored.withdrawn else "Withdrawn by its publisher."
    if not stored.revisions:
        return None
    return f"Changed since it first came in, last on {said_day(stored.revisions[-1].replaced.date())}."


def said_day(day: date | None) -> str:
    """A day as "13 December 2017"; empty for None."""
    return f"{day.day} {day:%B %Y}" if day else ""


def _fragment(text: str) -> str:
    words = text.strip("\"'“”‘’«»„ .,;:!?").split()
    if len(words) <= WHOLE:
        return _escaped(words)
    return f"{_escaped(words[:EDGE])},{_escaped(words[-EDGE:])}"


def _escaped(words: list[str]) -> str:
    return quote(" ".join(words), safe="", errors="replace").replace("-", "%2D")
