"""Sources without a name of their own: which kind they are, and who is meant where a name comes earlier or later."""

from index.model import SpeakerKind
from index.text.drafts import Draft
from index.text.reading import Sentence
from index.text.speakers import Cast, Person

_DOCUMENTS = frozenset(
    "report reports poll polls survey surveys statement letter memo article study studies bill document documents "
    "email emails e-mail filing lawsuit complaint story book op-ed editorial post tweet ad ads transcript records data "
    "figures results headline ruling order analysis review website site page piece column video research release "
    "indictment affidavit brief motion text resolution law constitution".split()
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


def kind_of_phrase(sentence: Sentence, phrase: tuple[int, int]) -> SpeakerKind:
    """Whether a phrase without a person's name is an organisation, a document, or somebody unnamed."""
    head = sentence.lower[phrase[1] - 1]
    if head in _DOCUMENTS:
        return SpeakerKind.DOCUMENT
    if head in _ORGANISATIONS or sentence.tags[phrase[1] - 1] == "P":
        return SpeakerKind.ORGANISATION
    return SpeakerKind.UNNAMED


def named_elsewhere(cast: Cast, made: Draft) -> Person | None:
    """The person whom a role means ("a State Department spokeswoman"), named before or up to three paragraphs later."""
    sentence, (first, last) = made.sentence, made.phrase
    head = sentence.lower[last - 1]
    if head not in _ROLES:
        return None
    definite = sentence.lower[first] in ("the", "this", "that") or sentence.tags[first] == "o"
    wanted = {word for word in sentence.lower[first:last] if word not in ("the", "a", "an", "this", "that")}
    best: Person | None = None
    top = 0.0
    for place in cast.between(made.block - 12, made.block + 3):
        who = place.who
        gap = place.block - made.block
        if not who.person or not who.roles or gap > 3 or (gap < -12 or (gap < 0 and not definite)):
            continue
        for role in who.roles:
            words = set(role.lower().split())
            if head not in words:
                continue
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
