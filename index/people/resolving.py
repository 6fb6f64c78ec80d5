"""Who is who over the corpus: speakers within articles become persons.

A merge needs evidence: the same first and last name (or its nickname) with no different initials, or a surname that
one person of the corpus owns almost alone.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from index.model import PersonEntry, Speaker, SpeakerKind
from index.people.names import folded, formal_names, initials, name_words
from index.people.roles import read_role
from index.storage.base import Mention, PersonRow
from index.text.analyzer import tokens

PEOPLE_VERSION = 1
OWNED = 0.8  # share of a surname's articles from which a bare surname is taken to be its owner

Identity = tuple[str, ...]  # ("person", surname), ("person", first, surname, initials), ("organisation", its words)


@dataclass(slots=True)
class _Gathering:
    """What is known of one person while mentions stream by."""

    kind: SpeakerKind
    names: Counter[str] = field(default_factory=Counter)
    roles: dict[str, list[date | None]] = field(default_factory=dict)
    keys: set[str] = field(default_factory=set)
    articles: set[str] = field(default_factory=set)
    statements: int = 0

    def add(self, mention: Mention) -> None:
        self.names[mention.name] += 1
        for alias in mention.aliases:
            self.names[alias] += 0
        if mention.role:
            self.roles.setdefault(mention.role, []).append(mention.day)
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
    gathered: dict[Identity, _Gathering] = {}
    for mention in mentions:
        if mention.kind is SpeakerKind.UNNAMED:
            continue
        identity = _identity(mention.kind, mention.name)
        if identity:
            gathered.setdefault(identity, _Gathering(kind=mention.kind)).add(mention)
    _join_initials(gathered)
    _join_nicknames(gathered)
    _give_surnames_to_owners(gathered)
    for identity, person in sorted(gathered.items(), key=lambda item: (-item[1].statements, item[0])):
        yield _row(identity, person)


def family_of(kind: SpeakerKind, name: str) -> str:
    """What all mentions share that can ever be one person: the surname; of others the name itself.

    Nobody is joined over two families, so that families can be resolved one by one.
    """
    identity = _identity(kind, name)
    return (identity[2] if len(identity) == 4 else identity[1]) if identity else ""


def _identity(kind: SpeakerKind, name: str) -> Identity:
    if kind is not SpeakerKind.PERSON:
        words = [word for word in tokens(name) if word != "the"]
        return (kind.value, " ".join(words)) if words else ()
    words = name_words(name)
    if not words:
        return ()
    return ("person", words[0], words[-1], initials(words)) if len(words) > 1 else ("person", words[0])


def _join_initials(gathered: dict[Identity, _Gathering]) -> None:
    """George Bush is George W. Bush when nobody of that name has other initials, or he is named nearly always."""
    namesakes: dict[Identity, list[Identity]] = defaultdict(list)
    for identity in gathered:
        if len(identity) == 4:
            namesakes[identity[:3]].append(identity)
    for identities in namesakes.values():
        plain = next((i for i in identities if not i[3]), None)
        marked = sorted((i for i in identities if i[3]), key=lambda i: (-len(gathered[i].articles), i))
        if not marked:
            continue
        first = marked[0]
        for other in marked[1:]:
            if other[3][0] == first[3][0]:
                gathered[first].absorb(gathered.pop(other))
        left = [i for i in marked if i in gathered]
        if plain and len(gathered[first].articles) >= OWNED * sum(len(gathered[i].articles) for i in left):
            gathered[first].absorb(gathered.pop(plain))


def _join_nicknames(gathered: dict[Identity, _Gathering]) -> None:
    """Rudy Giuliani is Rudolph Giuliani when exactly one person has that surname and a name Rudy is short for."""
    namesakes: dict[str, list[Identity]] = defaultdict(list)
    for identity in gathered:
        if len(identity) == 4:
            namesakes[identity[2]].append(identity)
    for identity in [i for i in gathered if len(i) == 4 and formal_names(i[1])]:
        formal = [i for i in namesakes[identity[2]] if i in gathered and i[1] in formal_names(identity[1])]
        if len(formal) == 1 and not (identity[3] and formal[0][3] and identity[3][0] != formal[0][3][0]):
            gathered[formal[0]].absorb(gathered.pop(identity))


def _give_surnames_to_owners(gathered: dict[Identity, _Gathering]) -> None:
    """A person known by surname alone is the one who owns nearly all articles of that surname, else stays apart."""
    owners: dict[str, list[Identity]] = defaultdict(list)
    for identity in gathered:
        if len(identity) == 4:
            owners[identity[2]].append(identity)
    for identity in [i for i in gathered if i[0] == "person" and len(i) == 2]:
        candidates = owners.get(identity[1], [])
        total = sum(len(gathered[c].articles) for c in candidates)
        best = max(candidates, key=lambda c: len(gathered[c].articles), default=None)
        if best and len(gathered[best].articles) >= OWNED * total:
            gathered[best].absorb(gathered.pop(identity))


def _row(identity: Identity, person: _Gathering) -> PersonRow:
    def fullness(name: str) -> tuple[int, int, bool, int, str]:
        words = name_words(name)
        return (
            min(len(words), 2) - name.isupper(),
            person.names[name],
            not (words and formal_names(words[0])),
            -len(name),
            name,
        )

    name = max(person.names, key=fullness)
    roles = []
    for role, printed in sorted(person.roles.items(), key=lambda item: (-len(item[1]), item[0]))[:12]:
        days = [day for day in printed if day]
        roles.append((role, min(days, default=None), max(days, default=None)))
    aliases = tuple(sorted(n for n in person.names if n != name))[:20]
    speaker = Speaker(
        id="p" + hashlib.blake2b(" ".join(identity).rstrip().encode(), digest_size=6).hexdigest(),
        name=name,
        role=roles[0][0] if roles else None,
        kind=person.kind,
        aliases=aliases,
    )
    entry = PersonEntry(
        speaker=speaker,
        keys=frozenset(person.keys),
        articles=len(person.articles),
        statements=person.statements,
        roles=tuple(roles),
    )
    terms = tuple(read_role(role).words for role, _, _ in roles)
    family = identity[2] if len(identity) == 4 else identity[1]
    return PersonRow(entry=entry, names=_forms(person.kind, (name, *aliases)), role_terms=terms, family=family)


def _forms(kind: SpeakerKind, names: Iterable[str]) -> frozenset[str]:
    """The folded forms under which a person or an organisation is found."""
    forms: set[str] = set()
    for name in names:
        words = name_words(name)
        forms.add(folded(name))
        if kind is not SpeakerKind.PERSON:
            forms.add(folded(name).removeprefix("the "))
        elif words:
            forms |= {" ".join(words), words[-1], f"{words[0]} {words[-1]}" if len(words) > 1 else words[0]}
            if len(words) > 1:
                forms |= {f"{formal} {words[-1]}" for formal in formal_names(words[0])}
                forms |= {"".join(words), " ".join(words[-2:])}
    return frozenset(form for form in forms if form)
