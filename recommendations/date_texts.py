"""Reads dates as people and spreadsheet programs write them, with the day before the month."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from recommendations.date_order import has_month_first
from recommendations.rules import london_day
from recommendations.wording import day

MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EXAMPLE = "31/12/2026"
_MONTH_NUMBERS = {
    name: number
    for number, month in enumerate(MONTHS, start=1)
    for name in (month.lower(), month[:3].lower())
} | {"sept": 9}
_MONTH_NUMBERS |= {  # in Welsh
    name: number
    for number, names in enumerate(
        (
            *(
                "ionawr ion",
                "chwefror chwef chwe",
                "mawrth maw",
                "ebrill ebr",
                "mai",
                "mehefin meh",
            ),
            *(
                "gorffennaf gorff gor",
                "awst",
                "medi",
                "hydref hyd",
                "tachwedd tach",
                "rhagfyr rhag",
            ),
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAY_NUMBERS = {
    name: number
    for number, weekday in enumerate(WEEKDAYS)
    for name in (weekday.lower(), weekday[:3].lower())
} | {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
_DASHES = re.compile("[\u2010-\u2015\u2212\u00ad]")
_TIME = r"(?P<time>\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?)\s*(?P<half>[ap]\.?m\.?)?"
_ZONE = r"(?:(?P<zone>z|(?:utc|gmt)?[+-]\d\d(?::?\d\d)?|utc|gmt|bst)(?:\s*[(\[].*[)\]])?)"
_CLOCK = re.compile(rf"(?P<date>.*?\S)(?:\s+(?:at\s+)?|,\s*|t){_TIME}\s*{_ZONE}?")
_WEEKDAY = re.compile(r"(?P<weekday>[a-z]+)\.?,?\s+(?:the\s+)?(?P<rest>.*\d.*)")
_YEAR_FIRST = re.compile(r"(\d{4})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})")
_NUMBERS = re.compile(r"(\d{1,2})\s*([-/.\s])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s\-/.]*([a-z]{3,9})[\s\-/.,]*['\u2019]?(\d{4}|\d{2})"
)
_MONTH_FIRST = re.compile(r"([a-z]{3,9})[\s\-/.]*(\d{1,2})(?:st|nd|rd|th)?(?:\s*,\s*|\s+)(\d{4})")
_MONTH_ONLY = re.compile(r"(?:[a-z ]* )?([a-z]{3,9})[\s\-/.,]*['\u2019]?(\d{4}|\d{2})")
_DAY_AND_MONTH = re.compile(
    r"\d{1,2}(?:st|nd|rd|th)?(?:\s+of)?(?:[\s\-/.]*([a-z]{3,9})|\s*[-/.\s]\s*\d{1,2})"
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_MAX_LENGTH = 100  # characters


class UnreadableDate(ValueError):
    """Text that is no date, or that can be two. The message completes “Forecast date ...”."""


@dataclass(frozen=True)
class DateText:
    """A date that was read. `month_first` is its other reading, if day and month can be swapped."""

    on: date
    month_first: date | None = None


def month_number(text: str) -> int | None:
    """Return the number of a month's English name, in full or in short."""
    return _MONTH_NUMBERS.get(text.strip().rstrip(".").lower())


def read_date(text: str) -> DateText:
    """Return the date in a text, such as `31/12/26`, `31st December 2026` or `2026-12-31T00:00`.

    Years of two digits are in this century. A time is ignored. Raises UnreadableDate, also if the
    time zone makes it another day in London.
    """
    if len(text) > _MAX_LENGTH:
        raise _unreadable(text)
    plain = _plain(text)
    clock = _CLOCK.fullmatch(plain)
    plain = clock["date"].rstrip(" ,") if clock else plain
    weekday, plain = _without_weekday(plain)
    read = _read(plain, text.strip())
    if weekday is not None and read.on.weekday() != weekday:
        raise UnreadableDate(f"“{_short(text)}” is a {WEEKDAYS[read.on.weekday()]}")
    if clock:
        _check_time(read.on, clock, text)
    return read


def read_day(text: str) -> date:
    """Return the date of an address: ISO 8601, or as people write it. Raises ValueError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return read_date(text).on


def two_readings(text: str, read: DateText, because: str) -> UnreadableDate:
    """Return the error for a date that can have the month first. `because` says why."""
    assert read.month_first is not None
    return UnreadableDate(
        f"“{_short(text)}” can be {day(read.on)} or {day(read.month_first)}, because {because}. "
        f"Write the month as a word, like {day(read.on)}"
    )


def _plain(text: str) -> str:
    normal = _DASHES.sub("-", unicodedata.normalize("NFKC", text))
    visible = "".join(char for char in normal if unicodedata.category(char) != "Cf")
    return " ".join(visible.lower().split()).strip(" .,;'\u2019")


def _short(text: str) -> str:
    return " ".join(text.split())[:40]


def _without_weekday(plain: str) -> tuple[int | None, str]:
    match = _WEEKDAY.fullmatch(plain)
    if match is None or match["weekday"] not in _WEEKDAY_NUMBERS:
        return None, plain
    return _WEEKDAY_NUMBERS[match["weekday"]], match["rest"]


def _read(plain: str, text: str) -> DateText:
    if match := _YEAR_FIRST.fullmatch(plain):
        return DateText(_date(match[1], int(match[3]), match[4], text))
    if match := _NUMBERS.fullmatch(plain):
        return _numbers(match, text)
    for pattern, parts in ((_DAY_FIRST, (3, 2, 1)), (_MONTH_FIRST, (3, 1, 2))):
        match = pattern.fullmatch(plain)
        if match and (month := month_number(match[parts[1]])):
            return DateText(_date(match[parts[0]], month, match[parts[2]], text))
    raise UnreadableDate(_reason(plain, text))


def _numbers(match: re.Match[str], text: str) -> DateText:
    first, second, year = int(match[1]), int(match[3]), match[4]
    if has_month_first(match[0]):
        on = _date(year, first, match[3], text)
        written = f"{on:%d/%m/%Y}"
        raise UnreadableDate(
            f"“{_short(text)}” has the month first. Write it as {written} or {day(on)}"
        )
    on = _date(year, second, match[1], text)
    is_swappable = first <= 12 and first != second
    return DateText(on, _date(year, first, match[3], text) if is_swappable else None)


def _date(year: str, month: int, day_of_month: str, text: str) -> date:
    number = int(year) + (2000 if len(year) == 2 else 0)
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        raise _unreadable(text)
    try:
        return date(number, month, int(day_of_month))
    except ValueError:
        raise _unreadable(text) from None


def _reason(plain: str, text: str) -> str:
    """Return what a text that is no date lacks."""
    month = _MONTH_ONLY.fullmatch(plain)
    if month and month_number(month[1]):
        return f"must be a real date with a day, like {EXAMPLE}, not “{_short(text)}”"
    partial = _DAY_AND_MONTH.fullmatch(plain)
    if partial and (partial[1] is None or month_number(partial[1])):
        return f"must be a real date with a year, like {EXAMPLE}, not “{_short(text)}”"
    if plain.isdigit():
        return (
            f"must be a real date, like {EXAMPLE}, not the number {_short(text)}. If it is a date "
            "in your spreadsheet, format the cell as a date"
        )
    return str(_unreadable(text))


def _check_time(on: date, clock: re.Match[str], text: str) -> None:
    """Refuse times that do not exist, and ones in another zone that are another day in London."""
    hours, minutes = (int(part) for part in clock["time"].split(":")[:2])
    if hours > 23 or minutes > 59:
        raise _unreadable(text)
    zone = clock["zone"]
    if not zone:
        return
    digits = re.sub(r"\D", "", "+01" if zone == "bst" else zone).ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    utc = datetime.combine(on, time(hours, minutes), UTC) - (-offset if "-" in zone else offset)
    in_london = london_day(utc)
    if in_london != on:
        raise UnreadableDate(
            f"“{_short(text)}” can be {day(on)} or {day(in_london)}, because of its time zone. "
            f"Write only the date, like {on:%d/%m/%Y}"
        )


def _unreadable(text: str) -> UnreadableDate:
    return UnreadableDate(f"must be a real date, like {EXAMPLE}, not “{_short(text)}”")
