"""Follow-ups carry speaker, topic, time and outlet over from the questions before, without a model guessing."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from index.answer.forms import ADVERB, AUX, LEAD_IN, VERB, WH, lowered, tidy
from index.answer.query import Names, NoNames, Query
from index.answer.understanding import understand
from index.model import Intent, Question
from index.text.analyzer import STOP_WORDS, fold, tokens

_AND = r"(?:and|but|so|ok|okay|also|then|well)"
_LEAD = re.compile(rf"^(?:{_AND}\b[,\s]*)+", re.IGNORECASE)
_ELLIPSIS = re.compile(
    rf"^(?:{_AND}[,\s]+)*(?:(?:what|how)\s+about|what\s+of|and)\s+(?P<rest>.+?)\W*$|^(?P<about>(?:about|on|regarding)\s+.+?)\W*$",
    re.IGNORECASE,
)
_WHEN = re.compile(
    rf"^(?:{_AND}[,\s]+)*when\s+(?:was|did|is|were)\s+(?:he|she|they|it|that|this)\b.{{0,40}}$", re.IGNORECASE
)
_WHERE = re.compile(
    rf"^(?:{_AND}[,\s]+)*(?:where\s+(?:was|did)\s+(?:he|she|they|it|that|this)\b.{{0,40}}|(?:which|what)\s+(?:article|outlet|paper)\b.*|sources?|links?|anything\s+else|what\s+else|more|go\s+on)\W*$",
    re.IGNORECASE,
)
_SHE = re.compile(r"\b(?:he|she|they)\b", re.IGNORECASE)
_HER = re.compile(r"\b(?:his|her|their|him|them)\b", re.IGNORECASE)
_EMPTY = frozenset(
    "make say answer respond reply react tell comment think feel take do it that this them one about".split()
)
_OF_NOBODY = re.compile(
    rf"^{LEAD_IN}(?:{WH}\s+)?(?:exactly\s+|else\s+)?(?:{AUX})(?:n't)?\s+(?P<who>he|she)\s+(?:{ADVERB}\s+)?(?:{VERB.pattern})\b"
)
_GENDER = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}
_POINTING = _GENDER.keys() | {"they", "them", "their", "it", "its", "that", "this", "those", "these", "there"}
NAME = 4  # words, from which on it is more than a name
_NO_ONE = NoNames()


def understand_in_context(question: Question, outlets: Iterable[str] = (), names: Names = _NO_ONE) -> Query:
    """What a question asks for, with what earlier questions of its context already said."""
    outlets = tuple(outlets)
    query: Query | None = None
    for text in (*question.context, question.text):
        step = replace(question, text=text, context=())
        query = understand(step, outlets, names) if query is None else _continue(query, step, outlets, names)
    if query and not question.context and query.intent is Intent.PLAIN and not query.outlet:
        name = tidy(query.topic or "")
        if len(name.split()) < NAME and names.named(name):  # a name alone
            query = replace(query, intent=Intent.SAID, speakers=(name,), topic=None, certain=False)
    if query is None:
        raise AssertionError("a question is never empty here")
    return query


def asked_of_nobody(question: Question) -> str | None:
    """The "she" of "what did she say?" where nothing was asked before that tells who she is."""
    found = None if question.context else _OF_NOBODY.match(lowered(question.text).strip())
    return found["who"] if found else None


def _continue(before: Query, question: Question, outlets: tuple[str, ...], names: Names) -> Query:
    """The query of a question that may lean on the one before."""
    text = question.text.strip()
    if before.speakers and (_WHEN.match(text) or _WHERE.match(text)):
        return replace(before, text=question.text, carried="")
    bare = _LEAD.sub("", text) or text
    own = understand(replace(question, text=bare), outlets, names)
    full = own.intent is not Intent.PLAIN and (own.certain or any(names.known(who) for who in own.speakers))
    if full and own.speakers:
        return _with_topic(before, own, led=bare != text)
    pointing = [word for word in tokens(bare) if word in _POINTING]
    named = _with_pronoun_named(before, own, bare, pointing, outlets, question, names)
    if named is not None:
        return _with_topic(before, named, led=True)
    ellipsis = _ELLIPSIS.match(text)
    if ellipsis and not full:
        return _elliptic(before, question, ellipsis["rest"] or ellipsis["about"], outlets, names)
    if own.intent is Intent.PLAIN and (pointing or bare != text or len(_informative(bare)) < 3):
        return replace(own, text=question.text, carried=_words_of(before))
    return own


def with_speaker(question: Question, query: Query, name: str, names: Names) -> Query:
    """A plain follow-up again, with the one whom the answer before found in the place of "she"."""
    text, done = _SHE.subn(lambda _: name, question.text, count=1)
    said = next((_GENDER[word] for word in tokens(question.text) if word in _GENDER), "")
    if said and names.gender(name) not in {said, ""}:
        return query  # "she" is not the man who was found
    made = understand(replace(question, text=text), (), names) if done else query
    return replace(made, text=question.text, carried=query.carried) if made.intent is Intent.SAID else query


def _with_topic(before: Query, own: Query, *, led: bool) -> Query:
    """A question with its own speaker; where it names no topic ("what did she make of it?"), that before is kept."""
    if own.intent in {Intent.DID_SAY, Intent.WHO_SAID}:
        return own
    topic = set(tokens(own.topic or ""))
    if not [w for w in topic if w not in STOP_WORDS and w not in _EMPTY]:
        asked_how = fold(own.text).split()[:1] == ["how"]  # "how did Okoro answer?" answers what was asked about
        wanted = bool({*topic, *tokens(own.text)} & _POINTING) or led or asked_how
        return replace(own, topic=_topic_of(before) if wanted else own.topic, carried=_words_of(before))
    if led or topic & _POINTING or fold(own.text).split()[:1] == ["how"]:
        return replace(own, carried=_words_of(before))
    return own


def _elliptic(before: Query, question: Question, rest: str, outlets: tuple[str, ...], names: Names) -> Query:
    """Reads "and about Russia?", which keeps the speaker, or "what about Sanders?", which may keep the topic."""
    rest = re.sub(r"^(?:for|from|by)\s+", "", rest, flags=re.IGNORECASE)
    topic = re.match(r"(?:about|on|regarding)\s+(.+)", rest, re.IGNORECASE)
    part = understand(replace(question, text=topic[1] if topic else rest), outlets, names)
    carried = replace(
        before,
        text=question.text,
        since=part.since or before.since,
        until=part.until or before.until,
        when=part.when or before.when,
        outlet=part.outlet or before.outlet,
        carried=_words_of(before),
    )
    left = part.topic or ""
    if part.intent is not Intent.PLAIN and part.speakers:
        return replace(carried, intent=part.intent, speakers=part.speakers, topic=part.topic or before.topic)
    if not left:
        return carried
    if topic:
        return replace(carried, topic=left, phrase=None, intent=_saying(before))
    if before.intent is Intent.PLAIN:
        return replace(carried, topic=_exchanged(before.topic or "", left, names))
    return replace(carried, either=left)


def _exchanged(topic: str, name: str, names: Names) -> str:
    """The topic with that name in the place of the last one in it; in front when it names nobody."""
    named = list(_people_in(topic, names)) if names.known(name) else []
    if not named:
        return f"{name} {topic}".strip()
    before, _, after = topic.rpartition(named[-1])
    return f"{before}{name}{after}"


def _saying(before: Query) -> Intent:
    """The intent that a new topic makes of the one before: there is no phrase any more."""
    if before.intent in {Intent.DID_SAY, Intent.WHO_SAID}:
        return Intent.SAID if before.speakers else Intent.WHO_SPOKE
    return before.intent


def _with_pronoun_named(
    before: Query,
    own: Query,
    bare: str,
    pointing: list[str],
    outlets: tuple[str, ...],
    question: Question,
    names: Names,
) -> Query | None:
    """Reads "what did she say?" with the name for her, when that makes it a question for somebody's words."""
    personal = [word for word in pointing if word in _GENDER or word in {"they", "them", "their"}]
    if before.intent is Intent.WHO_SAID:
        return None  # whoever is found to have said it is meant
    if not personal or (own.intent is not Intent.PLAIN and own.speakers):
        return None
    name = _meant(before, _GENDER.get(personal[0], ""), names)
    if name is None:
        return None
    text, done = _SHE.subn(lambda _: name, bare, count=1)
    if not done:
        text = _HER.sub(lambda _: f"{name}'s", bare, count=1)
    made = understand(replace(question, text=text), outlets, names)
    if made.intent is Intent.PLAIN or not made.speakers:
        return None
    return replace(made, text=question.text)


def _meant(before: Query, gender: str, names: Names) -> str | None:
    """Whom "she" means: the speaker before, unless a man; else somebody whom the topic before names."""
    rated = [(3.0 if names.gender(name) == gender else 1.0, name) for name in before.speakers]
    for name in _people_in(before.topic or "", names):
        full = " " in name
        rated.append(((2.5 if full else 1.5) if names.gender(name) == gender else 2.0 if full else 0.5, name))
    possible = [(rating, name) for rating, name in rated if not gender or names.gender(name) in {gender, ""}]
    return max(possible, key=lambda each: each[0])[1] if possible else None


def _people_in(topic: str, names: Names) -> Iterator[str]:
    """Names of people on record among the words of a topic, those of several words first."""
    words = tidy(topic).split()[:20]
    taken: set[int] = set()
    for size in (3, 2, 1):
        for place in range(len(words) - size + 1):
            places = range(place, place + size)
            some = " ".join(words[place : place + size])
            if taken.isdisjoint(places) and fold(words[place]) not in STOP_WORDS and names.named(some):
                taken.update(places)
                yield some


def _topic_of(before: Query) -> str | None:
    return before.topic or before.phrase


def _words_of(before: Query) -> str:
    """All that the question before was about, for weighing lightly."""
    return " ".join(filter(None, (*before.speakers, before.topic or before.phrase, before.carried)))


def _informative(text: str) -> list[str]:
    return [word for word in tokens(text) if word not in STOP_WORDS]
