"""Takes back the reviews of somebody who may no longer do them."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.accounts.memberships import bodies_of
from forces.models import User
from recommendations.actions.assign_review import reviewers
from recommendations.models import ReviewAssignee, ReviewHold
from recommendations.rules import london_day


@transaction.atomic
def release_reviews(*, person: User, by: User | None, at: datetime, **_: object) -> None:
    """Receive `access_changed`: leave to others the claims that the person may not review now.

    These are all claims, or for a reviewer those of organisations that they act for, too.
    """
    assigned = ReviewAssignee.objects.filter(reviewer=person)
    holds = ReviewHold.objects.filter(held_by=person)
    if person in reviewers(on=london_day(at)):
        own = {"update__assignment__body__in": bodies_of(person, at=at)}
        assigned, holds = assigned.filter(**own), holds.filter(**own)
    holds.delete()
    assignees = list(assigned.order_by("pk").select_related("update__assignment__body"))
    ReviewAssignee.objects.filter(pk__in=[assignee.pk for assignee in assignees]).delete()
    audit.record_all(
        audit.NewEvent(
            at=at,
            act="review no longer assigned",
            actor=by,
            subject=assignee.update,
            body=assignee.update.assignment.body,
            details={"assignment": assignee.update.assignment_id, "was_for": person.pk},
        )
        for assignee in assignees
    )
