"""An analyst at work on a claim, so that two do not review the same (design, section 7)."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from recommendations.models.update import Update

HOLD_LASTS = timedelta(hours=1)


class ReviewHold(models.Model):
    """Lapses by itself after an hour; it warns the others and stops their decision."""

    update = models.OneToOneField(Update, on_delete=models.CASCADE, related_name="hold")
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="review_holds"
    )
    held_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Claim {self.update_id} held by {self.held_by_id}"

    def is_standing(self, *, at: datetime) -> bool:
        return at < self.held_at + HOLD_LASTS
