"""The forms of a name: folded for looking up, without titles for comparing, formal for a nickname."""

from functools import cache

from index.people.lexicon_files import read_list
from index.text.analyzer import tokens

TITLES = frozenset(
    """
    mr mrs ms miss mx dr prof professor sir dame lord lady sen senator rep representative congressman congresswoman gov
    governor pres president vice vp secretary gen general col colonel lt lieutenant capt captain sgt sergeant major maj
    adm admiral judge justice mayor chancellor minister prime premier king queen prince princess pope rev reverend
    pastor bishop cardinal father sister candidate nominee former ex the chairman chairwoman chair director speaker
    leader ambassador attorney commissioner chief councilman councilwoman councillor superintendent coach sheriff
    """.split()
)
SUFFIXES = frozenset({"jr", "sr", "ii", "iii", "iv", "esq", "phd", "md"})


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


def initials(words: list[str]) -> str:
    """The initials of a name's middle words: "w" for George W. Bush, "hw" for George H.W. Bush."""
    return "".join(word if len(word) < 3 else word[0] for word in words[1:-1])


@cache
def _nicknames() -> dict[str, tuple[str, ...]]:
    return dict(read_list("nicknames.txt"))


def formal_names(first: str) -> tuple[str, ...]:
    """The first names that a nickname stands for ("rudy": "rudolph", "rudolf"); none for other words."""
    return _nicknames().get(first, ())


def same_first_name(one: str, other: str) -> bool:
    """Whether two first names can be one person's: equal, one the other's nickname or both of the same name."""
    mine, theirs = {one, *formal_names(one)}, {other, *formal_names(other)}
    return not mine.isdisjoint(theirs)
