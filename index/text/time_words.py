"""When something was said: the day printed next to the cue, resolved against the article's date where certain."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from index.text.reading import Sentence

_DAYS = {day: n for n, day in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
_WORDS = frozenset(["yesterday", "today", "tonight"])
_MONTHS = {
    name: number
    for number, names in enumerate(
        "january jan. jan|february feb. feb|march mar.|april apr.|may|june|july|august aug. aug"
        "|september sept. sep. sept|october oct. oct|november nov. nov|december dec. dec".split("|"),
        start=1,
    )
    for name in names.split()
}
# what else tells of a time, so that the day of the statement before need not hold
_OTHER_TIMES = frozenset(
    "earlier later previously ago last next week weeks month months year years once past since then recently".split()
)
_TIMES = _OTHER_TIMES | _WORDS | frozenset(_DAYS) | frozenset(_MONTHS)
_YEAR = re.compile(r"(?:19|20)\d\d")
_REACH = 14


@dataclass(slots=True)
class Told:
    """A statement as far as its time matters.

    Attributes:
        who: the key of its speaker, empty where nobody could be named.
        block: the index of its paragraph.
        when: the day printed with it, or None; `carried` fills it in.
        dated: whether some other time is printed beside its words.
    """

    who: str
    block: int
    when: str | None
    dated: bool


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
    """A weekday, "yesterday", "today", "March 3" or "March 3, 2016" as the ISO day that it means in such an article."""
    word = printed.lower()
    if word.split(" ", 1)[0] in _MONTHS:
        return _resolve_date(printed, published)
    if published is None:
        return printed
    if word in _DAYS:
        return (published - timedelta(days=(published.weekday() - _DAYS[word]) % 7)).isoformat()
    if word in ("today", "tonight"):
        return published.isoformat()
    if word == "yesterday":
        return (published - timedelta(days=1)).isoformat()
    return printed


def _resolve_date(printed: str, published: date | None) -> str:
    """The ISO day of a month and day; without a year the last such day up to publication."""
    month, day, *year = printed.lower().replace(",", "").split()
    try:
        if year:
            return date(int(year[0]), _MONTHS[month], int(day)).isoformat()
        if published is None:
            return printed
        found = date(published.year, _MONTHS[month], int(day))
        return (found if found <= published else found.replace(year=published.year - 1)).isoformat()
    except ValueError:
        return printed  # "February 30"


def is_dated(sentence: Sentence, content: list[tuple[int, int]]) -> bool:
    """Whether a sentence tells of any time outside the words that it reports."""
    if _TIMES.isdisjoint(sentence.lower) and "#" not in sentence.tags:
        return False
    inside = {unit for first, last in content for unit in range(first, last)}
    return any(
        unit not in inside
        and (
            word in _OTHER_TIMES
            or word in _DAYS
            or word in _WORDS
            or _month(sentence, unit)
            or bool(_YEAR.fullmatch(word))
        )
        for unit, word in enumerate(sentence.lower)
    )


def carried(told: Sequence[Told]) -> Iterable[str | None]:
    """The day of each statement, in reading order: what follows on a dated statement was said on its day.

    It holds for the same speaker, in the same paragraph or the next, until another day is told; and for the one
    statement right before, since a report's first sentence often leaves the day to the second.
    """
    dated: set[str] = set()  # who was given a day so far
    for number, one in enumerate(told):
        before = told[number - 1] if number else None
        if before and one.who and not one.when and not one.dated:
            near = reversed(told[max(0, number - _REACH) : number])
            last = next((other for other in near if other.when or other.who == one.who), before)
            if last.who == one.who and one.block - last.block <= 1:
                one.when = last.when
        elif before and one.when and one.who == before.who and one.who not in dated and not before.dated:
            before.when = before.when or (one.when if one.block - before.block <= 1 else None)
        if one.when:
            dated.add(one.who)
    return [one.when for one in told]


def _date_at(sentence: Sentence, unit: int) -> str | None:
    """The month, day and year, where printed, that begin at a unit."""
    words = sentence.words
    day = words[unit + 1] if unit + 1 < len(words) else ""
    if not (day.isdecimal() and 0 < int(day) < 32):
        return None
    year = words[unit + 2 : unit + 4]
    if len(year) == 2 and year[0] == "," and _YEAR.fullmatch(year[1]):
        return f"{words[unit]} {day}, {year[1]}"
    return f"{words[unit]} {day}"


def _near(sentence: Sentence, place: int, content: list[tuple[int, int]]) -> str | None:
    lower, tags = sentence.lower, sentence.tags
    reported = {
        unit for first, last in content for unit in range(max(first, place - _REACH), min(last, place + _REACH))
    }
    for unit in range(place + 1, min(len(lower), place + _REACH)):
        if unit in reported:
            break
        found = _day_at(sentence, unit)
        if found:
            return found
        if tags[unit] in "wVvm" or lower[unit] in ("that", '"'):
            break
    for unit in range(place - 1, max(-1, place - _REACH), -1):
        if unit in reported:
            break
        if unit == place - 1 or lower[unit - 1] == "on":
            found = _day_at(sentence, unit)
            if found and lower[unit] not in _WORDS:
                return found
        if tags[unit] in "wVvm" or lower[unit] == '"':
            break
    return None


def _day_at(sentence: Sentence, unit: int) -> str | None:
    word = sentence.lower[unit]
    if word in _DAYS or word in _WORDS:
        return sentence.words[unit]
    return _date_at(sentence, unit) if _month(sentence, unit) else None


def _month(sentence: Sentence, unit: int) -> bool:
    """Whether a unit names a month; "may" and "march" are verbs."""
    return sentence.lower[unit] in _MONTHS and sentence.words[unit][0].isupper()
