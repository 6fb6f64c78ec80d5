"""Knows who is who within an article: the people and organisations named in it, their titles, roles and gender."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.text.names import (
    FEMALE_TITLES,
    MALE_TITLES,
    SUFFIXES,
    Mention,
    gender_of_first_name,
    is_first_name,
    is_other_name,
    mentions,
)
from index.text.reading import Block, Sentence

_ROLE_AFTER = re.compile(r"[do]?(?:[jr#ng]*[NP']+)+(?:i[do]?(?:[jr#ng]*[NP']+)+)*")
_FEMALE = frozenset("woman spokeswoman congresswoman chairwoman wife mother daughter sister actress queen aunt".split())
_MALE = frozenset("man spokesman congressman chairman husband father son brother actor king uncle".split())


@dataclass(slots=True)
class Person:
    """Somebody, or an organisation, as the article names them.

    Attributes:
        name: the fullest printed name.
        person: False for organisations, places and the like.
        roles: as printed, with where.
        order: of first mention.
    """

    name: tuple[str, ...]
    person: bool
    order: int
    gender: str = ""
    count: int = 0
    roles: list[str] = field(default_factory=list)
    forms: set[str] = field(default_factory=set)

    @property
    def surname(self) -> str:
        """The last word of the name, suffixes aside."""
        return surname_of(self.name)

    @property
    def shown(self) -> str:
        """The name as it is printed."""
        return printed(self.name)


@dataclass(frozen=True, slots=True)
class Place:
    """A mention of somebody: where, and how."""

    block: int
    sentence: int
    first: int
    last: int
    who: Person
    subject: bool
    possessive: bool
    quoted: bool


def surname_of(name: tuple[str, ...]) -> str:
    """The last word of a name, suffixes aside."""
    words = [word for word in name if word.lower() not in SUFFIXES and word != ","]
    return words[-1] if words else name[-1]


def printed(name: tuple[str, ...]) -> str:
    """The words of a name with spaces between them."""
    return " ".join(name).replace(" ,", ",")


def _suffix(name: tuple[str, ...]) -> str:
    return name[-1].lower().rstrip(".") if len(name) > 1 and name[-1].lower() in SUFFIXES else ""


class Cast:
    """The people and organisations of one article, and where each is mentioned."""

    def __init__(self, blocks: list[Block]) -> None:
        self.people: list[Person] = []
        self._by_surname: dict[str, list[Person]] = {}
        self._organisations: dict[str, Person] = {}
        self.places: list[Place] = []
        self._at: dict[tuple[int, int], list[Place]] = {}
        seen = [
            (b, s, sentence, mentions(sentence))
            for b, block in enumerate(blocks)
            for s, sentence in enumerate(block.sentences)
        ]
        for b, _, _, named in seen:
            if not blocks[b].title_case:
                self._introduce(named)
        for b, _, _, named in seen:
            if blocks[b].title_case:
                self._introduce([m for m in named if m.person and len(m.words) == 2 and is_first_name(m.words[0])])
        for b, s, sentence, named in seen:
            self._place(b, s, sentence, named, blocks[b].title_case)
        self._order = [(p.block, p.sentence, p.first) for p in self.places]

    def _introduce(self, named: list[Mention]) -> None:
        """Learn the full names of people."""
        for mention in named:
            if mention.person is False or len([w for w in mention.words if w.lower() not in SUFFIXES]) < 2:
                continue
            if mention.person is None and not is_first_name(mention.words[0]):
                continue
            if mention.person:
                self._full(mention)

    def _full(self, mention: Mention) -> Person:
        surname = surname_of(mention.words)
        for known in self._by_surname.get(surname, []):
            if self._one(known.name, mention.words):
                if len(mention.words) > len(known.name):
                    known.name = mention.words
                known.gender = known.gender or _gender(mention)
                return known
        made = Person(mention.words, person=True, order=len(self.people), gender=_gender(mention))
        self.people.append(made)
        self._by_surname.setdefault(surname, []).append(made)
        return made

    @staticmethod
    def _one(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
        """Whether two full names with one surname are one person's."""
        if _suffix(some) != _suffix(others):
            return False
        a, b = some[0].rstrip("."), others[0].rstrip(".")
        return a[:3] == b[:3] or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b))

    def _place(self, b: int, s: int, sentence: Sentence, named: list[Mention], title_case: bool) -> None:
        first_verb = next((u for u, tag in enumerate(sentence.tags) if tag in "Vvm"), len(sentence.tags))
        for mention in named:
            who = self._who(mention, b, title_case)
            if who is None:
                continue
            who.count += 1
            if not title_case:
                who.gender = who.gender or _gender(mention)
                who.forms.add(printed(mention.words))
            place = Place(
                b,
                s,
                mention.first,
                mention.last,
                who,
                mention.last <= first_verb and "i" not in sentence.tags[: mention.first],
                sentence.tags[mention.last : mention.last + 1] == "'",
                sentence.inside >= 0,
            )
            self.places.append(place)
            self._at.setdefault((b, s), []).append(place)
            if who.person and not title_case:
                role = role_before(sentence, mention) or role_after(sentence, mention)
                if role and role not in who.roles:
                    who.roles.append(role)

    def _who(self, mention: Mention, block: int, title_case: bool) -> Person | None:
        bare = [word for word in mention.words if word.lower() not in SUFFIXES and word != ","]
        if not bare:
            return None
        surname = bare[-1]
        known = self._by_surname.get(surname, [])
        if len(bare) > 1:
            for person in known:
                if self._one(person.name, mention.words):
                    return person
            if mention.person and not title_case:
                return self._full(mention)
            if known and not mention.person and title_case:
                return known[0]
        elif known:
            return self._among(known, mention, block)
        else:
            first = [p for p in self.people if p.name[0] == surname and p.person]
            if first:
                return first[0]
        if len(bare) == 1 and mention.person is not False and (not title_case or mention.person):
            made = Person(mention.words, person=True, order=len(self.people), gender=_gender(mention))
            self.people.append(made)
            self._by_surname.setdefault(surname, []).append(made)
            return made
        key = printed(mention.words)
        if key not in self._organisations:
            self._organisations[key] = Person(mention.words, person=False, order=len(self._organisations))
        return self._organisations[key]

    def _among(self, known: list[Person], mention: Mention, block: int) -> Person:
        """Which of several people with one surname is meant: gender of the title, then the last one named nearby."""
        if len(known) == 1:
            return known[0]
        gender = _gender(mention)
        fits = [person for person in known if not gender or person.gender in ("", gender)] or known
        for place in reversed(self.places[-12:]):
            if place.who in fits and place.block == block and place.last - place.first > 1:
                return place.who
        return max(fits, key=lambda person: (person.count, -person.order))

    def at(self, block: int, sentence: int) -> list[Place]:
        """The mentions in a sentence, in order."""
        return self._at.get((block, sentence), [])

    def before(self, block: int, sentence: int, unit: int) -> Iterator[Place]:
        """Mentions before a unit, nearest first."""
        end = bisect_right(self._order, (block, sentence, unit - 1))
        for number in range(end - 1, max(-1, end - 40), -1):
            yield self.places[number]


def _gender(mention: Mention) -> str:
    for title in mention.titles:
        if title in MALE_TITLES or title in _MALE:
            return "m"
        if title in FEMALE_TITLES or title in _FEMALE:
            return "f"
    return gender_of_first_name(mention.words[0]) if len(mention.words) > 1 else ""


def role_before(sentence: Sentence, mention: Mention) -> str | None:
    """The title or role printed before a name ("State Department spokeswoman")."""
    phrase = sentence.phrase_at[mention.first]
    if phrase < 0:
        return None
    first = sentence.phrases[phrase][0]
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
    if not words or words[-1].lower() in MALE_TITLES | FEMALE_TITLES and words[-1][-1:] == ".":
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


__all__ = ["Cast", "Person", "Place", "is_other_name", "printed", "surname_of"]
