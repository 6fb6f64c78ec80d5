"""Days and times as sources write them, read into ISO 8601 or left unknown; nothing about a day is guessed."""

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

_FIRST_YEAR, _LAST_YEAR = 1500, 2199
_MONTHS = {
    name: number for number, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), start=1)
}
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_IN_WORDS = re.compile(
    r"""
    (?:[a-z]{3,9}\.?,?\ )??                     # a weekday
    (?:(?P<month>[a-z]{3,9})\.?\ (?P<day>\d{1,2})(?:st|nd|rd|th)?,?   # December 13th,
    |(?P<day2>\d{1,2})(?:st|nd|rd|th)?\.?\ (?P<month2>[a-z]{3,9})\.?,?) # 13 December
    \ (?P<year>\d{4})
    """,
    re.VERBOSE,
)


def read_published(written: object) -> str | None:
    """The day ("2022-06-16") or the time in UTC ("2022-06-16T08:30:00Z") that was written, None when it is unclear.

    A time without a zone could be a day off in UTC, so only its day is kept. "03/04/2017" names two days and so none.
    """
    if isinstance(written, datetime):
        return _moment(written)
    if isinstance(written, date):
        return _day(written.year, written.month, written.day)
    if not isinstance(written, str):
        return None
    text = " ".join(written[:100].split())
    return _read_iso(text) or _read_mail(text) or _read_digits(text) or _read_words(text.lower())


def _read_iso(text: str) -> str | None:
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d", text):
        return None
    try:
        return _moment(datetime.fromisoformat(text))
    except ValueError:
        return None


def _read_mail(text: str) -> str | None:
    """RFC 5322, as feeds write it: "Wed, 13 Dec 2017 10:00:00 GMT"."""
    if ":" not in text:
        return None
    try:
        return _moment(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None


def _read_digits(text: str) -> str | None:
    if match := _YEAR_FIRST.match(text) or _COMPACT.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _YEAR_LAST.fullmatch(text):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        readings = {_day(year, first, second), _day(year, second, first)} - {None}
        return readings.pop() if len(readings) == 1 else None
    return None


def _read_words(text: str) -> str | None:
    match = _IN_WORDS.match(text)
    if match is None:
        return None
    month = _MONTHS.get((match["month"] or match["month2"])[:3])
    return _day(int(match["year"]), month, int(match["day"] or match["day2"])) if month else None


def _moment(moment: datetime) -> str | None:
    if moment.tzinfo is None:
        return _day(moment.year, moment.month, moment.day)
    try:
        utc = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    if not _FIRST_YEAR <= utc.year <= _LAST_YEAR:
        return None
    return utc.strftime("%Y-%m-%dT%H:%M:%SZ")


def _day(year: int, month: int, day: int) -> str | None:
    try:
        read = date(year, month, day)
    except (ValueError, OverflowError):
        return None
    return read.isoformat() if _FIRST_YEAR <= year <= _LAST_YEAR else None
