"""Corrects the texts, the ask or the due date of a recommendation, and enters their sources."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import Body, User
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.aspect_checks import CHANGED, Source, enter_checks
from recommendations.actions.assign import assign
from recommendations.actions.change import count_revision
from recommendations.actions.change_due_date import (
    MISSING_REASON,
    change_due_dates,
    due_date_error,
)
from recommendations.models import Aspect, Assignment, Recommendation
from recommendations.rules import CLOSED, Status

EDITABLE_FIELDS = (
    *("title", "text", "text_is_verbatim", "theme", "due_words", "due_on"),
    *("force_ask", "force_done_when"),
)
ASK_WITHOUT_DONE_WHEN = (
    "Enter what forces are asked to do and when that counts as done. Leave both empty if forces "
    "are asked to do nothing."
)


@transaction.atomic
def amend_recommendation(
    *,
    recommendation: Recommendation,
    by: User,
    at: datetime,
    reason: str = "",
    expected: Mapping[str, Any] | None = None,
    sources: Mapping[Aspect, Source] | None = None,
    **changes: Any,
) -> None:
    """Write the fields and sources that differ, and record their old and new values.

    A new text or due date has to be confirmed again (`enter_checks`). A new due date (a London
    day) also changes every assignment that is not closed and still has the old date, with the
    reason; their original dates stay. A first ask assigns the recommendation to every force.
    Raises Refusal if a field is no longer as `expected`, if the due date changes without a reason
    or to an implausible year, if an ask does not say when it is done, or if it is removed while
    forces have the recommendation.
    """
    locked = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation.pk)
    if any(getattr(locked, name) != value for name, value in (expected or {}).items()):
        raise Refusal(CHANGED)
    changed = {
        name: changes[name]
        for name in EDITABLE_FIELDS
        if name in changes and getattr(locked, name) != changes[name]
    }
    if "due_on" in changed:
        if not reason.strip():
            raise Refusal(MISSING_REASON)
        if error := due_date_error(changed["due_on"]):
            raise Refusal(error)
        _change_assignments(locked, to=changed["due_on"], reason=reason, by=by, at=at)
    details = {
        name: {"from": str(getattr(locked, name)), "to": str(new)} for name, new in changed.items()
    }
    asked_before = locked.asks_forces
    for name, new in changed.items():
        setattr(locked, name, new)
    _refuse_unclear_ask(locked, asked_before=asked_before)
    if changed:
        locked.save(update_fields=list(changed))
    checks = enter_checks(locked, sources=sources or {}, changed_fields=changed, by=by, at=at)
    assignments = [] if asked_before or not locked.asks_forces else _assign_forces(locked, at=at)
    if not (changed or checks):
        return
    audit.record(
        at=at,
        act="recommendation amended",
        actor=by,
        subject=locked,
        rows=[*checks, *assignments],
        changes=details,
        aspects={check.aspect: check.certainty for check in checks},
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


def _refuse_unclear_ask(recommendation: Recommendation, *, asked_before: bool) -> None:
    if bool(recommendation.force_ask) != bool(recommendation.force_done_when):
        raise Refusal(ASK_WITHOUT_DONE_WHEN)
    if not asked_before or recommendation.asks_forces:
        return
    assignments = recommendation.assignments.filter(is_lead=False, body__kind=Body.Kind.FORCE)
    count = assignments.exclude(status=Status.WITHDRAWN).count()
    if count:
        have = "has" if count == 1 else "have"
        raise Refusal(
            f"{wording.count(count, 'force')} still {have} this recommendation, so the ask cannot "
            "be removed. Withdraw the recommendation for them first."
        )


def _assign_forces(recommendation: Recommendation, *, at: datetime) -> list[Assignment]:
    forces = Body.objects.forces().values_list("pk", flat=True)
    return assign({recommendation: forces}, assigned_at=at, at=at)
