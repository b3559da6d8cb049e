"""Who is to review a claim."""

from django.conf import settings
from django.db import models

from recommendations.models.update import Update


class ReviewAssignee(models.Model):
    """The analyst who is to review a claim, until it is decided. Others may still review it."""

    update = models.OneToOneField(Update, on_delete=models.CASCADE, related_name="assignee")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assigned_reviews"
    )
    assigned_at = models.DateTimeField()
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews_given"
    )

    def __str__(self) -> str:
        return f"Claim {self.update_id} for {self.reviewer_id}"
