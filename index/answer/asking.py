"""Whether words that nobody addressed to us ask the index something: for channels where every question is answered."""

import re

from index.answer.followups import asked_of_nobody
from index.answer.forms import LEAD_IN, QUOTED, lowered
from index.answer.inquiry import Inquiry
from index.model import Intent
from index.storage.base import count_together
from index.storage.records import Unit
from index.text.analyzer import analyze

_OPENS = re.compile(
    rf"""
    ^{LEAD_IN}(?:who|whom|whose|what|when|where|why|how|which|did|does|do|has|have|had|is|are|was|were|will|would|can|could
      |compare|contrast|according\s+to|(?:show|tell|give)\s+me)(?:'s|'re|'d|n't)?\b
    """,
    re.VERBOSE,
)
_ENDS = re.compile(r"\?[\s!?.”\"')\]]*$")
_AMONG_US = re.compile(  # talk of those who talk: no article knows who they are
    r"\b(?:i|i'm|i'll|i've|me|my|mine|we|we're|us|our|you|you're|your|yours|u|ur|y'all|guys|anyone|anybody|everyone|someone|lol)\b"
)
_POINTS = re.compile(r"\b(?:it|this|that|these|those|there|here|he|she|they|him|her|them)\b")


def asks(inquiry: Inquiry) -> bool:
    """Whether this is a question, in its form, and one that the index is for.

    A form that names a speaker or words ("what did X say", "who said ...") is one with a question mark, or a known
    speaker; any other question needs a question mark, nobody of those who talk in it, and words that are on record.
    """
    query, text = inquiry.query, lowered(inquiry.question.text).strip()
    opens, ends = bool(_OPENS.match(text)), bool(_ENDS.search(text))
    if not (opens or ends) or asked_of_nobody(inquiry.question):
        return False
    known = any(who.known for who in inquiry.who)
    among_us = not known and _AMONG_US.search(QUOTED.sub(" ", text)) is not None
    if query.intent is Intent.PLAIN or among_us:
        follows = bool(inquiry.question.context) and ends
        return follows or (opens and ends and not among_us and _on_record(inquiry, text))
    if query.intent is Intent.WHO_SAID:
        return query.quoted or len(analyze(query.phrase or "")) > 1
    if query.intent is Intent.WHO_SPOKE:
        return _on_record(inquiry, query.topic or "")
    return known or (query.certain and ends)


def _on_record(inquiry: Inquiry, text: str) -> bool:
    """Whether a word is on record; two where some of the text only points at what was said before."""
    terms = dict.fromkeys(analyze(text))
    count_together(inquiry.engine, Unit.PARAGRAPH, "body", terms)
    found = sum(inquiry.engine.df(Unit.PARAGRAPH, "body", term) > 0 for term in terms)
    return found > bool(_POINTS.search(text))
