"""Any other question: paragraphs about what is asked, whoever speaks in them."""

from datetime import timedelta

from index.answer import looking, replies, silence
from index.answer.inquiry import Inquiry
from index.answer.overlap import Overlap
from index.answer.silence import Grounds, grounds
from index.answer.wording import spoken_list
from index.model import Answer
from index.text.analyzer import stem, tokens


def plain(inquiry: Inquiry) -> Answer:
    """Paragraphs about what is asked, or which of its words nothing was found about.

    How new the paragraphs are counts only where the library holds news of the week before the question: who asks an
    archive asks about the past.
    """
    if _follows_the_news(inquiry):
        return about(inquiry, silence.PLAIN, least=silence.LEAST_PLAIN)
    return about(inquiry, silence.ARCHIVE, least=silence.LEAST_ARCHIVE)


def about(inquiry: Inquiry, weights: Grounds, *, least: float) -> Answer:
    """Paragraphs about what is asked, where their log-odds by these weights are at least so high."""
    query = inquiry.query
    overlap = Overlap(terms=inquiry.terms(query.topic or query.text), reader=inquiry.reader)
    candidates = looking.paragraphs_about(inquiry, overlap)
    found = grounds(candidates, overlap, whole_articles=weights.whole > 0)
    shown = inquiry.carried or silence.weighed(found, weights) >= least
    passages = replies.read_back(inquiry, candidates, inquiry.limit) if shown else []
    if passages:
        return replies.shown(inquiry, passages)
    held = frozenset().union(*(overlap.paragraph(c.article_id, c.number).terms for c in candidates[:5]))
    missing = overlap.terms.missing(held)
    words = [word for word in dict.fromkeys(tokens(query.text)) if stem(word) in missing][:3]
    of_what = f" about {spoken_list([f'“{word}”' for word in words])}" if words else " about that"
    return replies.nothing(inquiry, f"Nothing is on record{of_what}.")


def _follows_the_news(inquiry: Inquiry) -> bool:
    latest, asked = inquiry.question.latest, inquiry.question.asked
    return latest is not None and latest >= asked - timedelta(days=silence.FOLLOWS)
