"""What somebody typed finds the persons that it can mean: by name, surname, role, organisation or near spelling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import product

from rapidfuzz.distance import DamerauLevenshtein

from index.model import PersonEntry
from index.people.names import TITLES, formal_names, name_words, same_first_name
from index.people.roles import head_at, is_role, read_role
from index.storage.base import Corpus
from index.text.analyzer import STOP_WORDS, tokens
from index.text.names import is_first_name


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
    role = is_role(typed)
    entries = by_name(corpus, words)
    if role:  # "the pope" is nobody called Pope
        entries = tuple(e for e in entries if len(words) > 1 and not is_role(e.speaker.name))
    if entries:
        return Found(entries=entries)
    if role:
        holders = in_role(corpus, typed, asked)
        return Found(entries=holders, how=How.ROLE)
    entries = _titled(corpus, words)
    if entries:
        return Found(entries=entries)
    return _spelt_nearly(corpus, name_words(" ".join(words)))


def by_name(corpus: Corpus, words: Sequence[str]) -> tuple[PersonEntry, ...]:
    """Persons and organisations of exactly this name, in full, without titles, or with the first name in full."""
    stripped = name_words(" ".join(words))
    forms = [" ".join(words), " ".join(stripped)]
    if len(stripped) > 1:
        forms += [f"{formal} {stripped[-1]}" for formal in formal_names(stripped[0])]
    for form in dict.fromkeys(forms):
        entries = corpus.people_named(form)
        if entries:
            return entries
    return ()


def in_role(corpus: Corpus, typed: str, asked: date | None) -> tuple[PersonEntry, ...]:
    """Persons printed in a role that holds every word typed: those who hold it, before those who held it.

    Among the former, who is printed as just that ("CEO", not "director") comes first, then who was last before `asked`.
    """
    wanted = read_role(typed)
    holders: dict[str, PersonEntry] = {}
    for heads in list(product(*wanted.heads))[:6]:
        for entry in corpus.people_in_role(wanted.others.union(heads)):
            holders.setdefault(entry.speaker.id, entry)
        if holders:
            break

    meant = frozenset().union(*wanted.heads)

    def standing(entry: PersonEntry) -> tuple[bool, int, int, int]:
        best = (False, 0, 0)
        for printed, first, last in entry.roles:
            role = read_role(printed)
            if not wanted.others <= role.words or not any(h[0] in role.words for h in wanted.heads):
                continue
            seen = _last_seen(first, last, asked)
            best = max(best, (role.past == wanted.past, len(meant & role.words), seen))
        return (*best, entry.statements)

    return tuple(sorted(holders.values(), key=standing, reverse=True))


def _last_seen(first: date | None, last: date | None, asked: date | None) -> int:
    """The last day, until the one asked for, on which a role held from first to last; 0 when it came later."""
    if first is None or last is None or (asked is not None and first > asked):
        return 0
    return min(last, asked or last).toordinal()


_LINKS = frozenset("for to under".split())


def _titled(corpus: Corpus, words: list[str]) -> tuple[PersonEntry, ...]:
    """Finds "press secretary sanders", "the lawyer ada marsh", "nauert of the state department", "ada jane marsh"."""
    for link in ("of", "from", "at", "with"):
        if link in words[1:]:
            words, rest = words[: words.index(link)], words[words.index(link) + 1 :]
            entries = by_name(corpus, words)
            if entries:
                return _fitting(entries, rest) or entries
            break
    for place in range(1, len(words)):
        before = words[:place]
        if before[-1] in _LINKS or (before[-1] in TITLES and before[-2:-1] and before[-2] in _LINKS):
            continue  # "an aide to president ada marsh" is not Ada Marsh
        named = len(words) - place == 2 and is_first_name(words[place].capitalize())  # "the herald's ada marsh"
        if named or any(word in TITLES or head_at(before, at) for at, word in enumerate(before)):
            entries = by_name(corpus, words[place:])
            if entries:
                return _fitting(entries, before) or entries
    stripped = name_words(" ".join(words))
    if len(stripped) > 2:
        entries = corpus.people_named(f"{stripped[0]} {stripped[-1]}")
        if entries:
            return entries
    if len(stripped) > 1:
        return _fitting(corpus.people_named(stripped[-1]), stripped[:-1])
    return ()


def _fitting(entries: Iterable[PersonEntry], others: Sequence[str]) -> tuple[PersonEntry, ...]:
    """Those whose names or roles hold every other word typed."""
    role = read_role(" ".join(others))
    plain = [w for w in others if w not in STOP_WORDS and w not in TITLES]
    if not plain and not role.heads:
        return ()
    fitting = []
    for entry in entries:
        speaker = entry.speaker
        known: set[str] = set()
        for text in (speaker.name, *speaker.aliases):
            known |= {*tokens(text), *read_role(text).others}
        for printed, _, _ in entry.roles:
            known |= {*tokens(printed), *read_role(printed).words}
        held = all(any(c in known for c in head) for head in role.heads) and role.others <= known
        if held or all(word in known for word in plain):
            fitting.append(entry)
    return tuple(fitting)


def _spelt_nearly(corpus: Corpus, words: list[str]) -> Found:
    """First names, and names within a typing slip or two in each word."""
    near = corpus.people_like(" ".join(words), 15)
    close: list[tuple[int, PersonEntry]] = []
    first = []
    for entry in near:
        forms = [form for n in (entry.speaker.name, *entry.speaker.aliases) if (form := name_words(n))]
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
    last = _slips(typed[-1], form[-1])
    if same_first_name(typed[0], form[0]):
        return last
    near = last == 0 and len(typed[0]) > 1 and typed[0][0] == form[0][0]  # "td marsh" for Ted Marsh
    return min(99, last + _slips(typed[0], form[0], least=int(near)))


def _slips(typed: str, name: str, *, least: int = 0) -> int:
    allowed = least if len(typed) < 3 else 1 if len(typed) < 6 else 2
    distance = DamerauLevenshtein.distance(typed, name)
    if distance > 1 and typed[0] != name[0]:
        return 99  # who slips twice gets the first letter right
    return int(distance) if distance <= allowed else 99
