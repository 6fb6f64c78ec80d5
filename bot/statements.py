"""One statement as a reader must see it: which words are verbatim the speaker's, and which are the article's."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.answer.citations import said_day
from index.model import Paragraph, Quote, QuoteKind, Span
from index.text.tokens import tokenise

#: Below this the attribution is marked as uncertain.
UNCERTAIN_BELOW = 0.5

VERBATIM = "Verbatim"
# What is not verbatim, in words of ours; of two that one sentence reports, the earlier holds for both.
_REPORTED = (
    "As reported, verbatim only within the quotation marks",
    "As reported, not verbatim",
    "A plan or belief, as reported",
)

_MARKS = frozenset("\"'“”„«»‘’`")
_ENDS = frozenset([".", "!", "?", "...", "…"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement ready to be shown; every text is a slice of the stored article, joined by " … " where it leaves out.

    Attributes:
        wide: the words in the article's sentence, or with their quotation marks; what to show where there is room.
        narrow: the words alone, for where `wide` doesn't fit.
        whose: whose words these are, in words of ours.
        how: how the article puts it, "said" or "according to"; None when it doesn't.
        when: as a person writes it; None when the article doesn't tell.
    """

    wide: str
    narrow: str
    whose: str
    how: str | None
    when: str | None
    uncertain: bool

    @property
    def verbatim(self) -> bool:
        """Whether all the words are the speaker's own."""
        return self.whose == VERBATIM


def statement(quote: Quote, paragraph: Paragraph) -> Statement:
    """Lays a quote out; `paragraph` is the one that is cited."""
    words = _spoken(quote.content, paragraph)
    return Statement(
        wide=words if quote.kind is QuoteKind.DIRECT else _sentences(quote, paragraph),
        narrow=words,
        whose=_whose(quote),
        how=_how(quote),
        when=_day(quote.when),
        uncertain=quote.confidence < UNCERTAIN_BELOW,
    )


def _how(quote: Quote) -> str | None:
    """The cue as printed; "according to" where it names only the first word of it; none where it is a mere colon."""
    if quote.cue is None or not any(map(str.isalpha, quote.cue.text)):
        return None
    return quote.manner if quote.manner.startswith(f"{quote.cue.text} ") else quote.cue.text


def together(first: Statement, second: Statement) -> Statement:
    """Two statements of one sentence, which the first shows whole, as one."""
    both = {first.whose, _REPORTED[0] if second.verbatim else second.whose}
    return replace(
        first,
        narrow=f"{first.narrow} … {second.narrow}",
        whose=next(whose for whose in _REPORTED if whose in both),
        how=", ".join(dict.fromkeys(how for how in (first.how, second.how) if how)) or None,
        when=first.when or second.when,
        uncertain=first.uncertain or second.uncertain,
    )


def _whose(quote: Quote) -> str:
    if quote.kind is QuoteKind.DIRECT:
        return VERBATIM
    if quote.kind is QuoteKind.MIXED:
        return _REPORTED[0]
    return _REPORTED[2] if quote.attitude else _REPORTED[1]


def _day(when: str | None) -> str | None:
    if not when:
        return None
    try:
        return said_day(date.fromisoformat(when))
    except ValueError:
        return when


def _spoken(content: Sequence[Span], paragraph: Paragraph) -> str:
    """The spans with the quotation marks printed around them; " … " where the article has other words between."""
    pieces: list[str] = []
    last: Span | None = None
    for span in content:
        here = _holds(paragraph, span)
        text = _with_marks(paragraph.text, span) if here else span.text
        if last is not None:
            between = paragraph.text[last.end : span.start] if here and _holds(paragraph, last) else ""
            touching = last.paragraph != span.paragraph or (between and not any(map(str.isalnum, between)))
            pieces.append(" " if touching else " … ")
        pieces.append(text)
        last = span
    return "".join(pieces)


def _with_marks(text: str, span: Span) -> str:
    start, end = span.start, span.end
    opens = start > 0 and text[start - 1] in _MARKS and text[start] not in _MARKS
    closes = end < len(text) and text[end] in _MARKS and text[end - 1] not in _MARKS
    return text[start - opens : end + closes]


def _holds(paragraph: Paragraph, span: Span) -> bool:
    return span.paragraph == paragraph.number and paragraph.text[span.start : span.end] == span.text != ""


def _sentences(quote: Quote, paragraph: Paragraph) -> str:
    """The sentences of the paragraph that hold the words, their cue and their source; elsewhere the words alone."""
    spans = [s for s in (*quote.content, quote.cue, quote.source) if s is not None and _holds(paragraph, s)]
    if not any(_holds(paragraph, s) for s in quote.content):
        return _spoken(quote.content, paragraph)
    first, last = min(s.start for s in spans), max(s.end for s in spans)
    edges = _sentence_edges(paragraph.text)
    start = max(edge for edge in edges if edge <= first)
    end = min(edge for edge in edges if edge >= last)
    return paragraph.text[start:end].strip()


def _sentence_edges(text: str) -> list[int]:
    """Where sentences begin and end, ascending; 0 and the text's length are among them."""
    words, starts = tokenise(text)
    edges = [0]
    for k, word in enumerate(words[:-1]):
        if word not in _ENDS:
            continue
        after = k + 1
        while after < len(words) - 1 and words[after] in _MARKS and text[starts[after] - 1] not in " \t":
            after += 1  # closing marks belong to the sentence that they close
        begins = starts[after]
        if text[begins - 1].isspace() and not text[begins].islower():
            edges.append(begins)
    edges.append(len(text))
    return edges
