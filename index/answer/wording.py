"""The sentences of an answer that are ours: what was understood, why nothing was found, what the index covers."""

import re
from collections.abc import Sequence

from index.answer.citations import said_day
from index.answer.query import Query
from index.model import Coverage, Intent

_PLACED = re.compile(r"(?:at|in|after|before|during|when|from|by)\b", re.IGNORECASE)


def understood(query: Query, names: Sequence[Sequence[str]]) -> str:
    """One line that says what was understood, so that a person can correct it.

    Args:
        query: the query.
        names: for each name typed, the persons it can mean.
    """
    who = spoken_list([_one_of(each) for each in names])
    about = f" {query.topic}" if query.topic and _PLACED.match(query.topic) else ""
    about = about or (f" about {query.topic}" if query.topic else "")
    rest = _when(query) + (f", in {query.outlet}" if query.outlet else "")
    match query.intent:
        case Intent.SAID:
            return f"What {who} said{about}{rest}"
        case Intent.COMPARE:
            return f"What {who} said{about}, side by side{rest}"
        case Intent.TIMELINE:
            return f"What {who} said{about} over time{rest}"
        case Intent.WHO_SAID:
            return f"Who said “{query.phrase}”{rest}"
        case Intent.DID_SAY:
            return f"Whether {who} said “{query.phrase}”{rest}"
        case Intent.WHO_SPOKE:
            return f"Who spoke{about}{rest}"
        case _:
            return f"Paragraphs about: {query.topic or query.text}{rest}"


def absent(typed: str) -> str:
    """That nobody is known by a name."""
    return f"Nobody called “{typed}” is on record."


def covers(coverage: Coverage) -> str:
    """What the index holds, in one sentence."""
    outlets = f" from {_count(len(coverage.outlets), 'outlet')}" if coverage.outlets else ""
    first, last = said_day(coverage.first_day), said_day(coverage.last_day)
    days = "" if not first else f", dated {first}" if first == last else f", dated {first} to {last}"
    return f"The index covers {_count(coverage.articles, 'article')}{outlets}{days}."


def spoken_list(items: Sequence[str]) -> str:
    """Joins as a person would: "A", "A and B", "A, B and C"."""
    items = list(items)
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)


def _one_of(names: Sequence[str]) -> str:
    names = list(dict.fromkeys(names))
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}" if len(names) < 5 else f"{names[0]} or {len(names) - 1} others"


def _when(query: Query) -> str:
    since, until = said_day(query.since), said_day(query.until)
    if since and until:
        return f", {since}" if since == until else f", {since} to {until}"
    return f", since {since}" if since else f", until {until}" if until else ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
