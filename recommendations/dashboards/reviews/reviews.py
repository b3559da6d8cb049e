"""The reviews of claims."""

from django.db.models import prefetch_related_objects

from forces.rows import rows
from recommendations.models import Review


def reviews_of(claim_ids: list[int]) -> list[Review]:
    """Return the reviews of these claims in order, with their corrections and who decided.

    Up to 3 queries, none without a claim.
    """
    if not claim_ids:
        return []
    condition = "own.update_id = ANY(%s) ORDER BY own.reviewed_at"
    reviews = rows(Review, condition, claim_ids, related=("reviewed_by",))
    prefetch_related_objects(reviews, "corrections__corrected_by")
    return reviews
