"""Puts candidates in order: each is described by a few numbers between 0 and about 1, weighed in one place."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from index.answer.agreement import agreement
from index.answer.evidence import Evidence
from index.answer.overlap import NOTHING, Overlap
from index.answer.reading import Candidate
from index.model import QuoteKind
from index.text.analyzer import analyze, fold, stem, tokens

SOME_NUMBER = 0.6  # what a number counts that does not stand before what is counted
HALF_LIFE = 14.0  # days in which what is recent loses e-fold
_NUMBER = re.compile(
    r"[$£€]?\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|twenty|thirty|forty|fifty|sixty|"
    r"seventy|eighty|ninety|hundreds?|thousands?|millions?|billions?|dozens?|half|percent|once|twice)\b"
)
_TIME = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|"
    r"november|december|(?:jan|feb|aug|sept?|oct|nov|dec)\.|today|tonight|yesterday|tomorrow|(?:19|20)\d\d|\d+ "
    r"(?:a\.m|p\.m))\b"
)
_WANTS_NUMBER = re.compile(r"\bhow\s+(?:many|much|big|long|old|often|far|high|large|tall|fast|few)\b|\bwhat\s+percent")
_MONEY = re.compile(r"[$£€]\s?\d|\b\d[\d.,]*\s+(?:(?:m|b|tr)illion\s+)?(?:dollars|euros|pounds|cents)\b")
_WANTS_MONEY = re.compile(
    r"\bhow\s+(?:much|big|large|high)\b.*\b(?:money|cost|costs|pay|pays|paid|price|prices|worth|fine|fined|earn|earned|spend|"
    r"spent|raise|raised|salary|debt|owe|owed|donate|donated|budget|bill|tax|taxes|charge|charged|sell|sold|bought|making|made)\b"
)
_COUNTED = re.compile(r"\bhow\s+many\s+(?:(?:of|the|more|new|different|other|total)\s+)*(\w+)")
_SENTENCE_END = re.compile(r"[.!?][\"”’')]*\s+(?=[\"“‘]?[A-Z0-9])")
_WANTS_TIME = re.compile(r"\bwhen\b|\bwhat\s+(?:day|year|month|time|date)\b|\bhow\s+(?:long|soon)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What candidates are held against.

    Attributes:
        question: as typed, which may want a number or a time.
        carried: articles of the answer before.
        articles: score of each article found, by the topic's informative weight.
    """

    overlap: Overlap
    topic: str
    question: str
    asked: date
    articles: dict[str, float]
    carried: frozenset[str] = frozenset()


def ranked(candidates: Sequence[Candidate], asked: Asked, weights: Evidence) -> list[Candidate]:
    """The candidates with their evidence and a new score, best first, ties by place."""
    asked.overlap.reader.read(c.article_id for c in candidates)
    pairs = _pairs(asked.topic)
    asking = frozenset(analyze(asking_part(asked.question)))
    found = []
    for candidate in candidates:
        evidence = evidence_of(candidate, asked, pairs, asking)
        found.append(replace(candidate, score=evidence.weighed(weights), evidence=evidence))
    found = _sorted(found)
    if not weights.agreed:
        return found
    paragraphs = (asked.overlap.reader.paragraph(candidate) for candidate in found)
    shares = agreement([paragraph.text if paragraph else "" for paragraph in paragraphs], asked.overlap.terms.weights)
    return _sorted([_agreed(*each, weights) for each in zip(found, shares, strict=True)])


def _agreed(candidate: Candidate, share: float, weights: Evidence) -> Candidate:
    evidence = replace(candidate.evidence or Evidence(), agreed=share)
    return replace(candidate, score=candidate.score + weights.agreed * share, evidence=evidence)


def _sorted(candidates: Sequence[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda c: (-c.score, c.article_id, c.number))


def asking_part(question: str) -> str:
    """The sentences that ask, of a question that says something first; all of it where it is one sentence."""
    ends = [match.end() for match in _SENTENCE_END.finditer(question)]
    sentences = [question[start:end] for start, end in pairwise([0, *ends, len(question)])]
    return " ".join([s for s in sentences if "?" in s] or sentences[-1:])


def evidence_of(
    candidate: Candidate, asked: Asked, pairs: Sequence[tuple[str, str]], asking: frozenset[str] = frozenset()
) -> Evidence:
    """What speaks for one candidate; `asking` are the terms of the sentence that asks."""
    article_id, number = candidate.article_id, candidate.number
    overlap, reader = asked.overlap, asked.overlap.reader
    stored, paragraph = reader.stored(article_id), reader.paragraph(candidate)
    if stored is None or paragraph is None:
        return Evidence()
    own = overlap.paragraph(article_id, number)
    quotes = reader.quotes(candidate)
    said = overlap.text(" ".join(s.text for q in quotes for s in q.content)) if quotes else NOTHING
    share = overlap.share(own)
    question = fold(asked.question)
    return Evidence(
        words=candidate.score,
        article=asked.articles.get(article_id, 0.0),
        content=overlap.share(said) if quotes or not candidate.written else share,
        paragraph=share,
        near=overlap.share(overlap.around(article_id, number)),
        asked=overlap.share(own, only=asking),
        row=sum(pair in own.row for pair in pairs) / len(pairs) if pairs else 0.0,
        attributed=float(bool(quotes) or candidate.written),
        quoted=float(any(q.kind is not QuoteKind.INDIRECT for q in quotes)),
        sure=max((q.confidence for q in quotes), default=0.0),
        headline=float(number == 0),
        early=max(0.0, 1 - number / 6),
        asks=float(paragraph.text.rstrip(" \"”’'").endswith("?")),
        fits=_fits(question, paragraph.text),
        long=min(1.0, len(paragraph.text) / 800),
        recent=_recency(stored.article.day, asked.asked),
        title=overlap.share(overlap.title(article_id)),
        carried=float(article_id in asked.carried),
    )


def _fits(question: str, text: str) -> float:
    lower = text.lower()
    if _WANTS_MONEY.search(question):
        return float(_MONEY.search(lower) is not None)
    if _WANTS_NUMBER.search(question):
        return _counts(question, lower)
    if _WANTS_TIME.search(question):
        return float(_TIME.search(lower) is not None)
    return 0.0


def _counts(question: str, text: str) -> float:
    """1 where a number stands before what is counted ("how many schools": "2,000 public schools"), less elsewhere."""
    if not _NUMBER.search(text):
        return 0.0
    counted = _COUNTED.search(question)
    wanted = {stem(word) for word in tokens(counted[1])} if counted else set()
    for number in _NUMBER.finditer(text) if wanted else ():
        after = tokens(text[number.start() : number.end() + 40])[1:5]
        if not wanted.isdisjoint(map(stem, after)):
            return 1.0
    return 1.0 if not wanted else SOME_NUMBER


def _recency(day: date | None, asked: date) -> float:
    return math.exp(-max(0, (asked - day).days) / HALF_LIFE) if day else 0.0


def _pairs(topic: str) -> list[tuple[str, str]]:
    found = analyze(topic)
    return list(pairwise(found))


def holds_in_row(text: str, stems: Sequence[str]) -> bool:
    """Whether the text holds these stems one after the other."""
    if not stems:
        return False
    held = [stem(word) for word in tokens(text)]
    n = len(stems)
    return any(held[i] == stems[0] and held[i : i + n] == list(stems) for i in range(len(held) - n + 1))
