"""Dates, times and counts as text, in the GOV.UK style."""

from datetime import date, datetime

from recommendations.rules import LONDON, london_day


def day(on: date, *, today: date | None = None) -> str:
    """Return `3 March 2026`, or `3 March` if it is in the same year as `today`."""
    return f"{on.day} {on:%B}" if today and on.year == today.year else f"{on.day} {on:%B %Y}"


def short_day(on: date, *, today: date) -> str:
    """Return `3 Mar`, or `3 Mar 2027` if it is in another year than `today`."""
    return f"{on.day} {on:%b}" if on.year == today.year else f"{on.day} {on:%b %Y}"


def clock(at: datetime) -> str:
    """Return the time in London: `3:04pm`."""
    local = at.astimezone(LONDON)
    return f"{local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"


def moment(at: datetime, *, on: date) -> str:
    """Return `at 3:04pm`, and the date too unless it is the London day `on`."""
    happened_on = london_day(at)
    return f"at {clock(at)}" if happened_on == on else f"at {clock(at)} on {day(happened_on)}"


def count(number: int, noun: str) -> str:
    """Return `1 day`, `12 days`, `1,200 days`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def are(number: int, rest: str) -> str:
    """Return `1 is overdue`, `12 are overdue`."""
    return f"{number:,} {'is' if number == 1 else 'are'} {rest}"


def lower_first(text: str) -> str:
    """Return the text with a small first letter: `withdrawn: superseded by R7`."""
    return text[:1].lower() + text[1:]


def not_counting(withdrawn: int) -> str:
    """Return `, not counting 2 withdrawn`, or an empty string if there are none."""
    return f", not counting {withdrawn:,} withdrawn" if withdrawn else ""


def self_assessed(number: int) -> str:
    """Return `, 2 of them self-assessed`, or an empty string if there are none."""
    return f", {number:,} of them self-assessed" if number else ""


def person(name: str, *, is_reader: bool) -> str:
    """Return the name, or `you` if it is the reader's own."""
    return "you" if is_reader else name
