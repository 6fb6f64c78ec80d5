"""Cleans a record into an article, headline and paragraphs, and keeps the way back to the raw text."""

import hashlib
import json
import re
from dataclasses import dataclass
from itertools import islice

from index.errors import SourceError
from index.ingest.characters import TooOdd, invisible, lines, repaired
from index.ingest.furniture import is_furniture
from index.ingest.languages import language_of
from index.ingest.records import ArticleRecord
from index.ingest.residue import Residue, residues
from index.ingest.traced import Traced
from index.ingest.wrapping import unwrapped
from index.model import Article, Paragraph, Span

CLEANING_VERSION = 2  # raised when cleaning changes what comes out, so that stored articles are cleaned anew
MAX_PARAGRAPHS = 50_000

_HEADLINE_WITHIN = 3  # a kicker or a day may stand above the headline
_LONGEST_HEADLINE = 250  # code points
_LONGEST_TITLE = 80  # of a text without a headline
_ENDS_AS_PROSE = re.compile(r"(?<!\b[A-Z])(?<!\b(?:Jr|Sr|Co|St))(?<!Inc)[.,:;][\"'”’)]*$")
_NO_LETTERS = re.compile(r"[\W_]+")
_BEFORE_SUBTITLE = re.compile(r"\s?[;:.|–—-]{1,3}\s")
_AFTER_TITLE = re.compile(
    r"\W{0,3}|\s*[|–—-]\s.{1,40}"
)  # what a line may hold after the title: a stop, or the site's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A clean article and where it came from.

    Attributes:
        article: what is stored and read.
        text: the record's text as it came in.
        origins: the paragraphs' characters, traced into `text`, by number; a headline that stands only in the
            record's title has none.
    """

    article: Article
    text: str
    origins: dict[int, Traced]

    def to_raw(self, span: Span) -> tuple[int, int] | None:
        """Where a span stood in the record's text: code points, half-open; None when it stood only in the title.

        What cleaning removed amid the span is inside; `raw_pieces` leaves it out.
        """
        origin = self.origins.get(span.paragraph)
        return origin.raw(span.start, span.end) if origin else None

    def raw_pieces(self, span: Span) -> list[tuple[int, int]]:
        """Where a span stood in the record's text, in pieces between which cleaning removed something visible."""
        origin = self.origins.get(span.paragraph)
        joined: list[tuple[int, int]] = []
        for start, end in origin.raw_pieces(span.start, span.end) if origin else ():
            if joined and invisible(self.text[joined[-1][1] : start]):
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return joined


def clean(record: ArticleRecord, *, article_id: str) -> Cleaned:
    """Cleans a record.

    The headline is paragraph 0: the record's title, in the words in which it stands at the top of the text if it
    does; without a title the text's first line, if it looks like one. A text without a headline begins at paragraph 1
    and is titled by its own first words.

    Raises:
        SourceError: the text has more than 50,000 paragraphs, or nothing that can be read.
    """
    found: list[Residue] = []
    traced: list[Traced] = []
    for line in unwrapped(_lines(record.text, article_id), record.text):
        cut = residues(line.text)
        found.extend(cut)
        traced.append(line.without((r.start, r.end) for r in cut).strip() if cut else line)
    traced = [line for line in traced if line.text]
    body = [line for line in traced if not is_furniture(line.text)] or traced
    if not body:
        raise SourceError(article_id, "its text holds nothing that can be read")
    title = _without_site(repaired(record.title or ""), repaired(record.outlet or ""))
    headline, body = _headline(title, body)
    article = _article(record, article_id, title, headline, body, found)
    first = 0 if headline else 1
    origins = dict(enumerate([headline, *body] if headline else body, start=first))
    return Cleaned(article=article, text=record.text, origins=origins)


def _lines(text: str, article_id: str) -> list[Traced]:
    try:
        found = list(islice(lines(text), MAX_PARAGRAPHS + 1))
    except TooOdd:
        reason = "its text is riddled with characters that no text holds; save it anew as UTF-8"
        raise SourceError(article_id, reason) from None
    if len(found) > MAX_PARAGRAPHS:
        raise SourceError(article_id, f"its text has more than {MAX_PARAGRAPHS:,} lines; split it into articles")
    return found


def _headline(title: str, body: list[Traced]) -> tuple[Traced | None, list[Traced]]:
    """The line that is the headline, and the others without its repetition."""
    top = body[:_HEADLINE_WITHIN]
    if title:
        headline = next((line for line in top if _is_title(line.text, title)), None)
    else:
        headline = body[0] if _looks_like_headline(body) else None
    if headline is None:
        return None, body
    same = _letters(headline.text)
    rest = [line for line in top if line is not headline and not (same and _letters(line.text) == same)]
    return headline, rest + body[_HEADLINE_WITHIN:]


def _is_title(line: str, title: str) -> bool:
    """Whether a line is the title, perhaps without its subtitle, or with the site's name after it."""
    if _letters(line) == _letters(title):
        return True
    if line.casefold().startswith(title.casefold()):
        return _AFTER_TITLE.fullmatch(line[len(title) :]) is not None
    top = line.rstrip(" ;:,.|–—-")
    return title.casefold().startswith(top.casefold()) and _BEFORE_SUBTITLE.match(title, len(top)) is not None


def _looks_like_headline(body: list[Traced]) -> bool:
    """Whether the first line is a headline: repeated below, or one short line over longer ones, with no full stop."""
    first, *rest = (line.text for line in body)
    if any(_letters(line) == _letters(first) for line in rest[: _HEADLINE_WITHIN - 1]):
        return True
    if not rest or len(first) > _LONGEST_HEADLINE:
        return False
    opens_as_speech = first[0] in '"“' and first[-1] in '"”.,'
    return not _ENDS_AS_PROSE.search(first) and not opens_as_speech


def _without_site(title: str, outlet: str) -> str:
    """The title without " | The Elmsworth Echo" at its end, as pages put it."""
    if outlet and title.casefold().endswith(outlet.casefold()):
        before = title[: -len(outlet)]
        if (bare := before.rstrip(" |–—-")) and len(before) - len(bare) > 1:
            return bare
    return title


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", text.casefold())


def _title(headline: Traced | None, body: list[Traced]) -> str:
    if headline:
        return headline.text
    first = body[0].text
    if len(first) <= _LONGEST_TITLE:
        return first
    return first[:_LONGEST_TITLE].rsplit(" ", 1)[0].rstrip(" ,;:-–—") + " …"


def _article(
    record: ArticleRecord,
    article_id: str,
    title: str,
    headline: Traced | None,
    body: list[Traced],
    found: list[Residue],
) -> Article:
    texts = {number: line.text for number, line in enumerate(body, start=1)}
    top = headline.text if headline else title
    if top:
        texts = {0: top, **texts}
    aliases = tuple(dict.fromkeys((r.name, r.full) for r in found if r.name != r.full))
    language = record.language or language_of("\n".join(texts.values()))
    day = (record.published or "")[:10]
    title = title or _title(headline, body)
    hashed = json.dumps([title, day, language, aliases, list(texts.items())], ensure_ascii=False)
    return Article(
        id=article_id,
        title=title,
        outlet=repaired(record.outlet or "") or None,
        url=record.url,
        authors=tuple(name for author in record.authors if (name := repaired(author))),
        published=record.published,
        language=language,
        content_hash=hashlib.blake2b(hashed.encode(), digest_size=16).hexdigest(),
        paragraphs=tuple(Paragraph(article_id=article_id, number=n, text=text) for n, text in texts.items()),
        aliases=aliases,
    )
