"""Who is who over the corpus: speakers within articles become persons, and what a person typed finds them.

A merge needs evidence: the same first and last name, or a surname that one person of the corpus owns almost alone.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from rapidfuzz.distance import DamerauLevenshtein

from index.model import PersonEntry, Speaker, SpeakerKind
from index.storage.base import Corpus, Mention, PersonRow
from index.text.analyzer import STOP_WORDS, tokens

TITLES = frozenset(
    """
    mr mrs ms miss mx dr prof professor sir dame lord lady sen senator rep representative congressman congresswoman gov
    governor pres president vice vp secretary gen general col colonel lt lieutenant capt captain sgt sergeant major
    admiral judge justice mayor chancellor minister prime premier king queen prince princess pope rev reverend pastor
    bishop cardinal father sister candidate nominee former ex the chairman chairwoman chair director speaker leader
    ambassador attorney commissioner chief councilman councilwoman councillor superintendent coach sheriff
    """.split()
)
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "esq", "phd", "md"})
OWNED = 0.8  # share of a surname's articles from which a bare surname is taken to be its owner


def folded(name: str) -> str:
    """The form under which a name is looked up: folded words, single spaces; a possessive is gone."""
    return " ".join(tokens(name))


def name_words(name: str) -> list[str]:
    """Folded words of a person's name without titles before and suffixes behind; all words when nothing would stay."""
    words = tokens(name)
    start, end = 0, len(words)
    while start < end and words[start] in TITLES:
        start += 1
    while end > start and words[end - 1] in SUFFIXES:
        end -= 1
    return words[start:end] or words


def role_words(role: str) -> frozenset[str]:
    """The words of a role by which it is found: "the Texas governor" and "governor of Texas" are the same."""
    return frozenset(word for word in tokens(role) if word not in STOP_WORDS)


# ---------------------------------------------------------------------------------------------------------------
# Writing: mentions -> persons


@dataclass(slots=True)
class _Gathering:
    """What is known of one person while mentions stream by."""

    kind: SpeakerKind
    names: Counter[str] = field(default_factory=Counter)
    roles: dict[str, list[tuple[date | None, int]]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    statements: int = 0

    def add(self, mention: Mention) -> None:
        self.names[mention.name] += 1
        for alias in mention.aliases:
            self.names[alias] += 0
        if mention.role:
            self.roles.setdefault(mention.role, []).append((mention.day, 1))
        self.keys.add(mention.key)
        self.articles.add(mention.article_id)
        self.statements += mention.statements

    def absorb(self, other: "_Gathering") -> None:
        self.names.update(other.names)
        for role, days in other.roles.items():
            self.roles.setdefault(role, []).extend(days)
        self.keys |= other.keys
        self.articles |= other.articles
        self.statements += other.statements


def resolve(mentions: Iterable[Mention]) -> Iterator[PersonRow]:
    """Persons and organisations over the corpus, most statements first; ids are stable while the names are.

    The unnamed ("a senior official") are nobody in particular and are left out.
    """
    gathered: dict[tuple[str, ...], _Gathering] = {}
    for mention in mentions:
        if mention.kind is SpeakerKind.UNNAMED:
            continue
        identity = _identity(mention)
        if identity:
            gathered.setdefault(identity, _Gathering(kind=mention.kind)).add(mention)
    _give_surnames_to_owners(gathered)
    for identity, person in sorted(gathered.items(), key=lambda item: (-item[1].statements, item[0])):
        yield _row(identity, person)


def _identity(mention: Mention) -> tuple[str, ...]:
    if mention.kind is not SpeakerKind.PERSON:
        words = [word for word in tokens(mention.name) if word != "the"]
        return (mention.kind.value, " ".join(words)) if words else ()
    words = name_words(mention.name)
    if not words:
        return ()
    return ("person", words[0], words[-1]) if len(words) > 1 else ("person", words[0])


def _give_surnames_to_owners(gathered: dict[tuple[str, ...], _Gathering]) -> None:
    """A person known by surname alone is the one who owns nearly all articles of that surname, else stays apart."""
    owners: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for identity in gathered:
        if identity[0] == "person" and len(identity) == 3:
            owners[identity[2]].append(identity)
    for identity in [i for i in gathered if i[0] == "person" and len(i) == 2]:
        candidates = owners.get(identity[1], [])
        total = sum(len(gathered[c].articles) for c in candidates)
        best = max(candidates, key=lambda c: len(gathered[c].articles), default=None)
        if best and len(gathered[best].articles) >= OWNED * total:
            gathered[best].absorb(gathered.pop(identity))


def _row(identity: tuple[str, ...], person: _Gathering) -> PersonRow:
    name = max(person.names, key=lambda n: (min(len(name_words(n)), 2), person.names[n], -len(n), n))
    roles = []
    for role, printed in sorted(person.roles.items(), key=lambda item: (-len(item[1]), item[0]))[:12]:
        days = [day for day, _ in printed if day]
        roles.append((role, min(days, default=None), max(days, default=None)))
    aliases = tuple(sorted(n for n in person.names if n != name))[:20]
    speaker = Speaker(
        id="p" + hashlib.blake2b(" ".join(identity).encode(), digest_size=6).hexdigest(),
        name=name,
        role=roles[0][0] if roles else None,
        kind=person.kind,
        aliases=aliases,
    )
    names = {folded(n) for n in (name, *aliases)}
    if person.kind is SpeakerKind.PERSON:
        for each in (name, *aliases):
            words = name_words(each)
            names |= {" ".join(words), words[-1], f"{words[0]} {words[-1]}" if len(words) > 1 else words[0]}
    else:
        names |= {n.removeprefix("the ") for n in names}
    entry = PersonEntry(
        speaker=speaker,
        keys=frozenset(person.keys),
        articles=len(person.articles),
        statements=person.statements,
        roles=tuple(roles),
    )
    return PersonRow(
        entry=entry, names=frozenset(n for n in names if n), role_terms=tuple(role_words(role) for role, _, _ in roles)
    )


# ---------------------------------------------------------------------------------------------------------------
# Reading: what somebody typed -> persons


class How(StrEnum):
    """By what a speaker was found."""

    NAME = "name"
    ROLE = "role"
    SPELLING = "spelling"  # a name that is spelt nearly so
    FIRST_NAME = "first name"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The persons that a typed name can mean, likeliest first; none when nobody is known by it.

    Attributes:
        near: names to offer when `entries` is empty or a guess.
    """

    entries: tuple[PersonEntry, ...] = ()
    how: How = How.NAME
    near: tuple[str, ...] = ()


def find(corpus: Corpus, typed: str, *, asked: date | None = None) -> Found:
    """Finds whom a person means by a name, a surname, a role, an organisation or a misspelling.

    Args:
        corpus: where persons are kept.
        typed: as in the question ("the white house press secretary", "Nuert", "nauert's").
        asked: the question's now, by which a role's holder is chosen.
    """
    words = [w for w in tokens(typed) if w not in {"the", "a", "an"}]
    if not words:
        return Found()
    for form in dict.fromkeys((" ".join(words), " ".join(name_words(" ".join(words))))):
        entries = corpus.people_named(form)
        if entries:
            return Found(entries=entries, how=How.NAME)
    stripped = name_words(" ".join(words))
    in_role = _holders(corpus, frozenset(w for w in words if w not in STOP_WORDS), asked)
    if in_role:
        return Found(entries=in_role, how=How.ROLE)
    if len(stripped) > 1:  # "heather ann nauert", "press secretary sanders", "nauert of the state department"
        both = corpus.people_named(f"{stripped[0]} {stripped[-1]}")
        if both:
            return Found(entries=both, how=How.NAME)
        by_surname = _fitting(corpus.people_named(stripped[-1]), stripped[:-1])
        if by_surname:
            return Found(entries=by_surname, how=How.NAME)
    return _spelt_nearly(corpus, stripped)


def _holders(corpus: Corpus, words: frozenset[str], asked: date | None) -> tuple[PersonEntry, ...]:
    """Persons in a role, the one who held it latest before `asked` first."""
    if not words:
        return ()
    holders = corpus.people_in_role(words)

    def last_held(entry: PersonEntry) -> tuple[int, int]:
        days = [last for role, _, last in entry.roles if last and words <= role_words(role)]
        seen = [day for day in days if asked is None or day <= asked]
        return (max(seen).toordinal() if seen else 0, entry.statements)

    return tuple(sorted(holders, key=last_held, reverse=True))


def _fitting(entries: Iterable[PersonEntry], other_words: list[str]) -> tuple[PersonEntry, ...]:
    """Those of the same surname whose names or roles hold every other word typed."""
    wanted = {w for w in other_words if w not in STOP_WORDS and w not in TITLES}
    fitting = []
    for entry in entries:
        speaker = entry.speaker
        known = {w for text in (speaker.name, *speaker.aliases, *(r for r, _, _ in entry.roles)) for w in tokens(text)}
        if wanted <= known:
            fitting.append(entry)
    return tuple(fitting)


def _spelt_nearly(corpus: Corpus, words: list[str]) -> Found:
    """First names, and names within one typing slip for each four letters."""
    near = corpus.people_like(" ".join(words), 10)
    close: list[tuple[int, PersonEntry]] = []
    first = []
    for entry in near:
        forms = [name_words(n) for n in (entry.speaker.name, *entry.speaker.aliases)]
        if len(words) == 1 and any(form[0] == words[0] for form in forms if len(form) > 1):
            first.append(entry)
            continue
        distance = min((_distance(words, form) for form in forms), default=99)
        if distance < 99:
            close.append((distance, entry))
    names = tuple(dict.fromkeys(entry.speaker.name for entry in near))[:5]
    if first:
        return Found(entries=tuple(first), how=How.FIRST_NAME, near=names)
    if close:
        best = min(distance for distance, _ in close)
        return Found(entries=tuple(e for d, e in close if d == best), how=How.SPELLING, near=names)
    return Found(near=names)


def _distance(typed: list[str], form: list[str]) -> int:
    """Edits between what was typed and a name (its surname when one word was typed); 99 when they are too many."""
    if len(typed) == 1:
        return _slips(typed[0], form[-1])
    if len(form) == 1:
        return 99
    return min(99, _slips(typed[0], form[0]) + _slips(typed[-1], form[-1]))


def _slips(typed: str, name: str) -> int:
    allowed = 0 if len(typed) < 4 else 1 if len(typed) < 6 else 2
    distance = DamerauLevenshtein.distance(typed, name)
    return distance if distance <= allowed else 99
