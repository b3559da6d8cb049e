"""What analysts see of due dates: requests that wait, and what a move would change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from forces.models import Body
from recommendations import rules, wording
from recommendations.actions.change_due_date import why_unmovable
from recommendations.models import DueDateChange, DueDateRequest, Inspection
from recommendations.positions import positions
from recommendations.positions.positions import Position
from recommendations.rules import CLOSED, Flag

RECENT = 10


@dataclass(frozen=True, kw_only=True)
class WaitingRequest:
    """One request that nobody has decided."""

    pk: int
    body: str
    recommendation: str
    due_on: date
    asked_due_on: date
    asked_on: date
    by: str
    is_closed: bool


def open_requests(inspection: Inspection | None) -> list[WaitingRequest]:
    """Oldest first; one query."""
    found = (
        DueDateRequest.objects.filter(
            decision=None, assignment__recommendation__inspection=inspection
        )
        .select_related("assignment__body", "assignment__recommendation", "asked_by")
        .order_by("asked_at", "pk")
    )
    return [
        WaitingRequest(
            pk=each.pk,
            body=each.assignment.body.short_name,
            recommendation=str(each.assignment.recommendation),
            due_on=each.assignment.due_on,
            asked_due_on=each.asked_due_on,
            asked_on=rules.london_day(each.asked_at),
            by=each.asked_by.name,
            is_closed=each.assignment.status in CLOSED,
        )
        for each in found
    ]


def recent_changes(inspection: Inspection | None) -> list[DueDateChange]:
    """The last ones, newest first; one query."""
    return list(
        DueDateChange.objects.filter(assignment__recommendation__inspection=inspection)
        .select_related("assignment__body", "assignment__recommendation", "decided_by")
        .order_by("-decided_at", "-pk")[:RECENT]
    )


@dataclass(frozen=True, kw_only=True)
class Move:
    """One assignment in the preview; `why_not` says why it is left out."""

    assignment_id: int
    body: str
    number: int
    from_due_on: date
    to_due_on: date
    effect: str
    why_not: str
    is_relieved: bool  # overdue now, and not after it
    is_overdue_then: bool  # not overdue now, but after it


@dataclass(frozen=True)
class Preview:
    """What a move of due dates would do."""

    moves: list[Move]

    @property
    def moving(self) -> list[Move]:
        return [move for move in self.moves if not move.why_not]

    @property
    def sentence(self) -> str:
        count, left = len(self.moving), len(self.moves) - len(self.moving)
        said = f"{wording.count(count, 'due date')} would move"
        no_longer = sum(move.is_relieved for move in self.moving)
        newly = sum(move.is_overdue_then for move in self.moving)
        parts = [said]
        if no_longer:
            parts.append(f"{no_longer} would no longer be overdue")
        if newly:
            parts.append(f"{newly} would be overdue at once")
        if left:
            parts.append(f"{left} would be left out")
        return "; ".join(parts) + "."

    @property
    def packed(self) -> dict[str, tuple[str, str]]:
        """What is confirmed: from and to of each assignment, by its key."""
        return {
            str(move.assignment_id): (move.from_due_on.isoformat(), move.to_due_on.isoformat())
            for move in self.moving
        }


def unpacked(packed: Mapping[str, Iterable[str]]) -> dict[int, tuple[date, date]]:
    """As `move_due_dates` takes it."""
    return {
        int(key): (date.fromisoformat(before), date.fromisoformat(to))
        for key, (before, to) in packed.items()
    }


def preview(
    inspection: Inspection,
    *,
    bodies: Iterable[Body],
    number: int | None,
    to: date | None,
    days: int | None,
    at: datetime,
) -> Preview:
    """What moving to a day, or by a number of days, would change now; one query."""
    named = {body.pk: body.short_name for body in bodies}
    of_bodies = [
        position
        for position in positions.today(inspection, on=rules.london_day(at))
        if position.body_id in named and number in {None, position.number}
    ]
    of_bodies.sort(key=lambda position: (position.number, named[position.body_id]))
    return Preview(
        [
            _move(position, named[position.body_id], to or _shifted(position, days or 0))
            for position in of_bodies
        ]
    )


def _shifted(position: Position, days: int) -> date:
    """Not past the last day that there is; no due date can be in such a year."""
    try:
        return position.due_on + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def _move(position: Position, body: str, to: date) -> Move:
    moved = replace(position, due_on=to)
    why_not = why_unmovable(position, to)
    return Move(
        assignment_id=position.assignment_id,
        body=body,
        number=position.number,
        from_due_on=position.due_on,
        to_due_on=to,
        effect="" if why_not else _effect(position, moved),
        why_not=why_not,
        is_relieved=position.is_overdue and not moved.is_overdue,
        is_overdue_then=moved.is_overdue and not position.is_overdue,
    )


def _effect(before: Position, after: Position) -> str:
    """In words, what the flags would say that they do not say now."""
    said = []
    if before.is_overdue and not after.is_overdue:
        said.append("no longer overdue")
    if after.is_overdue:
        late = wording.count(after.days_overdue, "day")
        said.append(f"still overdue: {late}" if before.is_overdue else f"overdue at once: {late}")
    gained = after.flags - before.flags - {Flag.OVERDUE}
    lost = before.flags - after.flags - {Flag.OVERDUE}
    said += [f"now {flag.label.lower()}" for flag in Flag if flag in gained]
    said += [f"no longer {flag.label.lower()}" for flag in Flag if flag in lost]
    return ", ".join(said) or "no flag changes"
