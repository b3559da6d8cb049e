"""Corrects the texts or the due date of a recommendation."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision
from recommendations.actions.change_due_date import (
    MISSING_REASON,
    change_due_dates,
    due_date_error,
)
from recommendations.models import Assignment, Recommendation
from recommendations.rules import CLOSED

EDITABLE_FIELDS = ("title", "summary", "theme", "source_status", "due_on")


@transaction.atomic
def amend_recommendation(
    *, recommendation: Recommendation, by: User, at: datetime, reason: str = "", **changes: Any
) -> None:
    """Write the fields that differ, and record their old and new values.

    A new due date (a London day) also changes every assignment that is not closed and still has
    the old date, with the reason; their original dates stay. Raises Refusal if the due date
    changes without a reason or to an implausible year.
    """
    locked = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation.pk)
    changed = {
        name: changes[name]
        for name in EDITABLE_FIELDS
        if name in changes and getattr(locked, name) != changes[name]
    }
    if not changed:
        return
    if "due_on" in changed:
        if not reason.strip():
            raise Refusal(MISSING_REASON)
        if error := due_date_error(changed["due_on"]):
            raise Refusal(error)
        _change_assignments(locked, to=changed["due_on"], reason=reason, by=by, at=at)
    details = {
        name: {"from": str(getattr(locked, name)), "to": str(new)} for name, new in changed.items()
    }
    for name, new in changed.items():
        setattr(locked, name, new)
    locked.save(update_fields=list(changed))
    audit.record(
        at=at,
        act="recommendation amended",
        actor=by,
        subject=locked,
        changes=details,
        reason=reason.strip(),
    )
    count_revision(locked.inspection_id)


def _change_assignments(
    recommendation: Recommendation, *, to: date, reason: str, by: User, at: datetime
) -> None:
    assignments = Assignment.objects.filter(
        recommendation=recommendation, due_on=recommendation.due_on
    ).exclude(status__in=CLOSED)
    due_dates = dict.fromkeys(assignments.values_list("pk", flat=True), to)
    change_due_dates(to=due_dates, reason=reason, by=by, at=at)
