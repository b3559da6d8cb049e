"""Updates that wait for the approval of a chief officer, and what the chief officer reads."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.urls import reverse

from forces.models import Body
from forces.rows import tuples
from recommendations import wording
from recommendations.models import (
    ApprovalDecision,
    ApprovalRequest,
    Draft,
    Update,
)
from recommendations.models.answers import ANSWERS, answers_for
from recommendations.rules import london_day, start_of_day
from recommendations.working_days import working_days_after

REMINDER_WORKING_DAYS = 3
_LAST_DECISION = """
    SELECT d.id, d.outcome FROM recommendations_approvaldecision d
    JOIN recommendations_approvalrequest r ON r.id = d.request_id
    WHERE r.token = %s ORDER BY r.number DESC LIMIT 1
"""


@dataclass(frozen=True, kw_only=True)
class WaitingApproval:
    """A draft that waits for approval. `approver` is empty if any chief officer may be first."""

    reference: str  # of the recommendation
    slug: str  # of the organisation
    approver: str
    since: datetime

    def sentence(self, *, today: date) -> str:
        """Return `Waiting for Ann Lee's approval since 24 November`."""
        day = wording.day(london_day(self.since), today=today)
        whose = f"{self.approver}'s approval" if self.approver else "a chief officer's approval"
        return f"Waiting for {whose} since {day}"

    @property
    def href(self) -> str:
        return reverse("approval", args=[self.slug, self.reference])


@dataclass(frozen=True, kw_only=True)
class AnswerToApprove:
    """An answer before and after the update, in words."""

    label: str
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        return self.old != self.new


def waiting_requests() -> QuerySet[ApprovalRequest]:
    """Return the requests that wait for a decision, with what `waiting_approval` needs."""
    return ApprovalRequest.objects.filter(draft__isnull=False).select_related(
        "approver", "assignment__body", "assignment__recommendation"
    )


def waiting_approval(request: ApprovalRequest) -> WaitingApproval:
    assignment = request.assignment
    return WaitingApproval(
        reference=assignment.recommendation.reference,
        slug=assignment.body.slug,
        approver=request.approver.name if request.approver else "",
        since=request.requested_at,
    )


def approval_of(draft: Draft | None) -> WaitingApproval | None:
    """Return what a draft waits for; 1 query if it does, else none."""
    if draft is None or draft.approval_request_id is None:
        return None
    return waiting_approval(waiting_requests().get(pk=draft.approval_request_id))


def drafts_of(body: Body) -> dict[int, WaitingApproval | None]:
    """Return the organisation's drafts by assignment, each with what it waits for; 1 query."""
    drafts = Draft.objects.filter(assignment__body=body).select_related(
        "assignment__recommendation", "approval_request__approver"
    )
    found: dict[int, WaitingApproval | None] = {}
    for draft in drafts.order_by("assignment_id"):
        if request := draft.approval_request:
            draft.assignment.body = body
            request.assignment = draft.assignment
        found[draft.assignment_id] = waiting_approval(request) if request else None
    return found


def waiting_of(body: Body) -> dict[int, WaitingApproval]:
    """Return what waits for the organisation's chief officers, by assignment; 1 query."""
    return {key: waiting for key, waiting in drafts_of(body).items() if waiting}


def last_return(draft: Draft | None) -> ApprovalDecision | None:
    """Return why a chief officer gave the draft back, if that is the last thing that happened.

    1 query, 2 if there is one, or none without a draft.
    """
    if draft is None or draft.is_waiting_for_approval:
        return None
    for key, outcome in tuples(_LAST_DECISION, draft.token):
        if outcome == ApprovalDecision.Outcome.RETURNED:
            return ApprovalDecision.objects.select_related("decided_by").get(pk=key)
    return None


def answers_to_approve(draft: Draft, last: Update | None) -> list[AnswerToApprove]:
    """Return the answers of the draft beside those of the last update."""
    return [
        AnswerToApprove(
            label=answer.label,
            old=answer.text_of(last) if last else "",
            new=answer.text_of(draft),
        )
        for answer in ANSWERS.values()
        if answer in answers_for(draft.status, requires_approval=True)
        and (answer.text_of(draft) or (last and answer.text_of(last)))
    ]


def reminder_at(requested_at: datetime) -> datetime:
    """Return when a chief officer is reminded: after three working days."""
    on = working_days_after(london_day(requested_at), REMINDER_WORKING_DAYS)
    return start_of_day(working_days_after(on, 1))
