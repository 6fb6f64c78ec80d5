"""By what a name is told from others: a person's first name, surname and initials, or an organisation's words."""

from functools import lru_cache

from index.model import SpeakerKind
from index.people.names import initials, name_words
from index.text.analyzer import tokens

# ("person", surname), ("person", first, surname, initials), the same and "jr", ("organisation", its words)
Identity = tuple[str, ...]
GENERATIONS = frozenset({"jr", "sr", "ii", "iii", "iv"})

_GENERIC = "~"  # stands in no word of a name
_DETERMINERS = frozenset("the a an this that these those his her its their our my one another each some".split())


@lru_cache(maxsize=20_000)  # the same names come again and again
def identity_of(kind: SpeakerKind, name: str) -> Identity:
    """Who bears that name, as far as the name alone tells; empty when it holds no word."""
    if kind is not SpeakerKind.PERSON:
        words = [word for word in tokens(name) if word != "the"]
        return (kind.value, " ".join(words)) if words else ()
    words = name_words(name)
    if not words:
        return ()
    if len(words) < 2:
        return ("person", words[0])
    return ("person", words[0], words[-1], initials(words), *generation(name))


def without_generation(identity: Identity) -> Identity:
    """The same without "Jr." behind it."""
    return identity[:4]


def is_generic(kind: SpeakerKind, name: str) -> bool:
    """Whether a name means another body or paper in every article: "the campaign", "her office", "an audit"."""
    words = name.split()
    if kind is SpeakerKind.PERSON or not words:
        return False
    named = words[1:] if words[0].lower() in _DETERMINERS else words
    return not any(word[0].isupper() or word[0].isdigit() for word in named)


def generation(name: str) -> tuple[str, ...]:
    """What tells a son from a father behind the name: ("jr",), ("iii",); empty where nothing does."""
    last = tokens(name)[-1:]
    return tuple(last) if last and last[0] in GENERATIONS else ()


def identities(name: str) -> frozenset[Identity]:
    """All that a name without a kind can stand for; empty when it holds no word."""
    kinds = (SpeakerKind.PERSON, SpeakerKind.ORGANISATION, SpeakerKind.DOCUMENT)
    return frozenset(identity for kind in kinds if (identity := identity_of(kind, name)))


def family(identity: Identity) -> str:
    """The surname; of others than persons the name itself."""
    return identity[2] if len(identity) > 3 else identity[1]


def generic_family(identity: Identity) -> str:
    """The family of a name that means another body in every article."""
    return _GENERIC + family(identity)


def is_family_of_nobody(name: str) -> bool:
    """Whether the family holds only those who are nobody in particular."""
    return not name or name.startswith(_GENERIC)
