"""Holds a claim for one analyst, so that two do not review the same; a hold ends after an hour."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.accounts.memberships import bodies_of
from forces.models import User
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.change import lock_assignment
from recommendations.models import Assignment, ReviewHold, Update
from recommendations.models.review import HOLD_DURATION
from recommendations.rules import london_day

REVIEW = "review this claim"


@transaction.atomic
def hold_claim(*, claim: Update, by: User, at: datetime, take_over: bool = False) -> ReviewHold:
    """Hold the claim for an hour. Raises Refusal while somebody else holds it.

    With `take_over` their hold is replaced, which the audit trail records.
    """
    assignment = lock_assignment(claim.assignment_id)
    if error := review_error(claim, assignment):
        raise Refusal(error)
    refuse_own_claim(assignment, by=by, at=at)
    if not take_over:
        refuse_if_held(claim, by=by, at=at)
    hold, _ = ReviewHold.objects.update_or_create(
        update=claim, defaults={"held_by": by, "held_at": at}
    )
    audit.record(
        at=at,
        act="claim taken over" if take_over else "claim held",
        actor=by,
        subject=claim,
        body=assignment.body,
        assignment=assignment.pk,
    )
    return hold


@transaction.atomic
def release_claim(*, claim: Update, by: User, at: datetime) -> None:
    """End the user's own hold. Another's hold stays."""
    deleted, _ = ReviewHold.objects.filter(update=claim, held_by=by).delete()
    if deleted:
        audit.record(
            at=at,
            act="claim released",
            actor=by,
            subject=claim,
            body=claim.assignment.body,
            assignment=claim.assignment_id,
        )


def review_error(claim: Update, assignment: Assignment) -> str:
    """Return why the claim cannot be reviewed, or ""."""
    if assignment.latest_update_id == claim.pk and assignment.is_waiting_for_review:
        return ""
    status = assignment.get_status_display().lower()
    return (
        f"This claim is not waiting for review: the recommendation is {status} "
        f"for {assignment.body.name}."
    )


def refuse_own_claim(assignment: Assignment, *, by: User, at: datetime, what: str = REVIEW) -> None:
    """Raise Refusal if the person acts for the organisation of the claim. A trigger does, too."""
    if error := own_claim_error(assignment, by=by, at=at, what=what):
        raise Refusal(error)


def own_claim_error(assignment: Assignment, *, by: User, at: datetime, what: str = REVIEW) -> str:
    """Return why the person must not decide, because they act for the organisation, or ""."""
    if assignment.body_id not in bodies_of(by, at=at):
        return ""
    return f"{by.name} also acts for {assignment.body.name}, so somebody else must {what}."


def current_hold(claim: Update, *, at: datetime) -> ReviewHold | None:
    """Return the hold that has not ended, with its holder."""
    hold = ReviewHold.objects.select_related("held_by").filter(update=claim).first()
    return hold if hold and hold.is_active_at(at=at) else None


def refuse_if_held(claim: Update, *, by: User, at: datetime) -> None:
    """Raise a Refusal if somebody else holds the claim."""
    hold = current_hold(claim, at=at)
    if hold is not None and hold.held_by_id != by.pk:
        until = wording.moment(hold.held_at + HOLD_DURATION, on=london_day(at))
        raise Refusal(
            f"{hold.held_by.name} is reviewing this claim until {until}. You can take it over if "
            "you have agreed this with them."
        )
