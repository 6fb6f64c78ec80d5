"""Finds what a page's links left inside a line: a longer name and headlines glued to a name, ended by MORE."""

import re
from itertools import islice
from typing import NamedTuple

_REACH = 1_000  # code points: residue is a few headlines long
_MOST = 100  # residues in one line
_MORE = re.compile(r" ?MORE\b")
_GLUED = re.compile(
    r"""
    \b(?P<surname>[^\W\d_a-z][\w'’.-]{1,40})      # "Tillerson",
    (?<!\bMc)(?<!\bMac)                           # which "McDonald McDonald" is not,
    (?P<full>                                     # directly followed by
        (?:(?:[^\W\d_a-z][\w'’.-]{0,30}           # "Rex Wayne "
            |\([\w\ .'’-]{1,30}\)                 # "(Mitch) "
            |(?:de|del|der|den|da|di|la|le|van|von|bin|al)
        )\ ){0,6}
        (?P=surname)(?:,?\ (?:Jr|Sr)\.|\ I{2,3}\b)?  # and "Tillerson", directly followed by
    )
    (?=\S|$)                                      # the first headline, or MORE itself
    """,
    re.VERBOSE,
)
_IN_BRACKETS = re.compile(r"\([^)]*\) ?")
_WORD_BEFORE = re.compile(r"([^\W\d_][\w'’.-]{0,40}) $")


class Residue(NamedTuple):
    """What to cut out of a line, and what it told.

    Attributes:
        name: as the text has it ("Rex Tillerson"); `full`: the longer name that was glued on.
    """

    start: int
    end: int
    name: str
    full: str


def residues(line: str) -> list[Residue]:
    """Every residue of a line, in order."""
    found: list[Residue] = []
    at = 0
    for more in islice(_MORE.finditer(line), _MOST):
        glued = _GLUED.search(line, max(at, more.start() - _REACH), more.start())
        if glued is None:
            continue
        at = more.end()
        full = _IN_BRACKETS.sub("", glued["full"])
        name = _given_names(line[max(0, glued.start() - 100) : glued.start()], glued["full"]) + glued["surname"]
        found.append(Residue(glued.start("full"), at, name, full))
    return found


def _given_names(before: str, full: str) -> str:
    """The given names in front of a surname: words of the longer name, or a short form with its initial ("Jeb")."""
    words = re.findall(r"[\w'’.-]+", full)[:-1]
    given = ""
    while (match := _WORD_BEFORE.search(before)) and match[1] in words:
        given = f"{match[1]} {given}"
        before = before[: match.start()]
    if not given and match and words and match[1][0] == words[0][0]:
        given = f"{match[1]} "
    return given
