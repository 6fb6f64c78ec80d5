"""An Answer as the JSON that the command line promises: one place spells its field names."""

from typing import Any

from index.model import Answer, ArticleCard, Passage, PersonEntry, Quote, Span, Speaker

Json = dict[str, Any]


def answer_json(answer: Answer) -> Json:
    """The object that `ask --json` prints."""
    return {
        "question": answer.question,
        "intent": answer.intent.value,
        "understood": answer.understood,
        "speaker": speaker_json(answer.speaker),
        "speakers": [speaker_json(s) for s in answer.speakers],
        "topic": answer.topic,
        "since": answer.since.isoformat() if answer.since else None,
        "until": answer.until.isoformat() if answer.until else None,
        "outlet": answer.outlet,
        "passages": [passage_json(p) for p in answer.passages],
        "groups": [{"label": g.label, "passages": list(g.passages)} for g in answer.groups],
        "found": answer.found,
        "verdict": answer.verdict.value if answer.verdict else None,
        "reason": answer.reason,
        "did_you_mean": list(answer.did_you_mean),
    }


def passage_json(passage: Passage) -> Json:
    """A passage; its quotes that answer the question come first."""
    return {
        "score": passage.score,
        "article": card_json(passage.article),
        "paragraph": {"number": passage.paragraph.number, "text": passage.paragraph.text},
        "quotes": [quote_json(q) for q in passage.quotes],
        "citation": {"label": passage.citation.label, "url": passage.citation.url},
        "also_in": [{"outlet": c.outlet, "title": c.title, "url": c.url} for c in passage.also_in],
    }


def card_json(card: ArticleCard) -> Json:
    """An article without its text."""
    return {
        "id": card.id,
        "title": card.title,
        "outlet": card.outlet,
        "url": card.url,
        "authors": list(card.authors),
        "published": card.published,
        "note": card.note,
    }


def quote_json(quote: Quote) -> Json:
    """A statement; offsets are code points into the stored text of each span's paragraph."""
    return {
        "kind": quote.kind.value,
        "content": [span_json(s) for s in quote.content],
        "cue": span_json(quote.cue) if quote.cue else None,
        "source": span_json(quote.source) if quote.source else None,
        "speaker": speaker_json(quote.speaker),
        "also": [speaker_json(s) for s in quote.also],
        "when": quote.when,
        "manner": quote.manner,
        "attitude": quote.attitude,
        "confidence": round(quote.confidence, 3),
    }


def span_json(span: Span) -> Json:
    """A slice of one paragraph."""
    return {"paragraph": span.paragraph, "start": span.start, "end": span.end, "text": span.text}


def speaker_json(speaker: Speaker | None) -> Json | None:
    """A speaker, or null."""
    if speaker is None:
        return None
    return {"id": speaker.id, "name": speaker.name, "role": speaker.role, "kind": speaker.kind.value}


def person_json(entry: PersonEntry) -> Json:
    """A speaker over the corpus, as `speakers --json` lists one."""
    return {
        **(speaker_json(entry.speaker) or {}),
        "aliases": list(entry.speaker.aliases),
        "articles": entry.articles,
        "statements": entry.statements,
        "roles": [
            {"role": role, "since": first.isoformat() if first else None, "until": last.isoformat() if last else None}
            for role, first, last in entry.roles
        ],
    }
