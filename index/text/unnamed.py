"""Sources without a name of their own: which kind they are, and who is meant where a name comes earlier or later."""

from index.model import SpeakerKind
from index.text.drafts import Draft
from index.text.reading import Sentence
from index.text.speakers import Cast, Person, Place

_DOCUMENTS = frozenset(
    "report reports poll polls survey surveys statement letter memo article study studies bill document documents "
    "email emails e-mail filing lawsuit complaint story book op-ed editorial post tweet ad ads transcript records data "
    "figures results headline ruling order analysis review website site page piece column video research release "
    "indictment affidavit brief motion text resolution law constitution plan plans proposal proposals budget".split()
)
_ORGANISATIONS = frozenset(
    "campaign committee department administration government company agency office group party union bureau newspaper "
    "magazine network station channel outlet court congress senate house commission council board association ministry "
    "army police force team firm bank university college school organization organisation foundation coalition "
    "industry media press white pentagon kremlin state nation country".split()
)
_ROLES = frozenset(
    "spokesman spokeswoman spokesperson secretary president senator governor chairman chairwoman "
    "chair director manager "
    "mayor minister adviser advisor aide strategist candidate nominee congressman congresswoman "
    "lawmaker representative "
    "leader chief lawyer attorney judge justice official officer ambassador professor analyst economist expert "
    "businessman billionaire mogul republican democrat star host author editor executive general commander".split()
)

_TIMES = frozenset(
    "day days week weeks month months year years decade decades monday tuesday wednesday thursday friday saturday "
    "sunday today yesterday morning afternoon evening night weekend".split()
)

_REACH = 12  # paragraphs back to a name


def begins_time(sentence: Sentence, unit: int) -> bool:
    """Whether a time begins at a unit within a source ("the plan [in recent months]")."""
    phrase = sentence.phrase_at[unit + 1] if unit + 1 < len(sentence.tags) else -1
    return sentence.tags[unit] == "i" and phrase >= 0 and sentence.lower[sentence.phrases[phrase][1] - 1] in _TIMES


def kind_of_phrase(sentence: Sentence, phrase: tuple[int, int]) -> SpeakerKind:
    """Whether a phrase without a person's name is an organisation, a document, or somebody unnamed."""
    first, last = phrase
    head = sentence.lower[last - 1]
    # "police", "reports": none in particular
    particular = "P" in sentence.tags[first:last] or sentence.tags[first] in "do"
    if head in _DOCUMENTS and particular:
        return SpeakerKind.DOCUMENT
    if head in _ROLES:
        return SpeakerKind.UNNAMED
    if (head in _ORGANISATIONS and particular) or sentence.tags[last - 1] == "P":
        return SpeakerKind.ORGANISATION
    return SpeakerKind.UNNAMED


def body_elsewhere(cast: Cast, made: Draft, number: int) -> Person | None:
    """The organisation that "the chamber" or "the bank" means: the one named before whose noun it is.

    Args:
        cast: the article's people and organisations.
        made: the statement.
        number: its sentence's number in its paragraph.
    """
    sentence, (first, last) = made.sentence, made.phrase
    if last - first != 2 or sentence.lower[first] != "the" or sentence.tags[last - 1] not in "NP":
        return None
    head = sentence.lower[last - 1]
    for place in reversed(cast.between(made.block - _REACH, made.block)):
        name = place.who.name
        before = place.block < made.block or place.sentence < number
        if before and not place.who.person and len(name) > 1 and head in _heads(name):
            return place.who
    return None


def _heads(name: tuple[str, ...]) -> tuple[str, ...]:
    """The nouns that can stand for a body's name: "Harwick Chamber of Commerce" is "the chamber"."""
    words = tuple(word.lower() for word in name)
    return (words[words.index("of") - 1],) if "of" in words[1:] else (words[-1],)


def _is_somebodys(role: str) -> bool:
    """Whether a role as printed says whose it is ("campaign manager of Ada Marsh")."""
    return any(word[:1].isupper() for word in role.split())


def _near(cast: Cast, place: Place, names: set[str]) -> bool:
    """Whether the sentence of a mention names those, too."""
    named = {word.lower() for other in cast.at(place.block, place.sentence) for word in other.who.name}
    return names <= named


def named_elsewhere(cast: Cast, made: Draft) -> Person | None:
    """The person whom a role means ("a State Department spokeswoman"), named before or up to three paragraphs later."""
    sentence, (first, last) = made.sentence, made.phrase
    head = sentence.lower[last - 1]
    if head not in _ROLES:
        return None
    definite = sentence.lower[first] in ("the", "this", "that") or sentence.tags[first] == "o"
    wanted = {word for word in sentence.lower[first:last] if word not in ("the", "a", "an", "this", "that")}
    names = {
        word for word, tag in zip(sentence.lower[first:last], sentence.tags[first:last], strict=True) if tag == "P"
    }
    owner = "'" in sentence.tags[first:last]
    best: Person | None = None
    top = 0.0
    for place in cast.between(made.block - _REACH, made.block + 3):
        who = place.who
        gap = place.block - made.block
        if not who.person or not who.roles or (gap < 0 and not definite):
            continue
        for role in who.roles:
            words = set(role.lower().split())
            if head not in words:
                continue
            if names and not names <= words and (_is_somebodys(role) or (owner and not _near(cast, place, names))):
                continue  # "Marsh's campaign manager" is not Okoro's
            more = wanted - words
            if more and (len(wanted & words) < 2 and len(words) > 1):
                continue
            score = 1.0 + len(wanted & words) - 0.1 * abs(gap) - 0.3 * len(more)
            if score > top:
                best, top = who, score
    if best and len(wanted) > 1:
        start = first + (sentence.tags[first] in "do")
        role = " ".join(sentence.words[start:last])
        if role not in best.roles:
            best.roles.append(role)
    return best
