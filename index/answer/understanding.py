"""A question as typed becomes a Query: intent, speakers, topic, time and outlet, by the form of its words."""

import re
from collections.abc import Iterable
from dataclasses import replace

from index.answer.periods import find_period
from index.answer.query import Query
from index.model import Intent, Question
from index.text.analyzer import fold

# Verbs by which a question asks for somebody's words; those in _WEAK ask so only when the subject is a known speaker.
_STRONG = (
    "say|says|said|saying|tell|tells|told|telling|claim|claims|claimed|state|stated|announce|announced|tweet|tweeted|"
    "comment|commented|argue|argued|argues|explain|explained|describe|described|describes|call|called|calls|"
    "respond|responded|reply|replied|react|reacted|warn|warned|insist|insisted|deny|denied|denies|admit|admitted|"
    "mention|mentioned|talk|talked|talking|speak|spoke|speaking|declare|declared|testify|testified|remark|remarked|"
    "promise|promised|vow|vowed|pledge|pledged|accuse|accused|suggest|suggested|predict|predicted|quip|quipped|"
    "joke|joked|add|added|note|noted|ask|asked|write|wrote|complain|complained|express|expressed|confirm|confirmed"
)
_WEAK = (
    "think|thinks|thought|believe|believes|believed|feel|feels|felt|want|wants|wanted|propose|proposed|plan|plans|"
    "defend|defended|criticize|criticized|criticise|criticised|justify|justified|praise|praised|attack|attacked|"
    "blame|blamed|dismiss|dismissed|characterize|characterized|compare|compared|answer|answered|address|addressed|"
    "put|view|see|position|reject|rejected|oppose|opposed|support|supported|endorse|endorsed|urge|urged|demand|"
    "demanded|recommend|recommended|mock|mocked|slam|slammed|apologize|apologized|advise|advised"
)
_ADVERB = r"(?:ever|actually|really|also|just|then|first|publicly|personally|recently|exactly|specifically|have|had|to)"
_ABOUT = r"(?:about|on|regarding|concerning|over|of|re|with\s+regard\s+to|when\s+it\s+comes\s+to|as\s+to)"
_STANCE = (
    "views?|positions?|stances?|takes?|opinions?|comments?|reactions?|responses?|statements?|answers?|remarks?|"
    "thoughts?|words?|quotes?|claims?|explanations?|arguments?|message|defen[cs]e|criticisms?|argument|plans?|excuse"
)
_WH = r"(?:what(?:'s)?|how|why|where|when|which\s+\w+)"
_AUX = r"(?:did|does|do|has|have|had|is|are|was|were|would|will)"

_SAID_VERB = re.compile(
    rf"""
    ^(?:(?:so|and|but|ok|okay|hey|please|well)[,\s]+)* (?P<wh>{_WH})
    (?:\s+(?:exactly|else|all|things?|words?|kind\s+of\s+things?))?
    \s+{_AUX}n?'?t?\s+ (?P<who>\S.*?) (?:\s+{_ADVERB})*
    \s+(?P<verb>{_STRONG}|{_WEAK})\b (?:\s+(?:anything|something|out))? \s* (?P<rest>.*)$
    """,
    re.VERBOSE,
)
_SAID_PAST = re.compile(  # what X said about T; everything X has said on T
    rf"""
    ^(?:(?:show|give|tell|find|get)\s+(?:me\s+)?)? (?:what|everything|anything|all)(?:\s+that)?
    \s+(?P<who>\S.*?) (?:\s+(?:has|have|had))?(?:\s+{_ADVERB})*
    \s+(?P<verb>said|says|told|tweeted|claimed|thinks|stated|wrote)\b \s*(?P<rest>.*)$
    """,
    re.VERBOSE,
)
_STANCE_OF = re.compile(  # (what is) nauert's view on talks
    rf"""
    ^(?:(?:and\s+)?(?:what|how)(?:'s|\s+is|\s+was|\s+are|\s+were)\s+|show\s+me\s+|give\s+me\s+|find\s+)?(?:the\s+)?
    (?P<who>\S.*?)(?:'s|s')\s+(?:\w+\s+)?(?P<stance>{_STANCE})(?:\s+(?:{_ABOUT}|to|for|against|that)\s+(?P<rest>.*))?$
    """,
    re.VERBOSE,
)
_STANCE_BY = re.compile(  # quotes by nauert about talks
    rf"""
    ^(?:show\s+me\s+|give\s+me\s+|find\s+|any\s+|all\s+|the\s+)*(?:{_STANCE})\s+(?:by|from|of)\s+(?P<who>\S.*?)
    (?:\s+{_ABOUT}\s+(?P<rest>.*))?$
    """,
    re.VERBOSE,
)
_ACCORDING = re.compile(
    r"^according\s+to\s+(?P<who>[^,]+?)\s*,\s*(?P<rest>.*)$|^(?P<rest2>.*\S)\s*,?\s+according\s+to\s+(?P<who2>.+)$"
)
_SHORT = re.compile(r"^(?P<who>\S+(?:\s+\S+){0,4}?)\s+(?:on|about|regarding)\s+(?P<rest>.+)$")
_DID_SAY = re.compile(
    rf"""
    ^(?:so\s+)?(?:did|has|have|does|is\s+it\s+true\s+that|was\s+it)\s+(?P<who>\S.*?)(?:\s+{_ADVERB})*
    \s+(?P<verb>{_STRONG})\b (?:\s+(?:us|them|reporters|people|everyone))? (?:\s+that)? [\s:,]* (?P<rest>.*)$
    """,
    re.VERBOSE,
)
_WHO_SPOKE = re.compile(
    rf"""
    ^(?:who(?:\s+(?:all|else))?|which\s+\w+)(?:\s+(?:has|have|had|is|are|was|were))?
    \s+(?:spoke|spoken|speaking|talked|talking|talks|commented|commenting|weighed\s+in|said\s+(?:anything|something|what)|
    made\s+(?:a\s+)?(?:statements?|comments?))(?:\s+out)?\s+(?:{_ABOUT}|against|for)\s+(?P<rest>.*)$
    """,
    re.VERBOSE,
)
_WHO_SAID = re.compile(
    rf"""
    ^(?:who(?:\s+(?:was\s+it|is\s+it)(?:\s+(?:that|who))?)?(?:\s+(?:has|had|else|first|actually|once))?|which\s+(?:\w+\s+){{1,2}})
    \s*\b(?P<verb>{_STRONG}|{_WEAK}|compares|likened|predicts|defended|labell?ed|dubbed|referred\s+to|summed\s+up)\b
    (?:\s+(?:that|it|this|us|reporters))? [\s:,]* (?P<rest>.*)$
    """,
    re.VERBOSE,
)
_COMPARE = re.compile(
    rf"""
    ^(?:compare\s+|contrast\s+)(?P<who>\S.*?)(?:'s\s+(?:{_STANCE}))?(?:\s+{_ABOUT}\s+(?P<rest>.*))?$
    | ^(?P<who2>\S+(?:\s+\S+){{0,3}}\s+(?:vs\.?|versus)\s+\S+(?:\s+\S+){{0,3}}?)(?:\s+{_ABOUT}\s+(?P<rest2>.*))?$
    """,
    re.VERBOSE,
)
_CHANGED = re.compile(
    rf"""
    ^(?:has|have|did|how\s+has|how\s+have|how\s+did)\s+(?P<who>\S.*?)(?:'s\s+(?:{_STANCE}))?
    \s+(?:changed?|shifted?|evolved?|flip(?:ped)?(?:-|\s)flop(?:ped)?)(?:\s+(?:his|her|its|their|the))?(?:\s+(?:{_STANCE}|mind|tune|tone))?
    (?:\s+(?:{_ABOUT}|with)\s+(?P<rest>.*))?$
    """,
    re.VERBOSE,
)
_OVER_TIME = re.compile(
    r"\s*,?\s*\b(?:over\s+(?:time|the\s+(?:weeks|months|years))|through\s+time|as\s+a\s+timeline|timeline)\b\s*"
)
_LEAD = re.compile(rf"^(?:{_ABOUT}|to|that|it|for|against|whether|if|how|when|at|in)\b\s*")
_SPLIT = re.compile(
    r"\s*(?:,\s*and\s+|,\s*|\s+and\s+|\s*&\s*|\s+vs\.?\s+|\s+versus\s+|\s+compared\s+(?:to|with)\s+|\s+or\s+)\s*"
)
_QUOTED = re.compile(r"[\"“”„«»]([^\"“”„«»]{3,})[\"“”„«»]|(?<!\w)['‘]([^'‘’]{6,})['’](?!\w)")
_LIGHT_VERBS = frozenset(
    """
    say says said saying tell tells told telling talk talked talking speak spoke speaking think thinks thought comment
    commented state stated mention mentioned feel feels felt believe believes believed respond responded react reacted
    reply replied explain explained describe described put make add added answer answered note noted view see position
    """.split()
)
_NOBODY = frozenset("he she they it him her them his their its we you i people anyone anybody someone somebody".split())


def understand(question: Question, outlets: Iterable[str] = ()) -> Query:
    """What a question asks for.

    Args:
        question: as typed; its context is not looked at (see followups).
        outlets: the outlets of the index, as they spell themselves.
    """
    text = tidy(question.text)
    text, outlet = _take_outlet(text, outlets)
    text, over_time = _OVER_TIME.subn(" ", text)
    query = form_of(tidy(text))
    period = find_period(text, question.asked)
    when = text[period.start : period.end] if period else ""
    if period and (query.phrase is None or when not in query.phrase):  # what was said may itself name a day
        query = form_of(tidy(text[: period.start] + " " + text[period.end :]))
        query = replace(query, since=period.since, until=period.until, when=when)
    if over_time and query.speakers:
        query = replace(query, intent=Intent.TIMELINE)
    return replace(query, outlet=outlet)


def form_of(text: str) -> Query:
    """The intent and its parts by the form of the words alone; plain when they have none of the forms."""
    lower = _lower(text)
    for pattern, reading in (
        (_COMPARE, _comparing),
        (_CHANGED, _changing),
        (_WHO_SPOKE, _who_spoke),
        (_WHO_SAID, _who_said),
        (_DID_SAY, _did_say),
        (_SAID_VERB, _said),
        (_STANCE_OF, _stance),
        (_STANCE_BY, _stance),
        (_SAID_PAST, _said),
        (_ACCORDING, _according),
        (_SHORT, _short),
    ):
        match = pattern.match(lower)
        if match:
            query = reading(text, match)
            if query:
                return query
    return Query(intent=Intent.PLAIN, text=text, topic=text)


def _said(text: str, match: re.Match[str]) -> Query | None:
    who, rest = _slice(text, match, "who"), _slice(text, match, "rest")
    verb = match["verb"]
    if not who or fold(who) in _NOBODY or len(who.split()) > 9:
        return None
    topic = _topic(rest)
    if verb not in _LIGHT_VERBS and topic:
        topic = f"{verb} {topic}"
    certain = re.fullmatch(_STRONG, verb) is not None
    return _about(text, who, topic, certain=certain)


def _stance(text: str, match: re.Match[str]) -> Query | None:
    who = _slice(text, match, "who")
    if not who or len(who.split()) > 6:
        return None
    return _about(text, who, _topic(_slice(text, match, "rest")), certain=False)


def _according(text: str, match: re.Match[str]) -> Query | None:
    who = _slice(text, match, "who") or _slice(text, match, "who2")
    rest = _slice(text, match, "rest") or _slice(text, match, "rest2")
    return _about(text, who, _topic(rest), certain=False) if who else None


def _short(text: str, match: re.Match[str]) -> Query | None:
    who = _slice(text, match, "who")
    if re.match(rf"(?:{_WH}|who|{_AUX})\b", _lower(who)):
        return None
    return _about(text, who, _topic(_slice(text, match, "rest")), certain=False)


def _about(text: str, who: str, topic: str | None, *, certain: bool) -> Query:
    speakers = _names(who)
    intent = Intent.COMPARE if len(speakers) > 1 else Intent.SAID
    return Query(intent=intent, text=text, speakers=speakers, topic=topic, certain=certain)


def _did_say(text: str, match: re.Match[str]) -> Query | None:
    who, rest = _slice(text, match, "who"), _slice(text, match, "rest")
    if not who or fold(who) in _NOBODY:
        return None
    anything = re.match(rf"(?:anything|something|much|a\s+word)\b\s*(?:{_ABOUT}|to)?\s*", _lower(rest))
    if anything or (not _QUOTED.search(rest) and re.match(rf"{_ABOUT}\b", _lower(rest))):
        return _about(text, who, _topic(rest[anything.end() :] if anything else rest), certain=True)
    phrase = _phrase(rest)
    if not phrase:
        return _about(text, who, None, certain=True)
    if match["verb"] not in _LIGHT_VERBS and not _QUOTED.search(rest):
        phrase = f"{match['verb']} {phrase}"
    return Query(intent=Intent.DID_SAY, text=text, speakers=(_clean_name(who),), phrase=phrase, topic=phrase)


def _who_said(text: str, match: re.Match[str]) -> Query | None:
    rest = _slice(text, match, "rest")
    phrase = _phrase(rest)
    if not phrase:
        return None
    verb = match["verb"]
    topic = phrase if verb in _LIGHT_VERBS else f"{verb} {_LEAD.sub('', rest)}"
    quoted = _QUOTED.search(rest)
    certain = re.fullmatch(_STRONG, verb) is not None or quoted is not None
    if quoted and topic == phrase:
        topic = tidy(rest)
    return Query(intent=Intent.WHO_SAID, text=text, phrase=phrase, topic=topic, certain=certain)


def _who_spoke(text: str, match: re.Match[str]) -> Query | None:
    topic = _topic(_slice(text, match, "rest"))
    return Query(intent=Intent.WHO_SPOKE, text=text, topic=topic) if topic else None


def _comparing(text: str, match: re.Match[str]) -> Query | None:
    who = _slice(text, match, "who") or _slice(text, match, "who2")
    names = _names(who)
    topic = _topic(_slice(text, match, "rest") or _slice(text, match, "rest2"))
    if len(names) < 2:
        return None
    return Query(intent=Intent.COMPARE, text=text, speakers=names, topic=topic, certain=False)


def _changing(text: str, match: re.Match[str]) -> Query | None:
    who = _clean_name(_slice(text, match, "who"))
    topic = _topic(_slice(text, match, "rest"))
    return Query(intent=Intent.TIMELINE, text=text, speakers=(who,), topic=topic, certain=False) if who else None


# ---------------------------------------------------------------------------------------------------------------
# Pieces


def _slice(text: str, match: re.Match[str], group: str) -> str:
    """A group of a match over the lower-cased text, in the case that was typed."""
    start, end = match.span(group)
    return text[start:end].strip() if start >= 0 else ""


def _lower(text: str) -> str:
    """Lower case and plain apostrophes, code point for code point, so that offsets stay."""
    return "".join(c.lower() if len(c.lower()) == 1 else c for c in text).translate(str.maketrans("’‘ʼ", "'''"))


def tidy(text: str) -> str:
    """Single spaces, no punctuation at the ends."""
    return re.sub(r"\s+", " ", text).strip(" \t?!.,;:")


def _topic(rest: str) -> str | None:
    topic = tidy(rest)
    for _ in range(2):
        lead = _LEAD.match(_lower(topic))
        topic = topic[lead.end() :] if lead else topic
    return topic or None


def _phrase(rest: str) -> str:
    quoted = _QUOTED.search(rest)
    if quoted:
        return tidy(quoted[1] or quoted[2])
    lead = re.match(r"(?:that|about|of|it)\b\s*", _lower(rest))
    return tidy(rest[lead.end() :] if lead else rest)


def _names(who: str) -> tuple[str, ...]:
    names = (_clean_name(name) for name in _SPLIT.split(tidy(who)))
    return tuple(name for name in names if name and fold(name) != "both")


def _clean_name(who: str) -> str:
    return re.sub(r"(?:['’]s|(?<=s)['’])$", "", tidy(re.sub(r"^(?:both|the\s+late)\s+", "", who)))


def _take_outlet(text: str, outlets: Iterable[str]) -> tuple[str, str | None]:
    """Takes "in the times" or "according to breitbart" out of a question when an outlet of the index is meant."""
    lower = _lower(text)
    longest: tuple[int, int, str] = (0, 0, "")
    for outlet in outlets:
        for form in _outlet_forms(outlet):
            match = re.search(
                rf"\b(?:according\s+to|in|by|from|via|per|reported\s+by)\s+(?:the\s+)?{re.escape(form)}(?:'s\s+\w+)?"
                r"(?=\W*$|,|\s+(?:says?|articles?|story|stories|piece|reports?))",
                lower,
            )
            if match and match.end() - match.start() > longest[1] - longest[0]:
                longest = (match.start(), match.end(), outlet)
    start, end, found = longest
    return (tidy(text[:start] + text[end:]), found) if found else (text, None)


def _outlet_forms(outlet: str) -> set[str]:
    """The outlet's name in full, without "The" and "News", without ".com", and "times" for the New York Times."""
    name = fold(outlet)
    words = [w for w in name.split() if w not in {"the", "news"}] or name.split()
    forms = {name, " ".join(words), re.sub(r"\.(?:com|org|net|co\.uk)$", "", name)}
    if len(words) > 1 and words[-1] in {"times", "post", "journal"}:
        forms.add(words[-1])
    return forms
