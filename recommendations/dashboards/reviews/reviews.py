"""The reviews of claims."""

from django.db.models import prefetch_related_objects

from forces.rows import read_people, rows
from recommendations.models import Review


def reviews_of(claim_ids: list[int]) -> list[Review]:
    """Return the reviews of these claims in order, with their corrections and who decided.

    Up to 4 queries, none without a claim.
    """
    if not claim_ids:
        return []
    reviews = rows(Review, "update_id = ANY(%s) ORDER BY reviewed_at", claim_ids)
    read_people(reviews, "reviewed_by")
    prefetch_related_objects(reviews, "corrections__corrected_by")
    return reviews
