"""Reads what was typed in haste as it was meant: apostrophes left out, slips in the words that ask."""

import re

from index.answer.forms import lowered

_SLIPS = {
    "what": "wat waht wht whta wath whaat wut",
    "what's": "whats wats whts",
    "who's": "whos",
    "how's": "hows",
    "where's": "wheres",
    "when's": "whens",
    "who": "whoo woh",
    "how": "hwo ohw",
    "when": "wehn whne wen",
    "where": "whre wehre wher",
    "why": "whi wyh",
    "which": "wich whcih whihc",
    "did": "ddi",
    "does": "doess",
    "say": "sya saay",
    "said": "siad sed sayed saied",
    "says": "syas",
    "think": "thnk thikn tihnk",
    "about": "abt abot abou abuot aobut baout abount abotu",
    "the": "teh hte",
}
_MEANT = {slip: word for word, slips in _SLIPS.items() for slip in slips.split()}
_WORD = re.compile(r"[a-z']+")
_QUOTE = re.compile("[\"“”„«»]|''")
_FRAME = 3  # words at the beginning, where those that ask stand; "about" and "the" may stand anywhere
_ANYWHERE = frozenset({"about", "the", "say", "said", "says", "think"})
_DID = re.compile(r"^(?:so\s+|and\s+|but\s+)?(?P<wh>what|how|why|where|when|who)'?d(?=\s)")
_ASKED_BY = re.compile(  # what's bernie think of ...: what does
    r"^(?P<wh>what|how|why|where|when)'s\s+(?P<who>(?:\S+\s+){1,5}?)(?P<verb>say|think|want|feel|believe|know|mean|tell|plan|make)\b"
)


def meant(text: str) -> str:
    """The question as it was meant; what stands in quotation marks stays as typed."""
    quote = _QUOTE.search(text)
    asking, said = (text[: quote.start()], text[quote.start() :]) if quote else (text, "")
    lower = lowered(asking)
    pieces, at = [], 0
    for number, word in enumerate(_WORD.finditer(lower)):
        right = _MEANT.get(word.group())
        if right and (number < _FRAME or right in _ANYWHERE):
            pieces += [asking[at : word.start()], right]
            at = word.end()
    asking = "".join([*pieces, asking[at:]])
    did = _DID.match(lowered(asking))
    if did:
        asking = f"{asking[: did.end('wh')]} did{asking[did.end() :]}"
    found = _ASKED_BY.match(lowered(asking))
    if found:
        asking = f"{found['wh']} does {asking[found.start('who') :]}"
    return asking + said
