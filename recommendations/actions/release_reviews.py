"""Takes back the reviews of somebody who may no longer review claims."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.permissions import Permission, may
from recommendations.models import ReviewAssignee, ReviewHold


@transaction.atomic
def release_reviews(*, person: User, by: User | None, at: datetime) -> None:
    """Leave the person's claims to other analysts, unless the person may still review.

    Called in the transaction that changes the person's access.
    """
    if may(person, Permission.REVIEW_CLAIMS):
        return
    ReviewHold.objects.filter(held_by=person).delete()
    assigned = ReviewAssignee.objects.filter(reviewer=person).order_by("pk")
    assignees = list(assigned.select_related("update__assignment__body"))
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


def release_changed_reviewer(*, person: User, by: User | None, at: datetime, **_: object) -> None:
    """Receive `access_changed`."""
    release_reviews(person=person, by=by, at=at)
