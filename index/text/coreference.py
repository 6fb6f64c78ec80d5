"""Finds whom "he" or "she" means: the mention before it that agrees and is most in focus."""

from index.text.speakers import Cast, Person

MALE = frozenset(["he", "him", "his", "himself"])
FEMALE = frozenset(["she", "her", "hers", "herself"])


def referent(
    cast: Cast,
    word: str,
    block: int,
    sentence: int,
    unit: int,
    last_speaker: Person | None,
    speaker_block: int,
    *,
    after_quotation: bool,
) -> Person | None:
    """The person whom a pronoun means, or None.

    Args:
        cast: the article's people.
        word: the pronoun in lower case.
        block: the paragraph that it stands in.
        sentence: its sentence there.
        unit: its unit there.
        last_speaker: who made the statement before.
        speaker_block: where that was.
        after_quotation: the pronoun follows the quotation that it is the source of.
    """
    gender = "m" if word in MALE else "f"
    best: Person | None = None
    top = -99.0
    seen: set[int] = set()
    for place in cast.before(block, sentence, unit):
        who = place.who
        if not who.person or who.gender not in ("", gender) or id(who) in seen:
            continue
        if not place.quoted:
            seen.add(id(who))
        gap = (block - place.block) * 2 + (sentence - place.sentence if place.block == block else 0)
        score = -0.8 * gap + 0.05 * min(10, who.count)
        score += 1.0 if place.subject else 0.0
        score -= 0.7 if place.possessive else 0.0
        score -= 3.0 if place.quoted else 0.0
        score += 1.2 if who.gender == gender else 0.0
        if who is last_speaker and block - speaker_block <= 2:
            score += 1.6 if after_quotation else 1.1
        if score > top:
            best, top = who, score
    return best
