"""Finds the role printed with a name: a title before it, an apposition after it."""

import re

from index.text.names import FEMALE_TITLES, MALE_TITLES, Mention
from index.text.reading import Sentence

_ROLE_AFTER = re.compile(r"[do]?(?:[jr#ng]*[NP']+)+(?:i[do]?(?:[jr#ng]*[NP']+)+)*")
_HELD = re.compile(r"i(?:P#?|#)(?:[tirc](?:P#?|#|N))?")  # "until 2015", "from May 2010 to 2014"
_HOLDING = frozenset("until since from between in through during".split())
_BEFORE_HEAD = re.compile(
    r"\s(?:of|for|at|in|to|with|from|on|and|who|under|behind|until|since|between|through|during)\s"
)
_HEADS = frozenset(
    """
    advocate aide alderman ally ambassador astronaut attorney aunt billionaire bishop boss boy cadet candidate
    captain captive celebrity champion chair chef chief chieftain child clerk coach co-chair co-host colleague
    columnist cop correspondent counsel cousin critic dad daughter dean defendant delegate dissident don duke envoy
    exec executive expert farmhand fiance firebrand friend general geek girl girlfriend governor guard guest guru
    head heir hero host husband icon informant inmate intern judge justice kid king lady lama lawmaker legend
    liaison lord magnate marine mate mayor middleman midwife mogul mom monarch monk mother mum native neighbor
    neighbour nephew niece nominee nun nurse official oligarch parent partner pastor patriarch peer pope priest
    prince princess actress hostess heiress waitress principal prodigy professor pundit queen rabbi recruit refugee
    regular relative rep representative rival sheikh sheriff soldier son speaker spokesperson spouse statesman
    student superintendent surrogate teammate teen turncoat twin uncle usher veteran vet veep victim vicar warden
    watchdog whip wife witness woman workhorse youth adm amb asst atty capt cmdr col congressman cpl dep det dr gen
    gov hon insp lt maj ofc pres prof pvt rep reps rev sec sen sens sgt supt prez ceo cfo coo cto vp evp svp mp
    """.split()
)
_ENDINGS = tuple("er or ist ian man men woman women person people ant ent ee eur eon".split())
_NO_HEADS = frozenset(
    """
    elder forever event talent extent content intent accent percent senior junior center letter matter paper
    order number offer tower power water winter summer dinner corner river computer newsletter chapter quarter
    color labor honor minor major error floor door super former latter other another either over under after
    never ever per proper upper lower inner outer want plant grant restaurant present recent current different
    committee guarantee coffee degree fee inter monster disaster poster twitter
    """.split()
)


def _role(printed: str) -> str | None:
    """The role without marks at its edges; None when its head is nobody's role ("his nasty tweet")."""
    role = printed.strip(" \"'“”‘’`,;:()-")
    head = _BEFORE_HEAD.split(f" {role} ", maxsplit=1)[0].split()
    if not head:
        return None
    word = head[-1].lower().rstrip(".").removesuffix("'s").removesuffix("’s")
    if word in _HEADS or word.rsplit("-", 1)[-1] in _HEADS or word.removesuffix("s") in _HEADS:
        return role
    likely = word.removesuffix("s").endswith(_ENDINGS) or word.endswith("ary")
    return role if likely and word not in _NO_HEADS and not word.endswith("ment") else None


def role_before(sentence: Sentence, mention: Mention) -> str | None:
    """The title or role printed before a name ("State Department spokeswoman")."""
    phrase = sentence.phrase_at[mention.first]
    if phrase < 0:
        return None
    first = sentence.phrases[phrase][0]
    if first == mention.first and first > 1 and sentence.tags[first - 1] == "," and phrase > 0:
        # "a spokesman, Ben Okoro, said"
        begin, end = sentence.phrases[phrase - 1]
        if end == first - 1 and sentence.tags[end - 1] == "N" and sentence.tags[mention.last : mention.last + 1] == ",":
            while begin > 1 and sentence.lower[begin - 1] in ("of", "for", "at", "with", "to"):
                own = sentence.phrase_at[begin - 2]
                if own < 0:
                    break
                begin = sentence.phrases[own][0]  # "a spokesman for the campaign, Ben Okoro, said"
            begin += sentence.tags[begin] in "do"
            return _role(_joined(sentence, begin, end))
    if phrase > 0 and first >= 2 and sentence.lower[first - 1] == "of":
        earlier = sentence.phrases[phrase - 1]
        if earlier[1] == first - 1 and first < mention.first:
            first = earlier[0]
    while first < mention.first and sentence.tags[first] in "do":
        first += 1
    for unit in range(mention.first - 1, first - 1, -1):
        if sentence.tags[unit] in "'o":
            first = unit + 1
            break
    words = sentence.words[first : mention.first]
    if not words or (words[-1].lower() in MALE_TITLES | FEMALE_TITLES and words[-1][-1:] == "."):
        return None
    if not any(word.lower() not in ("former", "then", "the") for word in words):
        return None
    return _role(_joined(sentence, first, mention.first))


def role_after(sentence: Sentence, mention: Mention) -> str | None:
    """The role printed after a name, with when it held ("..., who was mayor until 2015", "..., a lawyer")."""
    tags, lower = sentence.tags, sentence.lower
    first = mention.last + 1
    if tags[mention.last : first] != ",":
        return None
    over = lower[first : first + 2] in (["who", "was"], ["who", "served"])
    if over or lower[first : first + 2] == ["who", "is"]:
        first += 2 + (lower[first + 2 : first + 3] == ["as"])
    start = first + (lower[first : first + 1] == ["then"])
    if tags[start : start + 1] not in ("d", "o", "N", "j"):
        return None
    found = _ROLE_AFTER.match(tags, start)
    if not found:
        return None
    end = last = found.end()
    held = _HELD.match(tags, end) if lower[end : end + 1] and lower[end] in _HOLDING else None
    if held:
        last = held.end()
    elif over:
        return None  # it is not said until when
    if last >= len(tags) or tags[last] not in ",.Vvw":
        return None
    if tags[start] in "jN" and tags[last] != "," and not held and start == mention.last + 1:
        return None
    if start == first:
        first += lower[start] in ("the", "a", "an")
    if first >= end or not any(tag == "N" for tag in tags[first:end]):
        return None
    return _role(_joined(sentence, first, last))


def _joined(sentence: Sentence, first: int, last: int) -> str:
    out = ""
    for unit in range(first, last):
        glued = unit == first or sentence.begins[unit] == sentence.ends[unit - 1]
        out += sentence.words[unit] if glued else " " + sentence.words[unit]
    return out


def fullest_role(roles: list[str]) -> str | None:
    """The first role printed, or a later one that says the same and more ("State Department spokeswoman")."""
    best = roles[0] if roles else None
    for role in roles[1:]:
        if best and set(best.lower().split()) < set(role.lower().split()) and len(role.split()) < 9:
            best = role
    return best
