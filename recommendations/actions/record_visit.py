"""Records when a person looked at the changes, for "since my last visit"."""

from datetime import datetime, timedelta

from django.db import transaction

from forces.models import User
from recommendations.models import Visit

_VISIT_GAP = timedelta(minutes=30)


@transaction.atomic
def record_visit(*, by: User, at: datetime) -> datetime | None:
    """Record the visit, and return the instant of the one before, or None for the first.

    Page views less than half an hour apart are one visit.
    """
    visit, is_first = Visit.objects.select_for_update().get_or_create(
        person=by, defaults={"looked_at": at}
    )
    if is_first:
        return None
    if at - visit.looked_at > _VISIT_GAP:
        visit.before_at = visit.looked_at
    visit.looked_at = max(at, visit.looked_at)
    visit.save(update_fields=["looked_at", "before_at"])
    return visit.before_at
