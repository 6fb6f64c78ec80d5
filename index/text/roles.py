"""Finds the role printed with a name: a title before it, an apposition after it."""

import re

from index.text.names import FEMALE_TITLES, MALE_TITLES, Mention
from index.text.reading import Sentence

_ROLE_AFTER = re.compile(r"[do]?(?:[jr#ng]*[NP']+)+(?:i[do]?(?:[jr#ng]*[NP']+)+)*")


def role_before(sentence: Sentence, mention: Mention) -> str | None:
    """The title or role printed before a name ("State Department spokeswoman")."""
    phrase = sentence.phrase_at[mention.first]
    if phrase < 0:
        return None
    first = sentence.phrases[phrase][0]
    if first == mention.first and first > 1 and sentence.tags[first - 1] == "," and phrase > 0:
        # "a spokesman, Brian Fallon, said"
        begin, end = sentence.phrases[phrase - 1]
        if end == first - 1 and sentence.tags[end - 1] == "N" and sentence.tags[mention.last : mention.last + 1] == ",":
            while begin > 1 and sentence.lower[begin - 1] in ("of", "for", "at", "with", "to"):
                own = sentence.phrase_at[begin - 2]
                if own < 0:
                    break
                begin = sentence.phrases[own][0]  # "a spokesman for the campaign, Brian Fallon, said"
            begin += sentence.tags[begin] in "do"
            return _joined(sentence, begin, end)
    if phrase > 0 and first >= 2 and sentence.lower[first - 1] == "of":
        earlier = sentence.phrases[phrase - 1]
        if earlier[1] == first - 1 and first < mention.first:
            first = earlier[0]
    while first < mention.first and sentence.tags[first] in "do":
        first += 1
    for unit in range(mention.first - 1, first - 1, -1):
        if sentence.tags[unit] in "'o":
            first = unit + 1
            break
    words = sentence.words[first : mention.first]
    if not words or (words[-1].lower() in MALE_TITLES | FEMALE_TITLES and words[-1][-1:] == "."):
        return None
    if not any(word.lower() not in ("former", "then", "the") for word in words):
        return None
    return _joined(sentence, first, mention.first)


def role_after(sentence: Sentence, mention: Mention) -> str | None:
    """The role printed after a name ("..., a spokesman for the campaign")."""
    start = mention.last + 1
    if sentence.tags[mention.last : start] != "," or sentence.tags[start : start + 1] not in ("d", "o", "N", "j"):
        return None
    found = _ROLE_AFTER.match(sentence.tags, start)
    if not found or found.end() >= len(sentence.tags) or sentence.tags[found.end()] not in ",.Vvw":
        return None
    if sentence.tags[start] in "jN" and sentence.tags[found.end()] != ",":
        return None
    first = start + (sentence.lower[start] in ("the", "a", "an"))
    if first >= found.end() or not any(tag == "N" for tag in sentence.tags[first : found.end()]):
        return None
    return _joined(sentence, first, found.end())


def _joined(sentence: Sentence, first: int, last: int) -> str:
    out = ""
    for unit in range(first, last):
        glued = unit == first or sentence.begins[unit] == sentence.ends[unit - 1]
        out += sentence.words[unit] if glued else " " + sentence.words[unit]
    return out


def fullest_role(roles: list[str]) -> str | None:
    """The first role printed, or a later one that says the same and more ("State Department spokeswoman")."""
    best = roles[0] if roles else None
    for role in roles[1:]:
        if best and set(best.lower().split()) < set(role.lower().split()) and len(role.split()) < 9:
            best = role
    return best
