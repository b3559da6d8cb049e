"""The parts of an email. An item is a title, a note and a link; a section is a list of items."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from recommendations import rules, wording
from recommendations.positions.contact import Contact
from recommendations.positions.positions import Position
from recommendations.rules import OVERDUE_BANDS

DAYS_AHEAD = 14  # how far a digest looks ahead
MAX_ITEMS = 10  # in a section that may be long
_PLACEHOLDERS = re.compile(r"[\ue000-\uf8ff]")  # see `personalisation`


@dataclass(frozen=True)
class EmailItem:
    """One assignment or body: what it is, a note on its position, and the path of its page."""

    title: str
    note: str
    path: str


@dataclass(frozen=True)
class EmailSection:
    """Items under a heading; `more` says how many items were left out."""

    heading: str
    items: Sequence[EmailItem] = ()
    more: str = ""


@dataclass(frozen=True, kw_only=True)
class DigestData:
    """What every digest has. `on` is a London day, `since` an instant, `path` that of its page."""

    on: date
    since: datetime
    overdue_count: int
    sections: list[EmailSection]
    path: str
    is_synthetic: bool

    @property
    def coverage(self) -> str:
        """Return a sentence where weeks went by without a digest, or "" for the usual week."""
        first = rules.london_day(self.since)
        return f"Covers changes since {wording.day(first)}." if (self.on - first).days > 7 else ""


def shortened(heading: str, items: Sequence[EmailItem]) -> EmailSection:
    """Return a section of the first `MAX_ITEMS` items, and how many others there are."""
    left_out = len(items) - MAX_ITEMS
    more = f"And {left_out:,} more." if left_out > 0 else ""
    return EmailSection(heading, tuple(items[:MAX_ITEMS]), more)


def overdue_by_band(overdue: Iterable[Position]) -> list[tuple[str, list[Position]]]:
    """Return the label and positions of each age band, the oldest first."""
    bands: list[tuple[str, list[Position]]] = [(label, []) for _, label in OVERDUE_BANDS]
    for position in oldest_first(overdue):
        bands[rules.overdue_band(position.days_overdue)][1].append(position)
    return bands[::-1]


def oldest_first(overdue: Iterable[Position]) -> list[Position]:
    return sorted(overdue, key=lambda p: (-p.days_overdue, p.body_id, p.number))


def due_within(positions: Iterable[Position], *, on: date, days: int) -> list[Position]:
    """Return open positions due from the London day `on` to `days` later, the soonest first."""
    due = [p for p in positions if rules.is_due_within(p, on=on, days=days)]
    return sorted(due, key=lambda p: (p.due_on, p.body_id, p.number))


def overdue_note(position: Position) -> str:
    """Return `12 days overdue, due 3 March 2026`."""
    late = wording.count(position.days_overdue, "day")
    return f"{late} overdue, due {wording.day(position.due_on)}"


def due_note(position: Position) -> str:
    """Return `due in 3 days, on 3 March 2026`."""
    days = rules.days_until_due(position.due_on, on=position.on)
    when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"due {when}, on {wording.day(position.due_on)}"


def claim_note(position: Position) -> str:
    """Return `claim submitted on 3 March 2026` for a claim that waits."""
    return f"claim submitted on {format_day(position.heard_at)}"


def contact_note(contact: Contact) -> str:
    """Return `last update 3 March 2026, 61 days ago`."""
    days = wording.count(contact.days, "day")
    if contact.last_update_on is None:
        return f"no update in {days}"
    return f"last update {wording.day(contact.last_update_on)}, {days} ago"


def format_day(at: datetime) -> str:
    """Return the London day of an instant: `3 March 2026`."""
    return wording.day(rules.london_day(at))


def without_placeholders(text: str) -> str:
    """Return text that people wrote without the characters that are placeholders in a content."""
    return _PLACEHOLDERS.sub("", text)
