"""Sends drafts to chief officers for approval, and takes them back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision, lock_assignment
from recommendations.actions.drafts import DELETED, refuse_if_closed
from recommendations.actions.require_approval import no_chief_officer
from recommendations.actions.submit_update import CHANGED, content_hash, refuse_if_unready
from recommendations.models import ApprovalDecision, ApprovalRequest, Assignment, Draft
from recommendations.readers import chief_officers
from recommendations.rules import london_day

Outcome = ApprovalDecision.Outcome


@transaction.atomic
def request_approval(
    *, assignment: Assignment, token: UUID, version: int, approver: User | None, by: User,
    at: datetime,
) -> ApprovalRequest:  # fmt: skip
    """Send the draft, in the version that the user checked, to a chief officer or to all of them.

    The draft cannot be changed until it is approved, returned or taken back. A second click returns
    the same request. Raises Refusal if the draft could not be submitted, has changed since, or
    nobody can approve it.
    """
    locked = lock_assignment(assignment.pk)
    draft = locked_draft_of(locked)
    if draft is None or draft.token != token:
        raise Refusal(DELETED)
    if draft.approval_request is not None and draft.approval_request.requested_by_id == by.pk:
        return draft.approval_request
    refuse_if_closed(locked, draft)
    if draft.version != version:
        raise Refusal(CHANGED)
    if not locked.body.requires_approval:
        raise Refusal(f"{locked.body.name} no longer requires approval. Submit the update.")
    refuse_if_unready(draft, due_on=locked.due_on, on=london_day(at))
    possible = chief_officers(locked.body, on=london_day(at)).exclude(pk=by.pk)
    if not possible.exists():
        raise Refusal(no_chief_officer(locked.body))
    if approver is not None and not possible.filter(pk=approver.pk).exists():
        raise Refusal(f"{approver.name} is no longer a chief officer here. Choose someone else.")
    draft.signed_off_by = ""  # the approver is a person
    request = ApprovalRequest.objects.create(
        assignment=locked,
        number=locked.approval_requests.count() + 1,
        token=draft.token,
        sha256=content_hash(draft),
        approver=approver,
        requested_at=at,
        requested_by=by,
    )
    draft.approval_request = request
    draft.save(update_fields=["signed_off_by", "approval_request"])
    chosen = approver.pk if approver else None
    record("approval requested", request, row=request, by=by, at=at, approver=chosen)
    count_revision(locked.recommendation.inspection_id)
    return request


@transaction.atomic
def take_back(*, assignment: Assignment, by: User, at: datetime) -> ApprovalDecision | None:
    """Let the draft be changed again; None if it does not wait for approval any more."""
    locked = lock_assignment(assignment.pk)
    draft = locked_draft_of(locked)
    if draft is None or draft.approval_request is None:
        return None
    return close_request(draft, locked, outcome=Outcome.TAKEN_BACK, by=by, at=at)


@transaction.atomic
def close_waiting_draft(*, assignment: Assignment, at: datetime) -> None:
    """Close the request of a draft that the nightly job is about to delete."""
    locked = lock_assignment(assignment.pk)
    draft = locked_draft_of(locked)
    if draft is not None and draft.is_waiting_for_approval:
        close_request(draft, locked, outcome=Outcome.DELETED, by=None, at=at)


def close_request(
    draft: Draft,
    assignment: Assignment,
    *,
    outcome: str,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> ApprovalDecision:
    """Record that a draft's request was not approved, and unlock the draft."""
    request = draft.approval_request
    assert request is not None
    if at < request.requested_at:  # of a server whose clock is behind
        raise Refusal("This update was sent for approval while you were working. Try again.")
    decision = ApprovalDecision.objects.create(
        request=request, outcome=outcome, reason=reason, decided_at=at, decided_by=by
    )
    draft.approval_request = None
    draft.save(update_fields=["approval_request"])
    act = {
        Outcome.RETURNED: "update returned by chief officer",
        Outcome.TAKEN_BACK: "approval request taken back",
    }.get(Outcome(outcome), "approval request closed")
    request.assignment = assignment
    record(act, request, row=decision, by=by, at=at)
    count_revision(assignment.recommendation.inspection_id)
    return decision


def locked_draft_of(assignment: Assignment) -> Draft | None:
    """Return the draft of an assignment that is locked, locked too, with its request."""
    drafts = Draft.objects.select_for_update(of=("self",)).select_related("approval_request")
    draft = drafts.filter(assignment=assignment).first()
    if draft is not None:
        draft.assignment = assignment
    return draft


def record(
    act: str,
    request: ApprovalRequest,
    *,
    row: ApprovalRequest | ApprovalDecision,
    by: User | None,
    at: datetime,
    **details: Any,
) -> None:
    assignment = request.assignment
    audit.record(
        at=at,
        act=act,
        actor=by,
        subject=request,
        body=assignment.body,
        rows=[row],
        assignment=assignment.pk,
        **details,
    )
