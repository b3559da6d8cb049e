"""A body asks for more time (design, section 2: due date change)."""

from datetime import date, datetime

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.change import changing
from recommendations.models import Assignment, DueDateDecision, DueDateRequest
from recommendations.rules import days_after_due, london_day, years_after

LONGEST_YEARS = 5


def ask_for_more_time(
    *, assignment: Assignment, to: date, reason: str, by: User, at: datetime
) -> DueDateRequest:
    """Ask that the due date move to the London day `to`; an analyst decides.

    Raises Refusal without a reason, for a date that is no later one, while another request is
    open, or where the body owes nothing now.
    """
    if not reason.strip():
        raise Refusal("Say why you need more time.")
    with changing(assignment.pk, at=at, because="more time asked for") as locked:
        if why := why_no_request(locked):
            raise Refusal(why)
        if why := why_not_until(to, after=locked.due_on, on=london_day(at)):
            raise Refusal(f"{why}.")
        asked = DueDateRequest.objects.create(
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
            subject=asked,
            body=locked.body,
            assignment=locked.pk,
            **{"from": locked.due_on.isoformat(), "to": to.isoformat()},
        )
    return asked


def take_back_request(*, request: DueDateRequest, by: User, at: datetime) -> DueDateDecision:
    """The body no longer asks. Raises Refusal where it was decided already."""
    with changing(request.assignment_id, at=at, because="request taken back") as locked:
        refuse_decided(request)
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
            assignment=locked.pk,
        )
    return decision


def why_no_request(assignment: Assignment) -> str:
    """Why more time cannot be asked for now; empty where it can."""
    if assignment.is_waiting_for_review:
        return "A claim is waiting for review, so the clock stands still and needs no more time."
    if not assignment.is_open:
        return "This recommendation is closed, so it needs no more time."
    if assignment.due_date_requests.filter(decision=None).exists():
        return "A request for more time is open already. Take it back to ask for another date."
    return ""


def last_new_due_date(*, on: date) -> date:
    """The latest date that can be asked for on this day."""
    return years_after(on, LONGEST_YEARS)


def why_not_until(to: date, *, after: date | None, on: date, subject: str = "The new date") -> str:
    """Why this date cannot be asked for or granted, without a full stop; empty where it can.

    It lies after the day `on`, at most five years later, and past the due date `after`.
    """
    last = last_new_due_date(on=on)
    if to <= on:
        return f"{subject} must be in the future"
    if after is not None and days_after_due(after, on=to) <= 0:
        return f"{subject} must be after the due date, {wording.day(after)}"
    return f"{subject} must be on or before {wording.day(last)}" if to > last else ""


def refuse_decided(request: DueDateRequest) -> None:
    """Raise a Refusal that says who decided, if somebody has."""
    decided = DueDateDecision.objects.select_related("decided_by").filter(request=request).first()
    if decided is not None:
        outcome = decided.get_outcome_display().lower()
        raise Refusal(f"{decided.decided_by.name} has decided this request already: {outcome}.")
