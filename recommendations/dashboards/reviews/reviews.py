"""The reviews of claims."""

from django.db.models import prefetch_related_objects

from forces.rows import rows
from recommendations.models import Review


def reviews_of(assignment_id: int) -> list[Review]:
    """Return the reviews of an assignment in order, with their claims, corrections and people.

    Up to 3 queries.
    """
    condition = "update.assignment_id = %s ORDER BY own.reviewed_at"
    reviews = rows(Review, condition, assignment_id, related=("reviewed_by", "update"))
    prefetch_related_objects(reviews, "corrections__corrected_by")
    return reviews
