"""Corrects the texts, addressees, ask or due date of a recommendation, and enters their sources."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import Body, User
from forces.refusal import Refusal
from recommendations.actions.aspect_checks import CHANGED, Source, enter_checks
from recommendations.actions.assign import assign
from recommendations.actions.change import count_revision, lock
from recommendations.actions.change_due_date import (
    MISSING_REASON,
    change_due_dates,
    due_date_error,
)
from recommendations.actions.withdraw_assignment import withdraw_assignments
from recommendations.models import Aspect, Assignment, Recommendation
from recommendations.models.assignment import AssignmentQuerySet
from recommendations.rules import CLOSED, EndingKind, Status

EDITABLE_FIELDS = (
    *("title", "text", "text_is_verbatim", "theme", "due_words", "due_on"),
    *("force_ask", "force_done_when"),
)
ADDRESSEES = ("lead_body", "partners")
ASK_WITHOUT_DONE_WHEN = (
    "Enter what forces are asked to do and when that counts as done. Leave both empty if forces "
    "are asked to do nothing."
)
MISSING_LEAD_REASON = "Enter a reason for the new lead. It is shown in the history."
MISSING_ASK_REASON = (
    "Enter why forces are no longer asked to do anything. The reason is shown next to the "
    "recommendation of each force."
)
LEAD_IS_PARTNER = "The lead cannot also be a partner."


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

    `changes` has new values of `values_of`. A new text, addressee or due date has to be confirmed
    again (`enter_checks`). A new due date (a London day) also changes every assignment that is not
    closed and still has the old date, with the reason; their original dates stay. A first ask
    assigns the recommendation to every force; without an ask it is withdrawn for those that have
    not finished. A new lead gets the recommendation, and it is withdrawn for the earlier one.
    Raises Refusal if a field is no longer as `expected`, if a reason is missing, if the year of
    the due date is implausible, if an ask does not say when it is done, if the lead is a partner,
    or if the recommendation was withdrawn for the new lead.
    """
    locked = Recommendation.objects.select_for_update(of=("self",)).get(pk=recommendation.pk)
    before = values_of(locked)
    if any(before[name] != value for name, value in (expected or {}).items()):
        raise Refusal(CHANGED)
    details = differences(before, changes)
    changed = {name: changes[name] for name in details}
    after = before | changed
    _refuse_unclear(before, after, reason=reason)
    if changed.keys() & {"due_on", "lead_body", "force_ask"}:
        lock(locked.assignments.values_list("pk", flat=True))
    if withdrawn := _to_withdraw(locked, before, after):
        kind = EndingKind.NO_FURTHER_ACTION
        withdraw_assignments(withdrawn, kind=kind, reason=reason, by=by, at=at)
    if "due_on" in changed:
        _change_assignments(locked, to=changed["due_on"], reason=reason, by=by, at=at)
    _write(locked, changed)
    checks = enter_checks(locked, sources=sources or {}, changed_fields=changed, by=by, at=at)
    assignments = _assign(locked, before, at=at)
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


def values_of(recommendation: Recommendation) -> dict[str, Any]:
    """Return what can be amended by name; `partners` is a list of organisations by key."""
    values: dict[str, Any] = {name: getattr(recommendation, name) for name in EDITABLE_FIELDS}
    partners = list(recommendation.partners.order_by("pk"))
    return values | {"lead_body": recommendation.lead_body, "partners": partners}


def differences(before: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the old and new value of each field that differs, in words."""
    return {
        name: {"from": _in_words(value), "to": _in_words(changes[name])}
        for name, value in before.items()
        if name in changes and changes[name] != value
    }


def open_assignments_of_forces(recommendation: Recommendation) -> AssignmentQuerySet:
    """Return what is withdrawn if forces are no longer asked to do anything."""
    rows = recommendation.assignments.filter(body__kind=Body.Kind.FORCE)
    return rows.exclude(status__in=CLOSED).exclude(body=recommendation.lead_body_id)


def _in_words(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(sorted(body.short_name for body in value))
    return str(value)


def _refuse_unclear(before: Mapping[str, Any], after: Mapping[str, Any], *, reason: str) -> None:
    if bool(after["force_ask"]) != bool(after["force_done_when"]):
        raise Refusal(ASK_WITHOUT_DONE_WHEN)
    if after["lead_body"] in after["partners"]:
        raise Refusal(LEAD_IS_PARTNER)
    if error := missing_reason(before, after, reason=reason):
        raise Refusal(error)
    if after["due_on"] != before["due_on"] and (error := due_date_error(after["due_on"])):
        raise Refusal(error)


def missing_reason(before: Mapping[str, Any], after: Mapping[str, Any], *, reason: str) -> str:
    """Return what the missing reason is for, or ""."""
    if reason.strip():
        return ""
    if after["due_on"] != before["due_on"]:
        return MISSING_REASON
    if after["lead_body"] != before["lead_body"]:
        return MISSING_LEAD_REASON
    return MISSING_ASK_REASON if before["force_ask"] and not after["force_ask"] else ""


def _to_withdraw(
    recommendation: Recommendation, before: Mapping[str, Any], after: Mapping[str, Any]
) -> list[int]:
    """Return the assignments that end: of an earlier lead, and of forces that are not asked."""
    lead, rows = before["lead_body"], recommendation.assignments.exclude(status__in=CLOSED)
    keys: list[int] = []
    if before["force_ask"] and not after["force_ask"]:
        keys += open_assignments_of_forces(recommendation).values_list("pk", flat=True)
    if after["lead_body"] != lead and not (lead.is_force and after["force_ask"]):
        keys += rows.filter(body=lead).values_list("pk", flat=True)
    own = after["lead_body"].pk  # a force that becomes the lead has it as that
    return list(rows.filter(pk__in=keys).exclude(body=own).values_list("pk", flat=True))


def _change_assignments(
    recommendation: Recommendation, *, to: date, reason: str, by: User, at: datetime
) -> None:
    assignments = Assignment.objects.filter(
        recommendation=recommendation, due_on=recommendation.due_on
    ).exclude(status__in=CLOSED)
    due_dates = dict.fromkeys(assignments.values_list("pk", flat=True), to)
    change_due_dates(to=due_dates, reason=reason, by=by, at=at)


def _write(recommendation: Recommendation, changed: Mapping[str, Any]) -> None:
    fields = [name for name in changed if name != "partners"]
    for name in fields:
        setattr(recommendation, name, changed[name])
    if fields:
        recommendation.save(update_fields=fields)
    if "partners" in changed:
        recommendation.partners.set(changed["partners"])


def _assign(
    recommendation: Recommendation, before: Mapping[str, Any], *, at: datetime
) -> list[Assignment]:
    """Assign it to a new lead, and to every force if they are asked for the first time."""
    bodies: list[int] = []
    if recommendation.lead_body != before["lead_body"]:
        bodies.append(recommendation.lead_body_id)
        rows = recommendation.assignments.filter(body=recommendation.lead_body_id)
        if rows.filter(status=Status.WITHDRAWN).exists():
            name = recommendation.lead_body.short_name
            raise Refusal(
                f"The recommendation was withdrawn for {name}, so {name} cannot be the lead."
            )
    if recommendation.asks_forces and not before["force_ask"]:
        bodies += Body.objects.forces().values_list("pk", flat=True)
    return assign({recommendation: bodies}, assigned_at=at, at=at) if bodies else []
