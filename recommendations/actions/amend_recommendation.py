"""Mending a recommendation's texts or its due date (design, section 4)."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision
from recommendations.actions.change_due_date import (
    change_due_dates,
    why_not_a_due_date,
)
from recommendations.models import Assignment, Recommendation
from recommendations.rules import CLOSED

AMENDABLE = ("title", "summary", "theme", "source_status", "due_on")


@transaction.atomic
def amend_recommendation(
    *, recommendation: Recommendation, by: User, at: datetime, reason: str = "", **changes: Any
) -> None:
    """Write the fields that differ, and record each from and to.

    A new due date moves every assignment that is not closed and still has the old one, with the
    reason; the original date of each is kept. Raises Refusal where a date moves without a reason.
    """
    locked = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation.pk)
    changed = {name: changes[name] for name in AMENDABLE if name in changes}
    changed = {name: new for name, new in changed.items() if getattr(locked, name) != new}
    if not changed:
        return
    if "due_on" in changed:
        if not reason.strip():
            raise Refusal("Say why the due date changes: the reason is shown with it.")
        if why := why_not_a_due_date(changed["due_on"]):
            raise Refusal(why)
        _move(locked, to=changed["due_on"], reason=reason, by=by, at=at)
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


def _move(recommendation: Recommendation, *, to: date, reason: str, by: User, at: datetime) -> None:
    following = Assignment.objects.filter(
        recommendation=recommendation, due_on=recommendation.due_on
    ).exclude(status__in=CLOSED)
    days = dict.fromkeys(following.values_list("pk", flat=True), to)
    change_due_dates(to=days, reason=reason, by=by, at=at)
