"""Due dates as analysts see them: open requests for more time, and the preview of a change."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from forces.models import Body
from forces.names import NAME_AT
from forces.rows import tuples
from recommendations import rules, wording
from recommendations.actions.change_due_date import due_date_change_error
from recommendations.models import Inspection
from recommendations.positions import positions
from recommendations.positions.positions import Position
from recommendations.references import reference_key
from recommendations.rules import Flag, Status

RECENT_COUNT = 10


class OpenRequest(NamedTuple):
    """A request for more time that is not decided."""

    pk: int
    reference: str  # of the recommendation
    title: str  # of the recommendation
    short_name: str  # of the organisation
    status: Status
    due_on: date
    due_on_at_request: date
    asked_due_on: date
    asked_at: datetime
    asked_by: str
    reason: str


_OPEN_REQUESTS = f"""
    SELECT r.id, m.reference, m.title, b.short_name, a.status, a.due_on, r.due_on, r.asked_due_on,
           r.asked_at, {NAME_AT.format(person="u", at="r.asked_at")}, r.reason
    FROM recommendations_duedaterequest r
    JOIN recommendations_assignment a ON a.id = r.assignment_id
    JOIN recommendations_recommendation m ON m.id = a.recommendation_id
    JOIN forces_body b ON b.id = a.body_id
    JOIN forces_user u ON u.id = r.asked_by_id
    WHERE m.inspection_id = %s
      AND NOT EXISTS (SELECT FROM recommendations_duedatedecision d WHERE d.request_id = r.id)
    ORDER BY r.asked_at, r.id
"""  # noqa: S608  # nosec B608 # built from constants only


class RecentChange(NamedTuple):
    """A change of a due date."""

    reference: str  # of the recommendation
    short_name: str  # of the organisation
    slug: str
    from_due_on: date
    to_due_on: date
    decided_at: datetime
    decided_by: str


_RECENT_CHANGES = f"""
    SELECT m.reference, b.short_name, b.slug, c.from_due_on, c.to_due_on, c.decided_at,
           {NAME_AT.format(person="u", at="c.decided_at")}
    FROM recommendations_duedatechange c
    JOIN recommendations_assignment a ON a.id = c.assignment_id
    JOIN recommendations_recommendation m ON m.id = a.recommendation_id
    JOIN forces_body b ON b.id = a.body_id
    JOIN forces_user u ON u.id = c.decided_by_id
    WHERE m.inspection_id = %s ORDER BY c.decided_at DESC, c.id DESC LIMIT %s
"""  # noqa: S608  # nosec B608 # built from constants only


def open_requests(inspection: Inspection | None) -> list[OpenRequest]:
    """Requests for more time that are not decided, oldest first; one query."""
    return [OpenRequest._make(row) for row in _of(inspection, _OPEN_REQUESTS)]


def recent_changes(inspection: Inspection | None) -> list[RecentChange]:
    """The latest due date changes, newest first; one query."""
    return [RecentChange._make(row) for row in _of(inspection, _RECENT_CHANGES, RECENT_COUNT)]


def _of(inspection: Inspection | None, sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    return tuples(sql, inspection.pk, *parameters) if inspection else []


@dataclass(frozen=True, kw_only=True)
class PreviewRow:
    """One assignment in the preview; `why_not` says why its due date cannot change."""

    assignment_id: int
    body: str
    reference: str
    from_due_on: date
    to_due_on: date
    effect: str
    why_not: str
    clears_overdue: bool
    makes_overdue: bool


@dataclass(frozen=True)
class DueDatePreview:
    """What a change of many due dates would do."""

    rows: list[PreviewRow]

    @property
    def changing(self) -> list[PreviewRow]:
        return [row for row in self.rows if not row.why_not]

    @property
    def sentence(self) -> str:
        """`12 due dates will change; 3 will no longer be overdue; 1 will not change.`"""
        counts = {
            "will no longer be overdue": sum(row.clears_overdue for row in self.changing),
            "will become overdue": sum(row.makes_overdue for row in self.changing),
            "will not change": len(self.rows) - len(self.changing),
        }
        parts = [f"{wording.count(len(self.changing), 'due date')} will change"]
        parts += [f"{count:,} {what}" for what, count in counts.items() if count]
        return "; ".join(parts) + "."

    @property
    def confirmation(self) -> dict[str, tuple[str, str]]:
        """What is signed and sent back to confirm: old and new ISO date by assignment's key."""
        return {
            str(row.assignment_id): (row.from_due_on.isoformat(), row.to_due_on.isoformat())
            for row in self.changing
        }


def parse_confirmation(confirmation: Mapping[str, Iterable[str]]) -> dict[int, tuple[date, date]]:
    """The old and the new due date by assignment's key, as `change_many_due_dates` takes them."""
    return {
        int(key): (date.fromisoformat(old), date.fromisoformat(new))
        for key, (old, new) in confirmation.items()
    }


def preview_changes(
    inspection: Inspection,
    *,
    bodies: Iterable[Body],
    reference: str,
    to: date | None,
    days: int | None,
    own: Container[int],
    at: datetime,
) -> DueDatePreview:
    """What a change to a day, or by a number of days, would do now; one query.

    `reference` is the recommendation's, or empty for every recommendation; `own` has the keys of
    the organisations that the reader acts for.
    """
    names = {body.pk: body.short_name for body in bodies}
    selected = [
        position
        for position in positions.today(inspection, on=rules.london_day(at))
        if position.body_id in names and reference in {"", position.reference}
    ]
    selected.sort(key=lambda position: (reference_key(position.reference), names[position.body_id]))
    return DueDatePreview(
        [
            _preview_row(
                position,
                names[position.body_id],
                to or _shifted(position, days or 0),
                is_own=position.body_id in own,
            )
            for position in selected
        ]
    )


def _shifted(position: Position, days: int) -> date:
    """The due date moved by days, at most to the ends of the calendar, which are refused later."""
    try:
        return position.due_on + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def _preview_row(before: Position, body: str, to: date, *, is_own: bool) -> PreviewRow:
    after = before._replace(due_on=to)
    why_not = due_date_change_error(before, to, is_own=is_own)
    return PreviewRow(
        assignment_id=before.assignment_id,
        body=body,
        reference=before.reference,
        from_due_on=before.due_on,
        to_due_on=to,
        effect="" if why_not else _effect(before, after),
        why_not=why_not,
        clears_overdue=before.is_overdue and not after.is_overdue,
        makes_overdue=after.is_overdue and not before.is_overdue,
    )


def _effect(before: Position, after: Position) -> str:
    """The flags that the change raises or clears, in words."""
    effects = []
    if before.is_overdue and not after.is_overdue:
        effects.append("no longer overdue")
    if after.is_overdue:
        days = wording.count(after.days_overdue, "day")
        verb = "still" if before.is_overdue else "will become"
        effects.append(f"{verb} overdue: {days}")
    raised = after.flags - before.flags - {Flag.OVERDUE}
    cleared = before.flags - after.flags - {Flag.OVERDUE}
    effects += [f"now {flag.label.lower()}" for flag in Flag if flag in raised]
    effects += [f"no longer {flag.label.lower()}" for flag in Flag if flag in cleared]
    return ", ".join(effects) or "no flag changes"
