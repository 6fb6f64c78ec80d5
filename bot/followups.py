"""Reads the line "as understood" of an earlier answer back as a question, so that a follow-up needs no stored text."""

import re

_DAY = r"\d{1,2} [A-Z][a-z]+ \d{4}"
_FORMS = (
    (re.compile(r"^Whether (.+?) said (“.*”)(.*)$"), r"did \1 say \2\3"),
    (re.compile(r"^Paragraphs about: "), ""),
    (re.compile(rf", ({_DAY})(?=, in |$)"), r" on \1"),
    (re.compile(r", side by side(?=,| on |$)"), ""),
)

_BETWEEN = re.compile(rf", (?P<first>{_DAY}) to (?P<last>{_DAY})(?=,|$)")


def as_question(understood: str) -> str:
    """A question that is understood as this line says; the line itself where it is one already.

    Args:
        understood: as `index.answer.wording.understood` words it.
    """
    for form, question in _FORMS:
        understood = form.sub(question, understood)
    return _BETWEEN.sub(_period, understood)


def _period(found: re.Match[str]) -> str:
    """A month or a year by its name; of other stretches of days the first, since a question names one."""
    (first, month, year), (last, last_month, last_year) = found["first"].split(), found["last"].split()
    if (first, month, last, last_month, year) == ("1", "January", "31", "December", last_year):
        return f" in {year}"
    if first == "1" and (month, year) == (last_month, last_year) and int(last) >= 28:
        return f" in {month} {year}"
    return f" since {found['first']}"
