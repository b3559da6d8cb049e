"""Holds on claims, so that two analysts do not review the same."""

from datetime import datetime, timedelta

from django.db import models

from forces.models import User
from recommendations.models.update import Update

HOLD_DURATION = timedelta(hours=1)


class ReviewHold(models.Model):
    """An analyst is reviewing a claim. Others cannot decide until the hold ends after an hour."""

    update = models.OneToOneField(Update, on_delete=models.CASCADE, related_name="hold")
    held_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="review_holds")
    held_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Claim {self.update_id} held by {self.held_by_id}"

    def is_active_at(self, *, at: datetime) -> bool:
        return at < self.held_at + HOLD_DURATION
