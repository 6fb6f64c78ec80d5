"""Roles as words that can be compared: "the Italian PM" and "Italian Prime Minister Matteo Renzi" say the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from index.people.lexicon_files import read_list
from index.text.analyzer import STOP_WORDS, stem, tokens
from index.text.names import is_first_name

PAST = frozenset("former ex past previous then late retired onetime outgoing longtime erstwhile".split())
_LOOSE = frozenset("new old young top own current senior".split())


@cache
def _heads() -> tuple[dict[tuple[str, ...], tuple[str, ...]], dict[str, int]]:
    """Each printed form of a head, as folded words, to the classes it can mean; most words by first word."""
    forms: dict[tuple[str, ...], tuple[str, ...]] = {}
    for word, printed in read_list("roles.txt"):
        for form in printed:
            key = tuple(tokens(form))
            forms[key] = tuple(dict.fromkeys((*forms.get(key, ()), word)))
    longest: dict[str, int] = {}
    for key in forms:
        longest[key[0]] = max(len(key), longest.get(key[0], 0))
    return forms, longest


@cache
def _places() -> dict[str, str]:
    return {form: place for place, forms in read_list("places.txt") for form in forms}


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """What a role is and of whom or what.

    Attributes:
        heads: classes of its head nouns ("spokesperson"), in order, each the classes that the words can mean,
            likeliest first.
        others: stems of its other words, places in one form ("italy"); names of persons and bodies stay as they are.
        past: it says that it was held before.
        gender: "m" or "f" where the head's form tells ("spokeswoman").
    """

    heads: tuple[tuple[str, ...], ...]
    others: frozenset[str]
    past: bool = False
    gender: str = ""

    @property
    def words(self) -> frozenset[str]:
        """All words in the one form under which a role is found."""
        return self.others.union(*self.heads)


@lru_cache(maxsize=4096)  # the same people are printed in the same way again and again
def read_role(text: str) -> Role:
    """A role as printed or typed, taken apart; words that make no role give no heads."""
    heads: list[tuple[str, ...]] = []
    others: set[str] = set()
    words = tokens(text)
    past = any(word in PAST for word in words)
    place = 0
    while place < len(words):
        found = head_at(words, place)
        if found:
            heads.append(found[0])
            place += found[1]
            continue
        word = words[place]
        if word not in STOP_WORDS and word not in PAST and word not in _LOOSE:
            others.add(common_form(word))
        place += 1
    return Role(heads=tuple(heads), others=frozenset(others), past=past, gender=_gender(words))


def _gender(words: Sequence[str]) -> str:
    found = {
        "f" if word.endswith("woman") else "m" for word in words if word.endswith(("woman", "man")) and len(word) > 5
    }
    return found.pop() if len(found) == 1 else ""


def head_at(words: Sequence[str], place: int) -> tuple[tuple[str, ...], int] | None:
    """The classes of the longest head that begins at that word, and how many words it has."""
    forms, longest = _heads()
    for size in range(min(longest.get(words[place], 0), len(words) - place), 0, -1):
        classes = forms.get(tuple(words[place : place + size]))
        if classes:
            return classes, size
    return None


def common_form(word: str) -> str:
    """A word's stem; for a place's adjective or short form the place's."""
    return stem(_places().get(word, word))


def head_forms(role: Role) -> tuple[str, ...]:
    """The ways in which a role's heads are printed, in lower case."""
    return _printed(frozenset(name for head in role.heads for name in head))


@cache
def _printed(classes: frozenset[str]) -> tuple[str, ...]:
    return tuple(form for word, forms in read_list("roles.txt") if word in classes for form in forms)


@cache
def place_forms(word: str) -> tuple[str, ...]:
    """A word as `common_form` makes it, with what a place of that name goes by."""
    names = {stem(place): forms for place, forms in read_list("places.txt")}
    return (word, *(form for form in names.get(word, ()) if len(form) > 3))


def is_role(text: str) -> bool:
    """Whether the words say what somebody is and no name follows: "the mayor of new york", "stein's spokeswoman"."""
    words = tokens(text)
    if len(words) == 2 and is_first_name(words[0].capitalize()) and "'" not in text and "’" not in text:
        return False  # "larry king" is a name
    for place in range(len(words)):
        found = head_at(words, place)
        if found:
            rest = words[place + found[1] :]
            if not rest or rest[0] in {"of", "for", "at", "in", "from", "who", "on", "to"}:
                return True
    return False
