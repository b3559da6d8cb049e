"""Days, times and counts as sentences say them, in the manner of the GOV.UK style guide."""

from datetime import date, datetime

from recommendations.rules import LONDON, london_day


def day(on: date) -> str:
    """`3 March 2026`."""
    return f"{on.day} {on:%B %Y}"


def clock(at: datetime) -> str:
    """The time in London: `3:04pm`."""
    here = at.astimezone(LONDON)
    return f"{here.hour % 12 or 12}:{here:%M}{'am' if here.hour < 12 else 'pm'}"


def moment(at: datetime, *, on: date) -> str:
    """`at 3:04pm`, with the day where it was not the London day `on`."""
    happened_on = london_day(at)
    return f"at {clock(at)}" if happened_on == on else f"at {clock(at)} on {day(happened_on)}"


def count(number: int, noun: str) -> str:
    """`1 day`, `12 days`, `1,200 days`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def person(name: str, *, is_reader: bool) -> str:
    """The name, or `you` where it is the reader's own."""
    return "you" if is_reader else name
