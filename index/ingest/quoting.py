"""Who said what in one record, in the JSON of `onrecord quotes`: offsets are into the record's text as it came in."""

from typing import Any

from index.errors import SourceError
from index.ingest.attributing import attributed
from index.ingest.characters import trimmed
from index.ingest.cleaning import Cleaned, clean
from index.ingest.records import ArticleRecord
from index.model import Quote, Span, Speaker


def quotes_of(record: ArticleRecord, article_id: str) -> list[dict[str, Any]]:
    """The statements of a record, each a dict of DESIGN.md's Quote.

    A span is `{"start", "end", "text"}`: code points, half-open, `text` that slice. Content that runs over removed
    residue comes in pieces; a cue or a source keeps its longest one. Statements that stand only in the title, which is
    not in the text, are left out.

    Raises:
        SourceError: the text can't be cleaned, or its statements can't be worked out.
    """
    cleaned = clean(record, article_id=article_id)
    quotes = attributed(cleaned.article)
    if isinstance(quotes, str):
        raise SourceError(article_id, f"its statements could not be worked out ({quotes})")
    found = []
    for quote in quotes:
        content = [piece for span in quote.content for piece in _pieces(cleaned, span)]
        if content:
            found.append(_quote(cleaned, quote, content))
    return found


def _quote(cleaned: Cleaned, quote: Quote, content: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "kind": quote.kind.value,
        "content": content,
        "cue": _longest(cleaned, quote.cue),
        "source": _longest(cleaned, quote.source),
        "speaker": _speaker(quote.speaker) if quote.speaker else None,
        "also": [_speaker(speaker) for speaker in quote.also],
        "when": quote.when,
        "manner": quote.manner,
        "attitude": quote.attitude,
        "confidence": round(quote.confidence, 4),
    }


def _speaker(speaker: Speaker) -> dict[str, Any]:
    return {"id": speaker.id, "name": speaker.name, "role": speaker.role, "kind": speaker.kind.value}


def _pieces(cleaned: Cleaned, span: Span) -> list[dict[str, Any]]:
    pieces = (trimmed(cleaned.text, start, end) for start, end in cleaned.raw_pieces(span))
    return [{"start": start, "end": end, "text": cleaned.text[start:end]} for start, end in pieces if start < end]


def _longest(cleaned: Cleaned, span: Span | None) -> dict[str, Any] | None:
    pieces = _pieces(cleaned, span) if span else []
    return max(pieces, key=lambda piece: len(piece["text"]), default=None)
