"""Reports how many lines a force closed in a month, and how many had reopened at check-backs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import Body, User
from forces.refusal import Refusal
from recommendations.models import CHECK_DAYS, Closure, Inspection
from recommendations.rules import london_day

CHANGED = "Somebody has reported this month since you opened this page. Check it again."
MISSING_REASON = "Select the reason for changing counts that were reported before"


@dataclass(frozen=True, kw_only=True)
class ClosureCounts:
    """The counts of a kind of closure, with the field names of `Closure`."""

    kind: str
    has_order: bool
    closed: int
    checked_7: int | None = None
    reopened_7: int | None = None
    checked_28: int | None = None
    reopened_28: int | None = None
    checked_90: int | None = None
    reopened_90: int | None = None


def count_errors(values: Mapping[str, Any], *, month: date, on: date) -> dict[str, str]:
    """Return what is wrong with the counts of a month that are reported `on` a day, by field."""
    errors: dict[str, str] = {}
    available, before, among = values.get("closed"), 0, "that were closed"
    for day in CHECK_DAYS:
        checked, reopened = values.get(f"checked_{day}"), values.get(f"reopened_{day}")
        if checked is None and reopened is None:
            available, among = None, f"that were checked after {day} days"
            continue
        if on < month + timedelta(days=day):
            errors[f"checked_{day}"] = f"The check after {day} days is not due yet"
        elif checked is None or available is None or checked > available:
            errors[f"checked_{day}"] = f"Lines checked after {day} days must be among those {among}"
        elif reopened is None or not before <= reopened <= checked:
            errors[f"reopened_{day}"] = (
                f"Lines reopened within {day} days must be among those checked, with those that "
                "had reopened before"
            )
        available, before, among = checked, reopened or 0, f"that were checked after {day} days"
    return errors


@transaction.atomic
def report_closures(
    *,
    inspection: Inspection,
    body: Body,
    month: date,
    counts: Sequence[ClosureCounts],
    seen: Mapping[tuple[str, bool], int],
    reason: str,
    by: User,
    at: datetime,
) -> list[Closure]:
    """Add the rows that count from now on; return them. Counts that are the same add no row.

    `seen` are the numbers of the rows that the person saw, by kind and order. Raises Refusal.
    """
    Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    stored = Closure.objects.filter(inspection=inspection, body=body, month=month).current()
    latest = {(row.kind, row.has_order): row for row in stored}
    rows = []
    for group in counts:
        key, values = (group.kind, group.has_order), asdict(group)
        last = latest.get(key)
        if last is not None and all(getattr(last, name) == values[name] for name in values):
            continue
        row = Closure(inspection=inspection, body=body, month=month, **values)
        row.number, row.reported_at, row.reported_by = seen.get(key, 0) + 1, at, by
        row.reason = reason if last is not None and is_changed(last, values) else ""
        _refuse(row, last, values, reason=reason)
        rows.append(row)
    if rows:
        Closure.objects.bulk_create(rows)
        audit.record(
            at=at,
            act="closures reported",
            actor=by,
            subject=body,
            body=body,
            rows=rows,
            month=f"{month:%Y-%m}",
        )
    return rows


def _refuse(row: Closure, last: Closure | None, values: dict[str, Any], *, reason: str) -> None:
    if row.number != (last.number if last else 0) + 1:
        raise Refusal(CHANGED)
    if errors := count_errors(values, month=row.month, on=london_day(row.reported_at)):
        raise Refusal(f"{next(iter(errors.values()))}.")
    if last is not None and is_changed(last, values) and not reason:
        raise Refusal(f"{MISSING_REASON}.")


def is_changed(last: Closure, values: Mapping[str, Any]) -> bool:
    """Whether a count that was reported before is now another one, or none."""
    return any(
        getattr(last, name) is not None and getattr(last, name) != values[name] for name in values
    )
