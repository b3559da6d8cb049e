"""A review that was wrong, put right by a new row that names it (design, rule 5). Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from recommendations.models.review import Review


class ReviewCorrection(models.Model):
    """The decision that stands from `corrected_at` on, instead of the review's or the last one."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10, choices=Review.Decision)
    reason = models.TextField()
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_corrections"
    )

    class Meta:
        ordering = ["review", "number"]
        constraints = [
            models.UniqueConstraint(
                name="review_correction_number_unique", fields=["review", "number"]
            ),
            models.CheckConstraint(name="review_correction_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"Correction {self.number} of review {self.review_id}: {self.decision}"
