"""What mails are made of: an item is a title, a few words and an address; a section is a list."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from recommendations import rules, wording
from recommendations.positions.positions import Position
from recommendations.rules import OVERDUE_BANDS

DUE_DAYS = 14  # how far a digest looks ahead
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")


@dataclass(frozen=True)
class Item:
    """One assignment or body: what it is, where it stands in a few words, and its address."""

    title: str
    note: str
    path: str


@dataclass(frozen=True)
class Section:
    """Items under a heading; `more` tells of those that are left out."""

    heading: str
    items: Sequence[Item] = ()
    more: str = ""


def filled(sections: Iterable[Section]) -> list[Section]:
    """Those that have something to tell."""
    return [section for section in sections if section.items]


def shortened(heading: str, items: list[Item], *, most: int) -> Section:
    """The first so many, and how many others there are."""
    left_out = len(items) - most
    return Section(heading, tuple(items[:most]), f"And {left_out:,} more." if left_out > 0 else "")


def bands_of(overdue: Iterable[Position]) -> list[tuple[str, list[Position]]]:
    """By age, the oldest first."""
    bands: list[tuple[str, list[Position]]] = [(label, []) for _, label in OVERDUE_BANDS]
    for each in oldest_first(overdue):
        bands[rules.overdue_band(each.days_overdue)][1].append(each)
    return bands[::-1]


def oldest_first(overdue: Iterable[Position]) -> list[Position]:
    return sorted(overdue, key=lambda p: (-p.days_overdue, p.body_id, p.number))


def due_within(owed: Iterable[Position], *, on: date, days: int) -> list[Position]:
    """Open ones that are due from this day until so many days later, the soonest first."""
    due = [p for p in owed if rules.is_due_within(p, on=on, days=days)]
    return sorted(due, key=lambda p: (p.due_on, p.body_id, p.number))


def days_left_of_week(on: date) -> int:
    """How many days follow until the Sunday of the ISO week."""
    return 7 - on.isoweekday()


def overdue_note(position: Position) -> str:
    late = wording.count(position.days_overdue, "day")
    return f"{late} overdue, due {wording.day(position.due_on)}"


def due_note(position: Position) -> str:
    days = rules.days_until_due(position.due_on, on=position.on)
    when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"due {when}, on {wording.day(position.due_on)}"


def covers(*, since: datetime, on: date) -> str:
    """What to say where weeks went by without a digest; nothing for the usual seven days."""
    first = rules.london_day(since)
    days = (on - first).days
    if days <= 7:
        return ""
    return f"It covers the {days} days since {wording.day(first)}: no digest was sent in between."


def day_of(at: datetime) -> str:
    return wording.day(rules.london_day(at))


def without_marks(words: str) -> str:
    """What people wrote, without characters that stand for something else in a content."""
    return _PRIVATE.sub("", words)
