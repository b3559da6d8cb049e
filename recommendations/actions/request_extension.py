"""Requests a later due date, and withdraws such a request."""

from datetime import date, datetime

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.change import changing
from recommendations.models import Assignment, DueDateDecision, DueDateRequest
from recommendations.rules import is_after_due, london_day, years_after

_MAX_EXTENSION_YEARS = 5


def request_extension(
    *, assignment: Assignment, to: date, reason: str, by: User, at: datetime
) -> DueDateRequest:
    """Request the London day `to` as the new due date; an analyst decides.

    Raises Refusal without a reason, for a date that is not later, or while another request is
    open, a claim is being reviewed or the assignment is closed.
    """
    if not reason.strip():
        raise Refusal("Enter why you need more time.")
    with changing(assignment.pk, at=at, because="more time asked for") as locked:
        if error := extension_request_error(locked):
            raise Refusal(error)
        if error := new_due_date_error(to, after=locked.due_on, on=london_day(at)):
            raise Refusal(f"{error}.")
        request = DueDateRequest.objects.create(
            assignment=locked,
            number=locked.due_date_requests.count() + 1,
            due_on=locked.due_on,
            asked_due_on=to,
            reason=reason.strip(),
            asked_at=at,
            asked_by=by,
        )
        audit.record(
            at=at,
            act="more time asked for",
            actor=by,
            subject=request,
            body=locked.body,
            rows=[request],
            assignment=locked.pk,
            **{"from": locked.due_on.isoformat(), "to": to.isoformat()},
        )
    return request


def withdraw_request(*, request: DueDateRequest, by: User, at: datetime) -> DueDateDecision:
    """Withdraw the request. Raises Refusal if it is already decided."""
    with changing(request.assignment_id, at=at, because="request taken back") as locked:
        refuse_if_decided(request)
        decision = DueDateDecision.objects.create(
            request=request,
            outcome=DueDateDecision.Outcome.TAKEN_BACK,
            decided_at=at,
            decided_by=by,
        )
        audit.record(
            at=at,
            act="request for more time taken back",
            actor=by,
            subject=request,
            body=locked.body,
            rows=[decision],
            assignment=locked.pk,
        )
    return decision


def extension_request_error(assignment: Assignment) -> str:
    """Return why more time cannot be requested now, or ""."""
    if assignment.is_waiting_for_review:
        return "You cannot ask for more time while a claim is being reviewed."
    if not assignment.is_open:
        return "This recommendation is closed, so you cannot ask for more time."
    if assignment.due_date_requests.filter(decision=None).exists():
        return (
            "There is already an open request for more time. Withdraw it to ask for another date."
        )
    return ""


def latest_new_due_date(*, on: date) -> date:
    """Return the latest date that can be requested on this day."""
    return years_after(on, _MAX_EXTENSION_YEARS)


def new_due_date_error(
    to: date, *, after: date | None, on: date, subject: str = "The new date"
) -> str:
    """Return why this date cannot be requested or granted, without a full stop, or "".

    It must be after the day `on`, at most five years later, and after the due date `after`.
    """
    latest = latest_new_due_date(on=on)
    if to <= on:
        return f"{subject} must be in the future"
    if after is not None and not is_after_due(after, on=to):
        return f"{subject} must be after the due date, {wording.day(after)}"
    return f"{subject} must be on or before {wording.day(latest)}" if to > latest else ""


def refuse_if_decided(request: DueDateRequest) -> None:
    """Raise a Refusal with the name of the person who decided, if the request is decided."""
    decision = DueDateDecision.objects.select_related("decided_by").filter(request=request).first()
    if decision is not None:
        outcome = decision.get_outcome_display().lower()
        raise Refusal(f"{decision.decided_by.name} has already decided this request: {outcome}.")
