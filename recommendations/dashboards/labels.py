"""How a position is marked: letters in a cell, tags in a row, words for those who hear it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from recommendations import wording
from recommendations.positions.positions import Position
from recommendations.rules import CLOSED, Flag, Status, days_until_due

LETTERS: Mapping[str, str] = {
    Status.IMPLEMENTED: "IM",
    Status.EVIDENCE_SUBMITTED: "EV",
    Status.IN_PROGRESS: "IP",
    Status.NOT_STARTED: "NS",
    Status.WITHDRAWN: "WD",
}
LATE = "L"
EXTENDED = "X"


@dataclass(frozen=True)
class Tag:
    """A status tag: its class and its words."""

    kind: str
    text: str


def tags(position: Position) -> list[Tag]:
    """The status first, then the flags in the order of the rules, then a late claim."""
    status = Status(position.status)
    marked = [Tag(status.value, status.label)]
    marked += [Tag(flag.value, flag.label) for flag in Flag if flag in position.flags]
    if position.is_late:
        marked.append(Tag("review_late", "Sent late"))
    return marked


def letters_after(position: Position) -> str:
    """`L` for a late claim, `X` for an extended due date."""
    late = LATE if position.is_late else ""
    return late + (EXTENDED if position.is_extended else "")


def words(position: Position) -> str:
    """`in progress, overdue, due date extended`."""
    said = [Status(position.status).label.lower()]
    said += [flag.label.lower() for flag in Flag if flag in position.flags]
    if position.is_late:
        said.append("sent late")
    if position.is_extended:
        said.append("due date extended")
    return ", ".join(said)


def days_words(due_on: date, *, on: date) -> str:
    """`2,153 days ago`, `today`, `in 12 days`."""
    days = days_until_due(due_on, on=on)
    if days == 0:
        return "today"
    return f"in {wording.count(days, 'day')}" if days > 0 else f"{wording.count(-days, 'day')} ago"


def owed_words(position: Position) -> str:
    """What the due date means for a body: `12 days overdue`, `in 40 days`; nothing when closed."""
    if position.status in CLOSED:
        return ""
    if position.is_overdue:
        return f"{wording.count(position.days_overdue, 'day')} overdue"
    if position.status == Status.EVIDENCE_SUBMITTED:
        return "waits for review"
    return days_words(position.due_on, on=position.on)
