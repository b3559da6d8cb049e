"""Gives the review of a claim to an analyst."""

from datetime import date, datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.models.membership import CURRENT_SQL
from forces.permissions import PERMISSIONS, Permission
from forces.refusal import Refusal
from forces.rows import rows
from recommendations.actions.change import lock_assignment
from recommendations.actions.hold_claim import refuse_own_claim, review_error
from recommendations.models import ReviewAssignee, ReviewHold, Update
from recommendations.rules import london_day

_REVIEWERS = f"""
    is_active AND EXISTS (
        SELECT FROM forces_membership m
        WHERE m.role = ANY(%s) AND m.person_id = own.id AND {CURRENT_SQL}
    ) ORDER BY name, id
"""  # nosec B608 # from constants


def reviewers(*, on: date) -> list[User]:
    """Return the people who may review claims in one of their roles on a London day, by name."""
    roles = [role for role, held in PERMISSIONS.items() if Permission.REVIEW_CLAIMS in held]
    return rows(User, _REVIEWERS, roles, on, on)


@transaction.atomic
def assign_review(
    *, claim: Update, reviewer: User | None, by: User, at: datetime
) -> ReviewAssignee | None:
    """Give the review of a waiting claim to `reviewer`, or to nobody if that is None.

    The hold of another analyst ends. Doing it twice is once. Raises Refusal if the claim is not
    waiting or the person may not review it.
    """
    assignment = lock_assignment(claim.assignment_id)
    if error := review_error(claim, assignment):
        raise Refusal(error)
    if reviewer is not None and reviewer not in reviewers(on=london_day(at)):
        raise Refusal(f"{reviewer.name} cannot review claims. Select another analyst.")
    if reviewer is not None:
        refuse_own_claim(assignment, by=reviewer, at=at)
    current = ReviewAssignee.objects.filter(update=claim).first()
    if (current.reviewer_id if current else None) == (reviewer.pk if reviewer else None):
        return current
    if current is not None:
        current.delete()
    assignee = None
    if reviewer is not None:
        ReviewHold.objects.filter(update=claim).exclude(held_by=reviewer).delete()
        assignee = ReviewAssignee.objects.create(
            update=claim, reviewer=reviewer, assigned_at=at, assigned_by=by
        )
    audit.record(
        at=at,
        act="review assigned" if reviewer else "review no longer assigned",
        actor=by,
        subject=claim,
        body=assignment.body,
        assignment=assignment.pk,
        reviewer=reviewer.pk if reviewer else None,
    )
    return assignee
