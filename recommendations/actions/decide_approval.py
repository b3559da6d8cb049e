"""Approves updates, which submits them, and returns them to the officer."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from forces.models import User
from forces.permissions import may_approve
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.change import changing, lock_assignment
from recommendations.actions.drafts import closed_error
from recommendations.actions.request_approval import (
    Outcome,
    close_request,
    locked_draft_of,
    record,
)
from recommendations.actions.submit_update import content_hash, record_update, store_update
from recommendations.models import ApprovalDecision, ApprovalRequest, Assignment, Draft, Update
from recommendations.rules import london_day

_RETURN_IT = "Return the update, so that the officer can check it."
MISSING_REASON = "Enter why you are returning the update"


def approve_update(*, request: ApprovalRequest, by: User, at: datetime) -> Update:
    """Submit the update that was sent for approval, with the officer as its author.

    Raises Refusal if it was decided or taken back, if it is not what was sent, or if it cannot be
    submitted any more.
    """
    with (
        _explained(request, at=at),
        changing(request.assignment_id, at=at, because="update submitted") as assignment,
    ):
        draft = _waiting_draft(request, assignment, by=by, at=at)
        if content_hash(draft) != request.sha256:
            raise Refusal(f"The draft has changed since it was sent to you. {_RETURN_IT}")
        if error := closed_error(assignment, draft):
            raise Refusal(f"{error} {_RETURN_IT}")
        try:
            update = store_update(
                draft, assignment, author=request.requested_by, approved_by=by, at=at,
                approve=lambda: _approve(request, by=by, at=at),
            )  # fmt: skip
        except Refusal as refusal:  # the due date has passed since
            raise Refusal(f"{refusal} {_RETURN_IT}") from None
        record_update(update, by=by, at=at)
    return update


def return_update(
    *, request: ApprovalRequest, reason: str, by: User, at: datetime
) -> ApprovalDecision:
    """Give the draft back to the officer with a reason. Raises Refusal as `approve_update` does."""
    if not reason.strip():
        raise Refusal(f"{MISSING_REASON}.")
    with _explained(request, at=at), transaction.atomic():
        assignment = lock_assignment(request.assignment_id)
        draft = _waiting_draft(request, assignment, by=by, at=at)
        return close_request(
            draft, assignment, outcome=Outcome.RETURNED, by=by, at=at, reason=reason.strip()
        )


def outcome_sentence(decision: ApprovalDecision, *, at: datetime) -> str:
    """Return `Ann Lee approved this update at 3:04pm, and it has been submitted.`"""
    when = wording.moment(decision.decided_at, on=london_day(at))
    who = decision.decided_by.name if decision.decided_by else "The nightly job"
    return {
        Outcome.APPROVED: f"{who} approved this update {when}, and it has been submitted.",
        Outcome.RETURNED: f"{who} returned this update {when}.",
        Outcome.TAKEN_BACK: f"{who} took this update back {when} to change it.",
        Outcome.DELETED: f"The draft was deleted {when}.",
    }[Outcome(decision.outcome)]


def _approve(request: ApprovalRequest, *, by: User, at: datetime) -> None:
    decision = ApprovalDecision.objects.create(
        request=request, outcome=Outcome.APPROVED, decided_at=at, decided_by=by
    )
    record("update approved", request, row=decision, by=by, at=at)


@contextmanager
def _explained(request: ApprovalRequest, *, at: datetime) -> Iterator[None]:
    """Say what happened to the request, if that is why the decision is refused."""
    try:
        yield
    except Refusal:
        decisions = ApprovalDecision.objects.select_related("decided_by")
        if decision := decisions.filter(request=request).first():
            sentence = outcome_sentence(decision, at=at)
            raise Refusal(f"{sentence} Nothing was done now.") from None
        raise


def _waiting_draft(
    request: ApprovalRequest, assignment: Assignment, *, by: User, at: datetime
) -> Draft:
    """Return the draft that waits for this decision, locked."""
    if not may_approve(by, assignment.body) or by.pk == request.requested_by_id:
        raise Refusal("Only another chief officer of the force can approve this update.")
    draft = locked_draft_of(assignment)
    if draft is None or draft.approval_request_id != request.pk:
        raise Refusal("This update is not waiting for approval any more.")
    request.assignment = assignment
    return draft
