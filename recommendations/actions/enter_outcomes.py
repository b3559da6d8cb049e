"""Adds, corrects and removes outcome figures."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import transaction

from forces import audit
from forces.accounts.access import lock_person
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision
from recommendations.models import Indicator, Inspection, OutcomeFigure
from recommendations.register.facts import OutcomeFacts
from recommendations.register.outcome_form import figure_errors
from recommendations.rules import london_day

CHANGED = "Somebody has changed this figure since you opened this page. Check it again."
MISSING_REASON = "Enter the reason for the correction"


@dataclass(frozen=True, kw_only=True)
class OutcomeChange:
    """A figure to add, or to put in the place of one that counts; `is_removed` removes that."""

    facts: OutcomeFacts
    replaces: OutcomeFigure | None = None
    is_removed: bool = False


def facts_of(figure: OutcomeFigure) -> OutcomeFacts:
    return OutcomeFacts(
        **{field.name: getattr(figure, field.name) for field in fields(OutcomeFacts)}
    )


@transaction.atomic
def enter_outcomes(
    *,
    inspection: Inspection,
    changes: Sequence[OutcomeChange],
    reason: str,
    by: User,
    at: datetime,
) -> list[OutcomeFigure]:
    """Write all changes or none; return the new rows. What changes nothing is left out.

    A second click adds nothing. `reason` is why figures are corrected or removed. Raises Refusal.
    """
    lock_person(by)  # a second click waits for the first
    current = {figure.pk: figure for figure in inspection.outcomes.current()}
    stored = {facts_of(figure) for figure in current.values()}
    wanted = [change for change in changes if change.is_removed or change.facts not in stored]
    _check(wanted, current, reason=reason, on=london_day(at))
    rows = [
        OutcomeFigure(
            inspection=inspection,
            replaces=change.replaces,
            reason=reason if change.replaces else "",
            is_removed=change.is_removed,
            entered_at=at,
            entered_by=by,
            **asdict(change.facts),
        )
        for change in wanted
    ]
    if rows:
        OutcomeFigure.objects.bulk_create(rows)
        counts: dict[str, Any] = {
            "added": sum(row.replaces_id is None for row in rows),
            "corrected": sum(row.replaces_id is not None and not row.is_removed for row in rows),
            "removed": sum(row.is_removed for row in rows),
        }
        audit.record(
            at=at,
            act="outcomes entered",
            actor=by,
            subject=inspection,
            rows=rows,
            **{name: number for name, number in counts.items() if number},
        )
        count_revision(inspection.pk)
    return rows


def _check(
    changes: Sequence[OutcomeChange], current: dict[int, OutcomeFigure], *, reason: str, on: date
) -> None:
    """Raise Refusal unless the changes can be made to the figures that count."""
    replaced = {change.replaces.pk for change in changes if change.replaces}
    if replaced and not reason:
        raise Refusal(f"{MISSING_REASON}.")
    if not replaced <= current.keys():
        raise Refusal(CHANGED)
    keys = {facts_of(figure).key for key, figure in current.items() if key not in replaced}
    for change in changes:
        if errors := figure_errors(asdict(change.facts), on=on):
            raise Refusal(f"{next(iter(errors.values()))}.")
        if change.facts.key in keys and not change.is_removed:
            raise Refusal(
                f"There is already a figure of “{Indicator(change.facts.indicator).label}” for "
                "this scope and period. Correct that one."
            )
        keys.add(change.facts.key)
