"""Knows who is who within an article: the people and organisations named in it, their titles, roles and gender."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from index.text.names import (
    FEMALE_TITLES,
    MALE_TITLES,
    SUFFIXES,
    TITLES,
    Mention,
    gender_of_first_name,
    is_first_name,
    mentions,
)
from index.text.reading import Block, Sentence
from index.text.roles import role_after, role_before

_FEMALE = frozenset("woman spokeswoman congresswoman chairwoman wife mother daughter sister actress queen aunt".split())
_MALE = frozenset("man spokesman congressman chairman husband father son brother actor king uncle".split())


@dataclass(slots=True, eq=False)
class Person:
    """Somebody, or an organisation, as the article names them.

    Attributes:
        name: the fullest printed name.
        person: False for organisations, places and the like.
        roles: as printed, with where.
        order: of first mention.
        unclear: it is one of several with that surname, and the article doesn't tell which.
    """

    name: tuple[str, ...]
    person: bool
    order: int
    gender: str = ""
    unclear: bool = False
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


_FINITE = re.compile("[Vvm]")
_NEAR = 2  # paragraphs over which a full name still tells whose the surname is
_WHERE = frozenset("in near across outside".split())
_FOR_SOMEBODY = frozenset(["spokesman", "spokeswoman", "spokesperson", "press secretary"])


class Cast:
    """The people and organisations of one article, and where each is mentioned."""

    def __init__(self, blocks: list[Block]) -> None:
        self.people: list[Person] = []
        self._by_surname: dict[str, list[Person]] = {}
        self._by_first_name: dict[str, Person] = {}
        self._organisations: dict[str, Person] = {}
        self._unclear: dict[tuple[str, ...], Person] = {}
        self.places: list[Place] = []
        self._at: dict[tuple[int, int], list[Place]] = {}
        seen = [
            (b, s, sentence, mentions(sentence))
            for b, block in enumerate(blocks)
            for s, sentence in enumerate(block.sentences)
        ]
        self._alone = {
            m.words[0]
            for b, _, sentence, named in seen
            for m in named
            if len(m.words) == 1 and not blocks[b].title_case and sentence.tags[m.last : m.last + 1] in ("V", "v", "'")
        }
        self._places_named = {
            m.words[0]
            for _, _, sentence, named in seen
            for m in named
            if len(m.words) == 1 and not m.titles and m.first and sentence.lower[m.first - 1] in _WHERE
        }
        for b, _, _, named in seen:
            if not blocks[b].title_case:
                self._introduce(named)
        for b, _, _, named in seen:
            if blocks[b].title_case:
                self._introduce([m for m in named if m.person and len(m.words) == 2 and is_first_name(m.words[0])])
        titles = frozenset(surname for surname in self._by_surname if surname.lower() in TITLES)
        if titles:
            seen = [(b, s, sentence, mentions(sentence, titles)) for b, s, sentence, _ in seen]
        for b, s, sentence, named in seen:
            self._place(b, s, sentence, named, blocks[b].title_case)
        self._weigh_genders(blocks)
        self._order = [(p.block, p.sentence, p.first) for p in self.places]

    def _introduce(self, named: list[Mention]) -> None:
        """Learn the full names of people."""
        for mention in named:
            if mention.person is False or len([w for w in mention.words if w.lower() not in SUFFIXES]) < 2:
                continue
            if mention.person or (len(mention.words) == 2 and mention.words[1] in self._alone):
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
        self._by_first_name.setdefault(mention.words[0], made)
        return made

    @staticmethod
    def _one(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
        """Whether two full names with one surname are one person's."""
        if _suffix(some) != _suffix(others):
            return False
        a, b = some[0].rstrip("."), others[0].rstrip(".")
        return a[:3] == b[:3] or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b))

    def _place(self, b: int, s: int, sentence: Sentence, named: list[Mention], title_case: bool) -> None:
        if not named:
            return
        told = _FINITE.search(sentence.tags)
        first_verb = told.start() if told else len(sentence.tags)
        for mention in named:
            who = self._who(mention, b, title_case)
            if who is None:
                continue
            who.count += 1
            if not title_case:
                who.gender = who.gender or _gender(mention)
                who.forms.add(printed(mention.words))
                if not who.person and "of" in mention.words[2:]:
                    # "Harwick Chamber" of Commerce
                    who.forms.add(printed(mention.words[: mention.words.index("of")]))
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
                if role and role.lower() in _FOR_SOMEBODY:
                    role = self._whose(b, s, sentence, role)
                if role and role not in who.roles:
                    who.roles.append(role)

    def _whose(self, block: int, number: int, sentence: Sentence, role: str) -> str:
        """A spokesperson's role with the organisation that the sentence before is about."""
        before = [p for p in self._at.get((block, number - 1), []) if p.subject and not p.who.person]
        if before and before[0].first < 3 and sentence.inside < 0:
            return f"{before[0].who.shown} {role[0].lower()}{role[1:]}"
        return role

    def _who(self, mention: Mention, block: int, title_case: bool) -> Person | None:
        bare = [word for word in mention.words if word.lower() not in SUFFIXES and word != ","]
        if not bare:
            return None
        surname = bare[-1]
        known = self._by_surname.get(surname, [])
        if not known and surname.isupper() and len(surname) > 2:
            known = self._by_surname.get(surname.capitalize(), [])  # a transcript's "MARSH:"
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
            called = self._by_first_name.get(surname)
            if called is not None:
                return called
        a_person = mention.person is not False and (mention.person or surname not in self._places_named)
        if len(bare) == 1 and a_person and (not title_case or mention.person):
            gender = _gender(mention) or gender_of_first_name(surname)
            made = Person(mention.words, person=True, order=len(self.people), gender=gender)
            self.people.append(made)
            self._by_surname.setdefault(surname, []).append(made)
            return made
        key = printed(mention.words)
        if key not in self._organisations:
            self._organisations[key] = Person(mention.words, person=False, order=len(self._organisations))
        return self._organisations[key]

    def _among(self, known: list[Person], mention: Mention, block: int) -> Person:
        """Which of several people with one surname is meant: gender of the title, then the last one named nearby."""
        gender = _gender(mention)
        if len(known) == 1 and (not gender or known[0].gender in ("", gender)):
            return known[0]
        if gender and mention.titles and not any(person.gender in ("", gender) for person in known):
            made = Person((mention.titles[-1].capitalize(), *mention.words), True, len(self.people), gender)
            self.people.append(made)
            known.append(made)
            return made
        fits = [person for person in known if not gender or person.gender in ("", gender)] or known
        if len(fits) == 1:
            return fits[0]
        full = [p for p in reversed(self.places[-12:]) if p.who in fits and p.last - p.first > 1]
        alone = full and not any(
            p.who is not full[0].who and (p.block, p.sentence) == (full[0].block, full[0].sentence) for p in full
        )
        if alone and full[0].block == block:
            return full[0].who
        best, second = sorted(fits, key=lambda person: (-person.count, person.order))[:2]
        if best.count >= 2 * second.count:
            return best
        if alone and block - full[0].block <= _NEAR:
            return full[0].who
        return self._either(mention.words)

    def _either(self, name: tuple[str, ...]) -> Person:
        """Nobody of several with one surname can be told: the surname alone, a speaker apart from all of them."""
        if name not in self._unclear:
            self._unclear[name] = Person(name, True, len(self.people), unclear=True)
        return self._unclear[name]

    def _weigh_genders(self, blocks: list[Block]) -> None:
        """Where titles and first names are silent: the pronouns that follow somebody named alone in a sentence."""
        votes: dict[int, int] = {}
        unknown = {id(p.who): p.who for p in self.places if p.who.person and not p.who.gender}
        for place in self.places if unknown else ():
            if id(place.who) not in unknown or place.quoted:
                continue
            named = [p for p in self.at(place.block, place.sentence) if p.who.person]
            if any(p.who is not place.who for p in named):
                continue
            lower = blocks[place.block].sentences[place.sentence].lower[place.last :]
            male = sum(word in ("he", "his", "him", "himself") for word in lower)
            female = sum(word in ("she", "her", "hers", "herself") for word in lower)
            votes[id(place.who)] = votes.get(id(place.who), 0) + (male > 0) - (female > 0)
        for key, vote in votes.items():
            unknown[key].gender = "m" if vote > 0 else "f" if vote < 0 else ""

    def at(self, block: int, sentence: int) -> list[Place]:
        """The mentions in a sentence, in order."""
        return self._at.get((block, sentence), [])

    def principal(self) -> Person | None:
        """Whom the article names most often, where that is one."""
        people = sorted((one for one in self.people if one.count), key=lambda one: -one.count)[:2]
        return people[0] if people and (len(people) == 1 or people[0].count > people[1].count) else None

    def between(self, first: int, last: int) -> list[Place]:
        """The mentions in the blocks from `first` to `last`, both included, in order."""
        return self.places[bisect_right(self._order, (first, -1, -1)) : bisect_right(self._order, (last + 1, -1, -1))]

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
