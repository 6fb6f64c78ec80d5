"""Any other question: paragraphs about what is asked, whoever speaks in them."""

from index.answer import looking, replies, silence
from index.answer.inquiry import Inquiry
from index.answer.overlap import Overlap
from index.answer.silence import grounds
from index.answer.wording import spoken_list
from index.model import Answer
from index.text.analyzer import stem, tokens


def plain(inquiry: Inquiry, *, least: float = silence.LEAST_PLAIN) -> Answer:
    """Paragraphs about what is asked, or which of its words nothing was found about; `least` is of the log-odds."""
    query = inquiry.query
    overlap = Overlap(terms=inquiry.terms(query.topic or query.text), reader=inquiry.reader)
    candidates = looking.paragraphs_about(inquiry, overlap)
    found = grounds(candidates, overlap, whole_articles=silence.PLAIN.whole > 0)
    shown = inquiry.carried or silence.weighed(found, silence.PLAIN) >= least
    passages = replies.read_back(inquiry, candidates, inquiry.limit) if shown else []
    if passages:
        return replies.shown(inquiry, passages)
    held = frozenset().union(*(overlap.paragraph(c.article_id, c.number).terms for c in candidates[:5]))
    missing = overlap.terms.missing(held)
    words = [word for word in dict.fromkeys(tokens(query.text)) if stem(word) in missing][:3]
    about = f" about {spoken_list([f'“{word}”' for word in words])}" if words else " about that"
    return replies.nothing(inquiry, f"Nothing is on record{about}.")
