"""Tells from a headline or a page that a publisher took an article back."""

import re

_HEADLINE = re.compile(r"^\W*(?:retracted|retraction|withdrawn|story\ withdrawn|removed)\b\s*[:\]\-–—|]", re.IGNORECASE)
_NOTICE = re.compile(
    r"""
    \bthis\ (?:article|story|report|post|piece|page)\ (?:has\ been|was|is)\ (?:\w+ly\ )?
    (?:retracted|withdrawn|removed|taken\ down|deleted)
    |\b(?:we|the\ editors?|the\ publisher)\ (?:have\ |has\ )?(?:retracted|withdrawn|withdrew)
    \ this\ (?:article|story|report|piece)
    |^\W*(?:editor['’]s?\ note|retraction)\W[^.]{0,160}\b(?:retracted|withdrawn)\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LONGEST_NOTICE = 600  # code points of a paragraph that gives notice
_AT_EITHER_END = 3  # paragraphs in which a notice stands


def withdrawal_in(title: str | None, text: str) -> str | None:
    """One sentence when the article was taken back by its publisher, else None."""
    if title and _HEADLINE.match(title):
        return "The publisher retracted it: its headline says so."
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    near = lines[:_AT_EITHER_END] + lines[-_AT_EITHER_END:]
    if any(len(line) <= _LONGEST_NOTICE and _NOTICE.search(line) for line in near):
        return "The publisher took it back: its page says so."
    return None
