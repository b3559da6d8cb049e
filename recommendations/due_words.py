"""Resolves a due date in a report's words, such as "within six months", to a London day."""

import calendar
import re
from datetime import date, timedelta

from recommendations.date_texts import UnreadableDate, month_number, read_date

_NUMBERS = {
    word: number
    for number, words in enumerate(
        (
            *("", "one a an", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve"),
        )
    )
    for word in words.split()
} | {"eighteen": 18, "twenty-four": 24}
_IMMEDIATELY = re.compile(r"immediately|immediate|with immediate effect|forthwith|at once")
_WITHIN = re.compile(
    r"(?:within|in) (?:the next )?(?P<count>[a-z-]+|\d{1,3}) "
    r"(?:calendar )?(?P<unit>day|week|month|year)s?"
    r"(?: (?:of|from|after|beginning with|starting with) "
    r"(?:(?:the )?(?:date|day) of )?(?:the )?"
    r"(?:(?:this|the) (?:report|inspection)(?:'s publication)?|publication)"
    r"(?: of (?:this|the) report)?)?"
)
_FROM_THE_DAY_ITSELF = re.compile(r"(?:beginning|starting) with")
_END_OF = re.compile(
    r"(?:by|before|at|no later than)? ?(?:the )?end of (?:the |this )?"
    r"(?:(?P<month>[a-z]+) )?(?P<year>year|\d{4})"
)
_BY = re.compile(r"(?:(?:on or )?(?P<before>before)|by|on|until|no later than|not later than) ")
EXAMPLES = "“by 31 December 2020”, “immediately” or “within six months”"


class UnreadableDueDate(ValueError):
    """The words are not one day. The message is a sentence."""


def resolve_due_date(words: str, *, published_on: date) -> date:
    """Return the last day on which it can be done, a London calendar day.

    A period runs from the day of publication, which does not count unless the words say so
    ("beginning with"). Raises UnreadableDueDate, also for words that can be two days.
    """
    plain = " ".join(words.replace("\u2019", "'").lower().split()).strip(" .,;")
    if _IMMEDIATELY.fullmatch(plain):
        return published_on
    try:
        if match := _WITHIN.fullmatch(plain):
            return _after(match, published_on)
        if match := _END_OF.fullmatch(plain):
            return _end_of(match, published_on)
        match = _BY.match(plain)
        read = read_date(plain[match.end() :] if match else plain).on
        is_excluded = bool(match and match["before"] and not match[0].startswith("on or"))
        return read - timedelta(days=is_excluded)
    except (UnreadableDate, KeyError, OverflowError):
        shown = " ".join(words.split())[:60]
        raise UnreadableDueDate(
            f"“{shown}” is not one day. Write the day, or words like {EXAMPLES}."
        ) from None


def _after(match: re.Match[str], published_on: date) -> date:
    text = match["count"]
    count = int(text) if text.isdigit() else _NUMBERS[text]
    if match["unit"] in {"day", "week"}:
        on = published_on + timedelta(days=count * (7 if match["unit"] == "week" else 1))
    else:
        months = count * (12 if match["unit"] == "year" else 1)
        year, month = divmod(published_on.month - 1 + months, 12)
        year, month = published_on.year + year, month + 1
        last = calendar.monthrange(year, month)[1] if year <= date.max.year else 0
        if not last:
            raise OverflowError
        on = date(year, month, min(published_on.day, last))
    return on - timedelta(days=bool(_FROM_THE_DAY_ITSELF.search(match[0])))


def _end_of(match: re.Match[str], published_on: date) -> date:
    year = published_on.year if match["year"] == "year" else int(match["year"])
    month = month_number(match["month"]) if match["month"] else 12
    if month is None or not 1900 <= year <= 2199 or (match["month"] and match["year"] == "year"):
        raise KeyError(match[0])
    return date(year, month, calendar.monthrange(year, month)[1])
