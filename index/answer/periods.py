"""Days and periods in a question ("on Tuesday", "last week", "in March 2016"), relative to its now."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = ("january february march april may june july august september october november december").split()
_DAY = "|".join(_DAYS)
_MONTH = "|".join([*_MONTHS, *(m[:3] + r"\.?" for m in _MONTHS if m != "may"), r"sept\.?"])

_PERIOD = re.compile(
    rf"""
    \b(?:
        (?P<side>since|after|before|until|till) \s+
    )?
    (?:
        (?:on\s+)? (?P<iso>\d{{4}}-\d\d-\d\d)
      | (?:on\s+)? (?:(?:{_DAY}),?\s+)? (?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month1>{_MONTH})
        (?:,?\s+(?P<year1>\d{{4}}))?
      | (?:on\s+)? (?:(?:{_DAY}),?\s+)? (?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)
        (?:,?\s+(?P<year2>\d{{4}}))?
      | (?:(?:in|during|of|last|this)\s+(?:early\s+|late\s+)?)(?P<month3>{_MONTH})
        (?:,?\s+(?:of\s+)?(?P<year3>\d{{4}}))?(?=\W|$)
      | (?P<month4>{_MONTH})\s+(?P<year4>\d{{4}})
      | (?:in\s+|during\s+)(?P<year5>(?:19|20)\d\d)\b
      | (?:on\s+|last\s+|this\s+(?:past\s+)?)(?P<weekday>{_DAY})\b
      | (?P<relative>yesterday|today|tonight|(?:this|last|past)\s+(?:week|month|year|weekend)
        | the\s+(?:other\s+day|last\s+few\s+days))\b
      | (?:in\s+)?(?:the\s+)?(?:last|past)\s+(?P<count>\d{{1,3}})\s+(?P<unit>days|weeks|months|years)\b
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Days, both inclusive; None on an open side. `start` and `end` are the words' offsets in the question."""

    since: date | None
    until: date | None
    start: int
    end: int


def find_period(text: str, asked: date, latest: date | None = None) -> Period | None:
    """The first period that the text names; None when it names none that can be resolved.

    Args:
        text: the question.
        asked: its now, from which "yesterday" and "last week" are seen.
        latest: a day or a month without a year is the last one until then, and until `asked`.
    """
    known = min(asked, latest) if latest else asked
    for match in _PERIOD.finditer(text):
        days = _days(match, asked, known)
        if days is None:
            continue
        first, last = days
        since, until = _open_side((match["side"] or "").lower(), first, last)
        return Period(since=since, until=until, start=match.start(), end=match.end())
    return None


def _open_side(word: str, first: date, last: date) -> tuple[date | None, date | None]:
    """The period that "since", "after", "before" or "until" makes of days."""
    match word:
        case "since":
            return first, None
        case "after":
            return last + timedelta(days=1), None
        case "before":
            return None, first - timedelta(days=1)
        case "until" | "till":
            return None, last
        case _:
            return first, last


def _days(match: re.Match[str], asked: date, known: date) -> tuple[date, date] | None:
    try:
        if match["iso"]:
            day = date.fromisoformat(match["iso"])
            return day, day
        for n in "12":
            if match[f"day{n}"]:
                return _one_day(int(match[f"day{n}"]), _month(match[f"month{n}"]), match[f"year{n}"], known)
        for n in "34":
            if match[f"month{n}"]:
                return _whole_month(_month(match[f"month{n}"]), match[f"year{n}"], known)
        if match["year5"]:
            return date(int(match["year5"]), 1, 1), date(int(match["year5"]), 12, 31)
    except ValueError:
        return None
    if match["weekday"]:
        back = (asked.weekday() - _DAYS.index(match["weekday"].lower())) % 7
        day = asked - timedelta(days=back)
        return day, day
    if match["count"]:
        days = {"days": 1, "weeks": 7, "months": 30, "years": 365}[match["unit"].lower()] * int(match["count"])
        return asked - timedelta(days=days), asked
    return _relative(" ".join(match["relative"].lower().split()), asked)


def _relative(words: str, asked: date) -> tuple[date, date]:
    monday = asked - timedelta(days=asked.weekday())
    first = asked.replace(day=1)
    match words.split():
        case ["yesterday"]:
            return asked - timedelta(days=1), asked - timedelta(days=1)
        case ["last" | "past", "week"]:
            return monday - timedelta(days=7), monday - timedelta(days=1)
        case ["this", "week"]:
            return monday, asked
        case [_, "weekend"]:
            saturday = asked - timedelta(days=(asked.weekday() - 5) % 7)
            return saturday, min(asked, saturday + timedelta(days=1))
        case ["last" | "past", "month"]:
            last = first - timedelta(days=1)
            return last.replace(day=1), last
        case ["this", "month"]:
            return first, asked
        case ["last" | "past", "year"]:
            return date(asked.year - 1, 1, 1), date(asked.year - 1, 12, 31)
        case ["this", "year"]:
            return date(asked.year, 1, 1), asked
        case ["the", *_]:
            return asked - timedelta(days=4), asked
        case _:
            return asked, asked


def _month(word: str) -> int:
    return next(n for n, month in enumerate(_MONTHS, 1) if month.startswith(word.lower().rstrip(".")[:3]))


def _one_day(day: int, month: int, year: str | None, asked: date) -> tuple[date, date]:
    found = date(int(year) if year else asked.year, month, day)
    if not year and found > asked:
        found = found.replace(year=asked.year - 1)
    return found, found


def _whole_month(month: int, year: str | None, asked: date) -> tuple[date, date]:
    number = int(year) if year else asked.year if month <= asked.month else asked.year - 1
    first = date(number, month, 1)
    following = date(number + month // 12, month % 12 + 1, 1)
    return first, following - timedelta(days=1)
