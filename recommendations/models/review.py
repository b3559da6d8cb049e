"""An analyst's answer to a claim (design, section 2). Append-only."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from recommendations.models.update import Update


class Review(models.Model):
    """A claim is reviewed once: accepted, or returned with a reason."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        RETURNED = "returned", "Returned"

    update = models.OneToOneField(Update, on_delete=models.PROTECT, related_name="review")
    decision = models.CharField(max_length=10, choices=Decision)
    reason = models.TextField(blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews"
    )

    class Meta:
        ordering = ["reviewed_at"]
        constraints = [
            models.CheckConstraint(
                name="review_return_has_reason",
                condition=Q(decision="accepted") | (Q(decision="returned") & ~Q(reason="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: update {self.update_id}"

    @property
    def is_return(self) -> bool:
        return self.decision == self.Decision.RETURNED
