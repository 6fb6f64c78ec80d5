"""Days and periods in a question ("on Tuesday", "last week", "in March 2016"), relative to its now."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MONTHS = ("january february march april may june july august september october november december").split()
_DAY = "|".join(_DAYS)
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}  # the month in which each begins
_SEASON = "|".join(_SEASONS)
_COUNTS = "a two three four five six seven eight nine ten eleven twelve".split()
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
      | (?:(?:in|during|over)\s+(?:the\s+)?(?:(?:early|late)\s+)?)?(?P<which>last\s+|past\s+|this\s+(?:past\s+)?)?
        (?P<season>{_SEASON})(?:,?\s+(?:of\s+)?(?P<year6>(?:19|20)\d\d))?
        (?=\s*(?:$|[?.!,;:)])|\s+(?:about|on|regarding|and|to|that)\b)
      | (?P<many>\d\d?|one|{"|".join(_COUNTS)})\s+(?P<back>day|week|month)s?\s+ago\b
      | (?P<relative>yesterday|today|tonight|(?:this|last|past)\s+(?:week|month|year|weekend)
        | (?:over|at|during)\s+the\s+weekend | the\s+(?:other\s+day|last\s+few\s+days))\b
      | (?:in\s+)?(?:the\s+)?(?:last|past)\s+(?P<count>\d{{1,3}})\s+(?P<unit>days|weeks|months|years)\b
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)

_FROM = re.compile(r"\b(?:from|between)\s+", re.IGNORECASE)
_TO = re.compile(r"\s*(?:,?\s*(?:and|to|until|till|through)\s+|[-–—]\s*)", re.IGNORECASE)
_SIDE = re.compile(r"\b(?P<side>since|after|before|until|till)\s+", re.IGNORECASE)
_MOMENT = re.compile(  # a day, month or year as it stands after "since" or "from"
    rf"""
    (?:the\s+)? (?:(?:{_DAY}),?\s+)?
    (?:
        (?P<iso>\d{{4}}-\d\d-\d\d)
      | (?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month1>{_MONTH}) (?:,?\s+(?P<year1>\d{{4}}))?
      | (?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d) (?:,?\s+(?P<year2>\d{{4}}))?
      | (?:(?:early|late|mid|last|this)[\s-]+)?(?P<month3>{_MONTH})(?:,?\s+(?:of\s+)?(?P<year3>\d{{4}}))?
      | (?P<year5>(?:19|20)\d\d)
      | (?:last\s+|this\s+)?(?P<weekday>{_DAY})
      | (?P<relative>yesterday|today|tonight|now|(?:this|last|past)\s+(?:week|month|year|weekend))
    )
    (?![\w'’]|\s+for\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SAID_THEN = re.compile(r"\b(?:say|said|tell|told|anything|something)\s*$", re.IGNORECASE)
_THEN_ABOUT = re.compile(r"\s*(?:about|on|regarding|concerning)\b", re.IGNORECASE)
_ENDS = re.compile(
    r"\s*(?:$|[?.!,;:)]|(?:about|on|regarding|concerning|and|in|to|of|that|at|with|by)\b)", re.IGNORECASE
)
_BARE_DAY = re.compile(r"(?:the\s+)?(\d{1,2})(?:st|nd|rd|th)?\b(?!\s*%)", re.IGNORECASE)


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
    bounded = _between(text, asked, known) or _on_one_side(text, asked, known)
    if bounded:
        return bounded
    for match in _PERIOD.finditer(text):
        days = _days(match, asked, known)
        if days is None:
            continue
        first, last = days
        since, until = _open_side((match["side"] or "").lower(), first, last)
        return Period(since=since, until=until, start=match.start(), end=match.end())
    return None


def _between(text: str, asked: date, known: date) -> Period | None:
    """Reads "from Monday to Wednesday", "between 3 March and 9 April", "from March 3 to 5"."""
    for start in _FROM.finditer(text):
        begin = _MOMENT.match(text, start.end())
        link = _TO.match(text, begin.end()) if begin else None
        first = _days(begin, asked, known) if begin else None
        if begin is None or link is None or first is None:
            continue
        end = _MOMENT.match(text, link.end())
        last = _days(end, asked, known) if end else None
        if end is None:
            end = _BARE_DAY.match(text, link.end())
            last = _same_month(first[0], int(end[1])) if end and first[0] == first[1] else None
        if end is None or last is None:
            continue
        since, until = first[0], last[1]
        if since > until:
            since = since - timedelta(days=7) if begin["weekday"] else _year_before(since)
        if since > until:
            continue
        return Period(since=since, until=until, start=start.start(), end=end.end())
    return None


def _on_one_side(text: str, asked: date, known: date) -> Period | None:
    """Reads "since March", "before June", "until 2015"; "shut until October" tells what was said, not when."""
    for start in _SIDE.finditer(text):
        moment = _MOMENT.match(text, start.end())
        days = _days(moment, asked, known) if moment else None
        if moment and days and _tells_when(text, start, moment, days[0], known):
            since, until = _open_side(start["side"].lower(), *days)
            return Period(since=since, until=until, start=start.start(), end=moment.end())
    return None


def _tells_when(text: str, start: re.Match[str], moment: re.Match[str], first: date, known: date) -> bool:
    """Whether "until Friday" is when something was said: next to the verb, or a time that is past without doubt."""
    if not _ENDS.match(text, moment.end()):
        return False  # "after the September storm"
    if start["side"].lower() == "since" or _SAID_THEN.search(text[: start.start()]):
        return True
    if _THEN_ABOUT.match(text, moment.end()):
        return True
    years = any(moment[f"year{n}"] for n in "1235") or moment["iso"]
    return bool(years or (not moment["weekday"] and first.year == known.year)) and first <= known


def _same_month(first: date, day: int) -> tuple[date, date] | None:
    try:
        return first.replace(day=day), first.replace(day=day)
    except ValueError:
        return None


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


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
    found = {name: words for name, words in match.groupdict().items() if words}
    try:
        if "iso" in found:
            day = date.fromisoformat(found["iso"])
            return day, day
        for n in "12":
            if f"day{n}" in found:
                return _one_day(int(found[f"day{n}"]), _month(found[f"month{n}"]), found.get(f"year{n}"), known)
        for n in "34":
            if f"month{n}" in found:
                return _whole_month(_month(found[f"month{n}"]), found.get(f"year{n}"), known)
        if "year5" in found:
            return date(int(found["year5"]), 1, 1), date(int(found["year5"]), 12, 31)
    except ValueError:
        return None
    if "weekday" in found:
        back = (asked.weekday() - _DAYS.index(found["weekday"].lower())) % 7
        day = asked - timedelta(days=back)
        return day, day
    if "season" in found:
        return _whole_season(match, known)
    if "many" in found:
        return _ago(found["many"].lower(), found["back"].lower(), asked)
    if "count" in found:
        days = {"days": 1, "weeks": 7, "months": 30, "years": 365}[found["unit"].lower()] * int(found["count"])
        return asked - timedelta(days=days), asked
    return _relative(" ".join(found["relative"].lower().split()), asked)


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
        case [*_, "weekend"]:
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


def _whole_season(match: re.Match[str], known: date) -> tuple[date, date] | None:
    """The three months of a season; the last that had begun where no year says which, and a winter by its January."""
    words, which = match[0].lower(), (match["which"] or "").lower()
    if not (which or match["year6"] or words.startswith(("in ", "during ", "over "))):
        return None  # "spring" is also what a mattress has
    month = _SEASONS[match["season"].lower()]
    number = int(match["year6"]) - (month == 12) if match["year6"] else known.year - (month > known.month)
    first = date(number, month, 1)
    last = _whole_month((month + 1) % 12 + 1, str(number + (month == 12)), known)[1]
    if which.startswith("last") and first <= known <= last:  # not this one, which lasts
        first, last = _year_before(first), _whole_month(last.month, str(last.year - 1), known)[1]
    return (first, last) if first <= known else None


def _ago(many: str, back: str, asked: date) -> tuple[date, date]:
    """The day of "three days ago", the days around "two weeks ago" and "a month ago"."""
    count = int(many) if many.isdigit() else 1 if many == "one" else _COUNTS.index(many) + 1
    length, around = {"day": (1, 0), "week": (7, 3), "month": (30, 15)}[back]
    day = asked - timedelta(days=length * count)
    return day - timedelta(days=around), day + timedelta(days=around)
