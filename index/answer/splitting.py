"""Finds where a speaker's name ends and the question's verb begins: "what did | ada marsh | say | about tolls"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.answer import forms
from index.answer.forms import NOBODY, lowered, tidy
from index.answer.query import Names
from index.people.roles import is_role
from index.text.analyzer import fold

_FUNCTION_WORDS = frozenset(
    "the a an of for to in on at and or by with from about his her their its is was be not that this if whether".split()
)
LONGEST_ROLE = 12  # words: "the chairman of the county board in north harwick"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One way to read the words behind "what did": a name, a verb and the rest."""

    who: str
    verb: str
    strong: bool
    rest: str
    known: float = 0.0


def best_split(text: str, lower: str, start: int, names: Names) -> Split | None:
    """The first way whose name is best known; when nobody is, the first with a verb that asks for words."""
    splits = [replace(s, known=_known(s.who, names)) for s in _readings(text, lower, start)]
    best = max(splits, key=lambda s: s.known, default=None)
    if best is None or best.known > 0:
        return best
    return next((s for s in splits if s.strong), splits[0])


def _readings(text: str, lower: str, start: int) -> Iterator[Split]:
    words = list(re.finditer(r"\S+", lower[start:]))[: LONGEST_ROLE + 3]
    for place in range(1, len(words)):
        word = words[place]
        verb = forms.VERB.fullmatch(word.group().strip(',:"“'))
        if not verb:
            continue
        who = text[start : start + words[place - 1].end()]
        who = re.sub(rf"(?:\s+{forms.ADVERB})+$", "", who, flags=re.IGNORECASE).strip()
        last = re.findall(r"[\w']+", lowered(who))[-1:]
        if fold(who) in NOBODY:
            return  # "does he say anything about what X wrote": he
        if not last or last[0] in _FUNCTION_WORDS or too_long(who, 9):
            continue
        rest = text[start + word.end() :].strip()
        anything = forms.AFTER_VERB.match(lowered(rest))
        if anything and lowered(rest).startswith("out"):
            rest = rest[anything.end() :]
        yield Split(who=who, verb=verb.group(), strong=bool(verb["strong"]), rest=rest)


def too_long(who: str, most: int) -> bool:
    """Whether these are too many words for a name, and for what somebody is."""
    count = len(who.split())
    return count > most and not (count <= LONGEST_ROLE and lowered(who).startswith("the ") and is_role(who))


def _known(who: str, names: Names) -> float:
    return min((names.known(name) for name in speakers_in(who)), default=0.0)


def speakers_in(who: str) -> tuple[str, ...]:
    """The names that words hold: "both marsh and okoro's" are two."""
    names = (clean_name(name) for name in forms.AND.split(tidy(who)))
    return tuple(name for name in names if name and fold(name) != "both")


def clean_name(who: str) -> str:
    """A name without what stands around it."""
    return re.sub(r"(?:['’]s|(?<=s)['’])$", "", tidy(re.sub(r"^(?:both|the\s+late)\s+", "", who)))
