"""Follow-ups carry speaker, topic, time and outlet over from the questions before, without a model guessing."""

import re
from collections.abc import Iterable
from dataclasses import replace

from index.answer.query import Query
from index.answer.understanding import form_of, tidy, understand
from index.model import Intent, Question
from index.text.analyzer import STOP_WORDS, fold, tokens

_AND = r"(?:and|but|so|ok|okay|also|then|well)"
_ELLIPSIS = re.compile(
    rf"^(?:{_AND}[,\s]+)*(?:(?:what|how)\s+about|what\s+of|and)\s+(?P<rest>.+?)\W*$|^(?P<about>(?:about|on|regarding)\s+.+?)\W*$",
    re.IGNORECASE,
)
_WHEN = re.compile(rf"^(?:{_AND}[,\s]+)*when\s+(?:was|did|is|were)\b.{{0,40}}$", re.IGNORECASE)
_WHERE = re.compile(
    rf"^(?:{_AND}[,\s]+)*(?:where\s+(?:was|did)\b.{{0,40}}|(?:which|what)\s+(?:article|outlet|paper)\b.*|anything\s+else|what\s+else|more|go\s+on)\W*$",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(he|she|they|him|her|them|his|hers|their|it|its|that|this|those|these)\b", re.IGNORECASE)
_PERSONAL = frozenset(["he", "she", "they", "him", "her", "them", "his", "hers", "their"])


def understand_in_context(question: Question, outlets: Iterable[str] = ()) -> Query:
    """What a question asks for, with what earlier questions of its context already said."""
    outlets = tuple(outlets)
    query: Query | None = None
    for text in (*question.context, question.text):
        step = Question(text=text, asked=question.asked)
        query = understand(step, outlets) if query is None else _continue(query, step, outlets)
    if query is None:
        raise AssertionError("a question is never empty here")
    return query


def _continue(before: Query, question: Question, outlets: tuple[str, ...]) -> Query:
    """The query of a question that may lean on the one before."""
    text = question.text.strip()
    if before.speakers and (_WHEN.match(text) or _WHERE.match(text)):
        return replace(before, text=question.text)
    ellipsis = _ELLIPSIS.match(text)
    if ellipsis:
        return _elliptic(before, question, ellipsis["rest"] or ellipsis["about"], outlets)
    own = understand(question, outlets)
    own = _with_pronouns(before, own)
    if own.speakers and not own.topic and before.topic and re.search(r"\b(?:that|this|it)\b", fold(text)):
        own = replace(own, topic=before.topic)
    return own


def _elliptic(before: Query, question: Question, rest: str, outlets: tuple[str, ...]) -> Query:
    """Reads "and about Russia?", which keeps the speaker, or "what about Sanders?", which may keep the topic."""
    topic = re.match(r"(?:about|on|regarding)\s+(.+)", rest, re.IGNORECASE)
    part = understand(replace(question, text=topic[1] if topic else rest), outlets)
    carried = replace(
        before,
        text=question.text,
        since=part.since or before.since,
        until=part.until or before.until,
        when=part.when or before.when,
        outlet=part.outlet or before.outlet,
    )
    left = part.topic or ""
    if part.intent is not Intent.PLAIN and part.speakers:
        return replace(carried, intent=part.intent, speakers=part.speakers, topic=part.topic or before.topic)
    if not left:
        return carried
    if topic:
        return replace(carried, topic=left, phrase=None, intent=_saying(before))
    return replace(carried, either=left)


def _saying(before: Query) -> Intent:
    return Intent.SAID if before.intent in {Intent.DID_SAY, Intent.WHO_SAID} and before.speakers else before.intent


def _with_pronouns(before: Query, own: Query) -> Query:
    """In "what did she say about it?" she is the speaker before, it is the topic before."""
    words = set(tokens(own.text))
    who = own.speakers or before.speakers
    if not own.speakers and before.speakers and words & _PERSONAL:
        bare = form_of(tidy(_with_name(own.text, before.speakers[0])))
        own = replace(bare, since=own.since, until=own.until, when=own.when, outlet=own.outlet)
    topic_words = [w for w in tokens(own.topic or "") if w not in STOP_WORDS]
    if own.topic and not topic_words and before.topic and _PRONOUN.search(own.topic):
        own = replace(own, topic=before.topic)
    return replace(own, speakers=own.speakers or (who if own.intent is not Intent.PLAIN else ()))


def _with_name(text: str, name: str) -> str:
    """The text with its first he, she or they (else his, her or their) as that name."""
    text, named = re.subn(r"\b(?:he|she|they)\b", lambda _: name, text, count=1, flags=re.IGNORECASE)
    if named:
        return text
    return re.sub(r"\b(?:his|her|their)\b", lambda _: f"{name}'s", text, count=1, flags=re.IGNORECASE)
