"""Questions that name somebody by a role: is it who holds it, somebody else, or nobody?

    python -m benchmarks.roles --home HOME [--from OTHER]

Roles are those that the library at HOME prints with somebody's name and that say of what ("Texas Gov."), three in five
put in other words of the same kind ("texas governor"). Each is asked for alone, with two words of a statement of its
holder, and with two of somebody else's. Who is taken is right when the surname is the holder's; many roles have several
holders ("Democratic senator"), so that not all that counts as another is wrong. With --from, roles of another library
are asked of this one, where few of them are held: what matters there is how often anybody is taken.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from index.answer.casts import GENERAL
from index.app import Library, open_library
from index.model import SpeakerKind
from index.people.lexicon_files import read_list
from index.people.roles import head_at, read_role
from index.settings import IndexSettings
from index.text.analyzer import analyze, tokens

ROLES = 250
STATEMENTS = 4_000  # of which topics are drawn
LONGEST = 5  # words of a role
OTHER_WORDS = 0.6  # share of roles that are put in other words


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A role, who holds it, and topics of theirs and of somebody else."""

    role: str
    holder: str
    own: str
    foreign: str


def roles(library: Library) -> list[Asked]:
    """Roles that say of what, each with its holder."""
    draw = random.Random(7)
    corpus = library.store.snapshot().corpus
    said = list(statements(library, draw))
    found: dict[str, Asked] = {}
    for key, own in said:
        entry = corpus.person_of(key)
        if entry is None or entry.speaker.id in found:
            continue
        role = next(filter(None, (in_other_words(printed, draw) for printed, _, _ in entry.roles)), None)
        if role:
            foreign = draw.choice(said)[1]
            found[entry.speaker.id] = Asked(role=role, holder=entry.speaker.name, own=own, foreign=foreign)
        if len(found) == ROLES:
            break
    return list(found.values())


def statements(library: Library, draw: random.Random) -> Iterator[tuple[str, str]]:
    """Keys of persons, each with two words of what they said, from articles all over the library."""
    corpus = library.store.snapshot().corpus
    ids = list(corpus.article_ids())
    draw.shuffle(ids)
    left = STATEMENTS
    for article_id in ids:
        stored = corpus.article(article_id)
        for quote in stored.quotes if stored else ():
            if quote.speaker is None or quote.attitude or quote.speaker.kind is not SpeakerKind.PERSON:
                continue
            words = [w for w in quote.content[0].text.split() if w.isalpha() and len(w) > 5 and analyze(w)]
            if len(words) > 1:
                yield quote.speaker.id, " ".join(draw.sample(words, 2))
                left -= 1
        if left <= 0:
            return


def in_other_words(printed: str, draw: random.Random) -> str | None:
    """A role as somebody may type it; None where it says not of what, or is a former one."""
    words, role = tokens(printed), read_role(printed)
    if role.past or len(role.heads) != 1 or not role.others - GENERAL or len(words) > LONGEST:
        return None
    place, size = next((n, head[1]) for n in range(len(words)) if (head := head_at(words, n)))
    if place == 0 or place + size < len(words):
        return None
    forms = dict(read_list("roles.txt"))[role.heads[0][0]]
    others = [form for form in forms if "." not in form and not form.endswith("s")]
    head = draw.choice(others) if others and draw.random() < OTHER_WORDS else " ".join(words[place:])
    return " ".join((*words[:place], head))


def told(library: Library, asked: list[Asked], kinds: tuple[str, ...]) -> None:
    """Asks for each role, and prints how often it was who."""
    latest = library.coverage().last_day
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in kinds}
    for each in asked:
        for kind in kinds:
            about = {"alone": "", "own": f" about {each.own}", "foreign": f" about {each.foreign}"}[kind]
            now = latest + timedelta(days=1) if latest else None
            answer = library.ask(f"what did the {each.role} say{about}?", asked=now)
            name = answer.speaker.name if answer.speaker else ""
            who = "holder" if name and name.split()[-1] == each.holder.split()[-1] else "another" if name else "nobody"
            counts[kind][f"{who}, {'answered' if answer.found else 'silent'}"] += 1
    for kind, found in counts.items():
        shares = ", ".join(f"{name} {count / len(asked):.0%}" for name, count in sorted(found.items()))
        print(f"{kind:8} of {len(asked)}: {shares}")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--from", type=Path, dest="other", help="a library whose roles are asked for")
    asked = parser.parse_args()
    library = open_library(IndexSettings(_env_file=None, home=asked.home))
    if asked.other:
        other = open_library(IndexSettings(_env_file=None, home=asked.other))
        told(library, roles(other), ("alone", "own"))
    else:
        told(library, roles(library), ("alone", "own", "foreign"))


if __name__ == "__main__":
    main()
