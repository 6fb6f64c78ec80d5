"""When something was said: the day printed next to the cue, resolved against the article's date where certain."""

from datetime import date, timedelta

from index.text.reading import Sentence

_DAYS = {day: n for n, day in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
_WORDS = frozenset(["yesterday", "today", "tonight"])
_REACH = 14


def when_said(sentence: Sentence, place: int, content: list[tuple[int, int]], published: date | None) -> str | None:
    """The day of a statement: ISO where it is certain, else the printed word, else None.

    Args:
        sentence: where the cue stands.
        place: the cue's unit.
        content: [first, last) units of the words reported; a day among them is not the statement's.
        published: the article's day.
    """
    found = _near(sentence, place, content)
    if found is None:
        return None
    return resolve(found, published)


def resolve(printed: str, published: date | None) -> str:
    """A weekday, "yesterday" or "today" as the ISO day that it means in an article of that day."""
    word = printed.lower()
    if published is None:
        return printed
    if word in _DAYS:
        return (published - timedelta(days=(published.weekday() - _DAYS[word]) % 7)).isoformat()
    if word in ("today", "tonight"):
        return published.isoformat()
    if word == "yesterday":
        return (published - timedelta(days=1)).isoformat()
    return printed


def _near(sentence: Sentence, place: int, content: list[tuple[int, int]]) -> str | None:
    lower, tags = sentence.lower, sentence.tags
    reported = {
        unit for first, last in content for unit in range(max(first, place - _REACH), min(last, place + _REACH))
    }
    for unit in range(place + 1, min(len(lower), place + _REACH)):
        if unit in reported:
            break
        if lower[unit] in _DAYS or lower[unit] in _WORDS:
            return sentence.words[unit]
        if tags[unit] in "wVvm" or lower[unit] in ("that", '"'):
            break
    for unit in range(place - 1, max(-1, place - _REACH), -1):
        if unit in reported:
            break
        if lower[unit] in _DAYS and (unit == place - 1 or lower[unit - 1] == "on"):
            return sentence.words[unit]
        if tags[unit] in "wVvm" or lower[unit] == '"':
            break
    return None
