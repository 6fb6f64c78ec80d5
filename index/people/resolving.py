"""Who is who over the corpus: speakers within articles become persons.

A merge needs evidence: the same first and last name (or its nickname) with no different initials, or a surname that
one person of the corpus owns almost alone.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from rapidfuzz.distance import DamerauLevenshtein

from index.model import PersonEntry, Speaker, SpeakerKind
from index.people.aliases import Aliases
from index.people.identity import (
    Identity,
    family,
    generic_family,
    identities,
    identity_of,
    is_generic,
    without_generation,
)
from index.people.names import folded, formal_names, name_words
from index.people.roles import read_role
from index.storage.records import Mention, PersonRow
from index.text.names import is_first_name

PEOPLE_VERSION = 1
NOBODY = Aliases()
OWNED = 0.8  # share of a surname's articles from which a bare surname is taken to be its owner


@dataclass(slots=True)
class _Gathering:
    """What is known of one person while mentions stream by."""

    kind: SpeakerKind
    identities: set[Identity]
    shown: str | None = None
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
        self.identities |= other.identities
        self.shown = self.shown or other.shown
        for name, count in other.names.items():
            self.names[name] += count
        for role, days in other.roles.items():
            self.roles.setdefault(role, []).extend(days)
        self.keys |= other.keys
        self.articles |= other.articles
        self.statements += other.statements


def resolve(mentions: Iterable[Mention], aliases: Aliases = NOBODY) -> Iterator[PersonRow]:
    """Persons and organisations over the corpus, most statements first; ids are stable while the names are.

    The unnamed ("a senior official", "the campaign") are nobody in particular and are left out.

    Args:
        mentions: all of those families whose persons are wanted; with aliases, those of all `related` families too.
        aliases: what the administrator says, which goes before all that is inferred.
    """
    persons = _Persons(aliases)
    for mention in map(aliases.meant, mentions):
        if mention.kind is SpeakerKind.UNNAMED or is_generic(mention.kind, mention.name):
            continue
        identity = identity_of(mention.kind, mention.name)
        if identity:
            persons.add(identity, mention)
    persons.join_declared()
    persons.join_generations()
    persons.join_initials()
    persons.join_nicknames()
    persons.join_slips()
    persons.give_surnames_to_owners()
    for identity, person in sorted(persons.gathered.items(), key=lambda item: (-item[1].statements, item[0])):
        yield _row(identity, person)


def family_of(kind: SpeakerKind, name: str) -> str:
    """What all mentions share that can ever be one person: the surname; of others the name itself.

    Nobody is joined over two families, so that families can be resolved one by one. The unnamed have none; the generic
    one apart, since only the administrator's word can make them somebody.
    """
    identity = () if kind is SpeakerKind.UNNAMED else identity_of(kind, name)
    if not identity:
        return ""
    return generic_family(identity) if is_generic(kind, name) else family(identity)


class _Persons:
    """Who was gathered, joined step by step; whom the administrator holds apart is never joined.

    Attributes:
        gathered: by the identity of the one whom others were joined to.
    """

    def __init__(self, aliases: Aliases) -> None:
        self.gathered: dict[Identity, _Gathering] = {}
        self._aliases = aliases

    def add(self, identity: Identity, mention: Mention) -> None:
        """Counts a mention for the one of that name."""
        person = self.gathered.get(identity)
        if person is None:
            person = self.gathered[identity] = _Gathering(kind=mention.kind, identities={identity})
        person.add(mention)

    def _join(self, one: Identity, into: Identity) -> None:
        if not self._aliases.apart(self.gathered[one].identities, self.gathered[into].identities):
            self.gathered[into].absorb(self.gathered.pop(one))

    def join_declared(self) -> None:
        """Joins the names that the administrator says are one person's, under the first of them."""
        for names in self._aliases.same:
            found = {i: self.gathered.pop(i) for name in names for i in sorted(identities(name)) if i in self.gathered}
            if not found:
                continue
            kind = max(found.values(), key=lambda person: person.statements).kind
            whole = _Gathering(kind=kind, identities={i for name in names for i in identities(name)}, shown=names[0])
            for person in found.values():
                whole.absorb(person)
            whole.names.update(dict.fromkeys(names, 0))
            self.gathered[identity_of(kind, names[0])] = whole

    def join_generations(self) -> None:
        """Joseph Biden Jr. is Joseph Biden unless an article names both: then they are two, as father and son are."""
        gathered = self.gathered
        namesakes = self._by_surname()
        for marked in [i for i in gathered if len(i) == 5]:
            alike = [i for i in namesakes[marked[2]] if i in gathered and i[1] == marked[1]]
            if any(not gathered[marked].articles.isdisjoint(gathered[i].articles) for i in alike):
                continue
            plain = without_generation(marked)
            if plain in gathered:
                self._join(marked, plain)
            else:
                gathered[plain] = gathered.pop(marked)
                namesakes[plain[2]].append(plain)

    def join_initials(self) -> None:
        """George Bush is George W. Bush when nobody of that name has other initials, or he is named nearly always."""
        gathered = self.gathered
        namesakes: dict[Identity, list[Identity]] = defaultdict(list)
        for identity in gathered:
            if len(identity) == 4:
                namesakes[identity[:3]].append(identity)
        for same in namesakes.values():
            plain = next((i for i in same if not i[3]), None)
            marked = sorted((i for i in same if i[3]), key=lambda i: (-len(gathered[i].articles), i))
            if not marked:
                continue
            first = marked[0]
            for other in marked[1:]:
                if other[3][0] == first[3][0]:
                    self._join(other, first)
            left = [i for i in marked if i in gathered]
            if plain and len(gathered[first].articles) >= OWNED * sum(len(gathered[i].articles) for i in left):
                self._join(plain, first)

    def join_nicknames(self) -> None:
        """Rudy Giuliani is Rudolph Giuliani when exactly one person has that surname and a name Rudy is short for."""
        gathered = self.gathered
        namesakes = self._by_surname()
        for identity in [i for i in gathered if len(i) == 4 and formal_names(i[1])]:
            formal = [i for i in namesakes[identity[2]] if i in gathered and i[1] in formal_names(identity[1])]
            if len(formal) == 1 and not (identity[3] and formal[0][3] and identity[3][0] != formal[0][3][0]):
                self._join(identity, formal[0])

    def join_slips(self) -> None:
        """Joh Husted is Jon Husted: nobody is called so, one article prints it, one other of that surname is near."""
        gathered = self.gathered
        namesakes = self._by_surname()
        for slip in [i for i in gathered if len(i) == 4 and len(i[1]) > 2 and not is_first_name(i[1].capitalize())]:
            if len(gathered[slip].articles) > 1:
                continue
            others = [i for i in namesakes[slip[2]] if i in gathered and i != slip]
            near = [i for i in others if is_first_name(i[1].capitalize()) and _is_slip(slip[1], i[1])]
            if len(near) == 1 and len(gathered[near[0]].articles) > 1:
                self._join(slip, near[0])

    def give_surnames_to_owners(self) -> None:
        """A person known by surname alone is the one who owns nearly all articles of that surname, else stays apart."""
        gathered = self.gathered
        owners = self._by_surname()
        for identity in [i for i in gathered if i[0] == "person" and len(i) == 2]:
            candidates = owners[identity[1]]
            total = sum(len(gathered[c].articles) for c in candidates)
            best = max(candidates, key=lambda c: len(gathered[c].articles), default=None)
            if best and len(gathered[best].articles) >= OWNED * total:
                self._join(identity, best)

    def _by_surname(self) -> dict[str, list[Identity]]:
        """Those with a first name and a surname, by the latter."""
        found: dict[str, list[Identity]] = defaultdict(list)
        for identity in self.gathered:
            if len(identity) == 4:
                found[identity[2]].append(identity)
        return found


def _is_slip(one: str, other: str) -> bool:
    """Whether one is the other but for a letter, or two exchanged, after the first."""
    return one[0] == other[0] and DamerauLevenshtein.distance(one, other, score_cutoff=1) == 1


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

    names = list(person.names)
    name = person.shown or (max(names, key=fullness) if len(names) > 1 else names[0])
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
    return PersonRow(
        entry=entry, names=_forms(person.kind, (name, *aliases)), role_terms=terms, family=family(identity)
    )


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
