"""A question as typed becomes a Query: intent, speakers, topic, time and outlet, by the form of its words."""

import re
from collections.abc import Iterable
from dataclasses import replace

from index.answer import forms
from index.answer.forms import LIGHT, NOBODY, QUOTED, lowered, tidy
from index.answer.outlets import take_outlet
from index.answer.periods import find_period
from index.answer.query import Names, NoNames, Query
from index.answer.slips import meant
from index.answer.splitting import Split, best_split, clean_name, speakers_in, too_long
from index.model import Intent, Question
from index.people.roles import is_role
from index.text.analyzer import fold

_NO_ONE = NoNames()


def understand(question: Question, outlets: Iterable[str] = (), names: Names = _NO_ONE) -> Query:
    """What a question asks for.

    Args:
        question: as typed; its context is not looked at (see followups).
        outlets: the outlets of the index, as they spell themselves.
        names: tells where a speaker's name ends and the question's verb begins.
    """
    text = meant(tidy(question.text))
    short = re.match(r"(what|who|how|where|why)'s\b", lowered(text))
    text = f"{short[1]} is{text[short.end() :]}" if short else text
    tag = forms.TAG.search(lowered(text))
    text = tidy(text[: tag.start()]) if tag else text
    text, outlet = take_outlet(text, outlets)
    text, over_time = forms.OVER_TIME.subn(" ", text)
    query = form_of(tidy(text), names)
    period = find_period(text, question.asked, question.latest)
    when = text[period.start : period.end] if period else ""
    if period and (query.phrase is None or when not in query.phrase):  # what was said may itself name a day
        query = form_of(tidy(text[: period.start] + " " + text[period.end :]), names)
        query = replace(query, since=period.since, until=period.until, when=when)
    if over_time and query.speakers:
        query = replace(query, intent=Intent.TIMELINE)
    return replace(query, outlet=outlet)


def form_of(text: str, names: Names = _NO_ONE) -> Query:
    """The intent and its parts by the form of the words; plain when they have none of the forms."""
    lower = lowered(text)
    for pattern, reading in (
        (forms.COMPARE, _comparing),
        (forms.CHANGED, _changing),
        (forms.WHO_SPOKE, _who_spoke),
        (forms.WHO_SAID, _who_said),
        (forms.SAID_BY_WHOM, _said_by_whom),
        (forms.WHERE_STANDS, _stance),
    ):
        match = pattern.match(lower)
        query = reading(text, match) if match else None
        if query:
            return query
    for pattern, asking in ((forms.WHETHER, _whether), (forms.ASKED_OF, _asked_of)):
        match = pattern.match(lower)
        split = best_split(text, lower, match.start("tail"), names) if match else None
        parts = match.groupdict() if match else {}
        if split and split.verb in forms.DOING and _asks_for_thing(parts.get("wh")):
            continue
        if split and parts.get("aux") in {"is", "are", "was", "were"} and not split.verb.endswith("ing"):
            continue  # "what was the bridge called": somebody else called it so
        query = asking(text, split) if split else None
        if query:
            return query
    for pattern, reading in (
        (forms.STANCE_OF, _stance),
        (forms.STANCE_BY, _stance),
        (forms.STANCE_BARE, _stance_bare),
        (forms.SAID_WHAT, _said_past),
        (forms.SAID_PAST, _said_past),
        (forms.ACCORDING, _according),
        (forms.SHORT, _short),
    ):
        match = pattern.match(lower)
        query = reading(text, match) if match else None
        if query:
            return query if query.certain else replace(query, speakers=tuple(_owner(n, names) for n in query.speakers))
    return Query(intent=Intent.PLAIN, text=text, topic=text)


# ---------------------------------------------------------------------------------------------------------------
# "what did WHO VERB REST", "did WHO VERB REST"


def _asks_for_thing(wh: str | None) -> bool:
    """Whether "which treat ..." asks for a thing rather than for words."""
    words = (wh or "").split()
    return len(words) > 1 and words[-1] not in {"else", "exactly", "all"} and not forms.WORDS.search(wh or "")


def _asked_of(text: str, split: Split) -> Query | None:
    anything = re.match(
        rf"(?:(?:us|them|reporters|people|everyone)\b|anything\b|something\b)\s*(?:{forms.ABOUT}\b|to\b)?\s*",
        lowered(split.rest),
    )
    rest = split.rest[anything.end() :] if anything else split.rest
    told = (forms.TOLD if split.verb in {"tell", "told", "tells"} else forms.PLACED).match(lowered(rest))
    query = _about(text, split.who, _topic(rest[told.end() :] if told else rest), certain=split.strong, verb=split.verb)
    return replace(query, hints=tidy(told[1])) if told else query


def _whether(text: str, split: Split) -> Query | None:
    """For "did X say ...", asks for a verdict; "did X say whether ...", "does X think ..." ask for what X said."""
    rest = split.rest
    lower = lowered(rest)
    anything = re.match(rf"(?:anything|something|much|a\s+word)\b\s*(?:{forms.ABOUT}|to)?\s*", lower)
    if anything:
        return _about(text, split.who, _topic(rest[anything.end() :]), certain=True)
    quoted = QUOTED.search(rest)
    if not split.strong:
        return None if quoted else _about(text, split.who, _topic(rest), certain=False, verb=split.verb)
    if not quoted and re.match(rf"(?:{forms.ABOUT}|{forms.OPEN})\b", lower):
        return _about(text, split.who, _topic(rest), certain=True, verb=split.verb)
    told = re.match(r"(?:us|them|reporters|people|everyone)\b\s*", lower)
    phrase = _phrase(rest[told.end() :] if told else rest)
    if not phrase:
        return _about(text, split.who, None, certain=True)
    if split.verb not in LIGHT and not quoted:
        phrase = f"{split.verb} {phrase}"
    return Query(intent=Intent.DID_SAY, text=text, speakers=(clean_name(split.who),), phrase=phrase, topic=phrase)


# ---------------------------------------------------------------------------------------------------------------
# Other forms


def _said_past(text: str, match: re.Match[str]) -> Query | None:
    who = _slice(text, match, "who")
    if not who or fold(who) in NOBODY or len(who.split()) > 9:
        return None
    certain = match["verb"] != "thinks"
    return _about(text, who, _topic(_slice(text, match, "rest")), certain=certain, verb=match["verb"])


def _stance(text: str, match: re.Match[str]) -> Query | None:
    who = _slice(text, match, "who")
    if not who or too_long(who, 6) or fold(who) in NOBODY:
        return None
    parts = match.groupdict()
    bare = parts.get("bare") is not None  # "marshs view"
    if bare and (len(who.split()) > 3 or re.match(rf"(?:{forms.WH}|who|{forms.AUX})\b|.*\b{forms.AUX}$", lowered(who))):
        return None
    stance = parts.get("stance") or "view"
    view = re.match(r"(?:view|position|stance|take|opinion|reaction|response|thought|comment)s?$", stance)
    certain = view is not None and not bare and len(who.split()) < 4
    return _about(text, who, _topic(_slice(text, match, "rest")), certain=certain)


def _stance_bare(text: str, match: re.Match[str]) -> Query | None:
    query = None if re.match(rf"(?:{forms.WH}|who|{forms.AUX})\b", match["who"]) else _stance(text, match)
    return replace(query, certain=False) if query else None


def _according(text: str, match: re.Match[str]) -> Query | None:
    who = _slice(text, match, "who") or _slice(text, match, "who2")
    rest = _slice(text, match, "rest") or _slice(text, match, "rest2")
    if not who or re.match(r"(?:an?|new|recent|the\s+latest)\b", lowered(who)) or re.search(r"\w{2}[.?!]\s", who):
        return None  # "according to a new study, ..." names nobody; "... according to X. Which Y ..." asks for Y
    return _about(text, who, _topic(rest), certain=False)


def _short(text: str, match: re.Match[str]) -> Query | None:
    who = _slice(text, match, "who")
    if re.search(rf"^(?:{forms.WH}|who)\b|\b{forms.AUX}\b", lowered(who)) or too_long(who, 5):
        return None
    return _about(text, who, _topic(_slice(text, match, "rest")), certain=False)


def _about(text: str, who: str, topic: str | None, *, certain: bool, verb: str | None = None) -> Query:
    speakers = speakers_in(who)
    if not speakers:  # "'s on tolls"
        return Query(intent=Intent.PLAIN, text=text, topic=text)
    intent = Intent.COMPARE if len(speakers) > 1 else Intent.SAID
    hints = verb if verb not in LIGHT else None
    return Query(intent=intent, text=text, speakers=speakers, topic=topic, certain=certain, hints=hints)


def _who_said(text: str, match: re.Match[str]) -> Query | None:
    rest = _slice(text, match, "rest")
    phrase = _phrase(rest)
    if not phrase:
        return None
    verb = match["verb"]
    quoted = QUOTED.search(rest)
    thing = match["kind"] and not is_role(match["kind"])
    if thing and verb in forms.DOING and not quoted and verb not in {"ask", "asked", "call", "called"}:
        return None  # "which airline announced a deal" asks for an airline
    topic = tidy(rest) if quoted else phrase
    certain = re.fullmatch(forms.STRONG, verb) is not None or quoted is not None
    hints = [match["kind"] or "", "" if verb in LIGHT else verb]
    return Query(
        intent=Intent.WHO_SAID,
        text=text,
        phrase=phrase,
        topic=topic,
        certain=certain,
        quoted=quoted is not None,
        hints=tidy(" ".join(hints)) or None,
    )


def _said_by_whom(text: str, match: re.Match[str]) -> Query | None:
    quote = _slice(text, match, "quote")
    phrase = _phrase(quote)
    return Query(intent=Intent.WHO_SAID, text=text, phrase=phrase, topic=tidy(quote), quoted=True) if phrase else None


def _who_spoke(text: str, match: re.Match[str]) -> Query | None:
    topic = _topic(_slice(text, match, "rest"))
    return Query(intent=Intent.WHO_SPOKE, text=text, topic=topic) if topic else None


def _comparing(text: str, match: re.Match[str]) -> Query | None:
    if match["one"]:
        speakers = (*speakers_in(_slice(text, match, "one")), *speakers_in(_slice(text, match, "other")))
    else:
        who = _slice(text, match, "who") or _slice(text, match, "who2")
        speakers = speakers_in(who)
        if len(speakers) < 2:  # "compare Marsh to Okoro"
            speakers = tuple(name for one in re.split(r"\s+(?:to|with|against)\s+", who) for name in speakers_in(one))
    rests = (_slice(text, match, name) for name in ("rest", "rest2", "rest3", "rest4"))
    topic = _topic(next(filter(None, rests), ""))
    if len(speakers) < 2:
        return None
    return Query(intent=Intent.COMPARE, text=text, speakers=speakers, topic=topic, certain=False)


def _changing(text: str, match: re.Match[str]) -> Query | None:
    who = clean_name(_slice(text, match, "who") or _slice(text, match, "who2"))
    topic = _topic(_slice(text, match, "rest") or _slice(text, match, "rest2"))
    return Query(intent=Intent.TIMELINE, text=text, speakers=(who,), topic=topic, certain=False) if who else None


# ---------------------------------------------------------------------------------------------------------------
# Pieces


def _slice(text: str, match: re.Match[str], group: str) -> str:
    """A group of a match over the lower-cased text, in the case that was typed."""
    start, end = match.span(group)
    return text[start:end].strip() if start >= 0 else ""


def _topic(rest: str) -> str | None:
    topic = tidy(rest)
    for _ in range(3):
        lead = forms.LEADING.match(lowered(topic))
        topic = topic[lead.end() :].lstrip(":;,- ") if lead else topic
    return topic or None


def _phrase(rest: str) -> str:
    quoted = QUOTED.search(rest)
    if quoted:
        return tidy(next(words for words in quoted.groups() if words))
    lead = re.match(r"(?:that|about|of|it)\b\s*", lowered(rest))
    return tidy(rest[lead.end() :] if lead else rest)


def _owner(name: str, names: Names) -> str:
    """Whose view "marshs view" is, where nobody is called Marshs."""
    owner = name.removesuffix("s")
    return owner if owner != name and names.known(name) < 1 and names.named(owner) else name
