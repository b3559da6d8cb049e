"""The reviews of claims."""

from forces.names import name_writers
from forces.rows import rows
from recommendations.models import Review, ReviewCorrection, SecondReview


def reviews_of(assignment_id: int) -> list[Review]:
    """Return the reviews of an assignment in order, with their claims, corrections and people.

    The people have the names that they had then. 3 queries, or 1 without reviews.
    """
    condition = "update.assignment_id = %s ORDER BY own.reviewed_at"
    reviews = rows(Review, condition, assignment_id, related=("reviewed_by", "update"))
    condition = "own.review_id = ANY(%s) ORDER BY own.review_id, own.number"
    keys = [review.pk for review in reviews]
    corrections = rows(ReviewCorrection, condition, keys, related=("corrected_by",)) if keys else []
    for review in reviews:
        review.read_corrections = [row for row in corrections if row.review_id == review.pk]
    name_writers(
        [
            *((review, "reviewed_by", "reviewed_at") for review in reviews),
            *((correction, "corrected_by", "corrected_at") for correction in corrections),
        ]
    )
    return reviews


def with_second_reviews(reviews: list[Review]) -> list[Review]:
    """Read the second reviews of a department's claims in order; 1 query, or none."""
    if keys := [review.pk for review in reviews]:
        condition = "own.review_id = ANY(%s) ORDER BY own.reviewed_at"
        found = rows(SecondReview, condition, keys, related=("reviewed_by", "body"))
        for review in reviews:
            review.read_second_reviews = [row for row in found if row.review_id == review.pk]
    return reviews
