"""Reminders to organisations that an update is wanted."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from recommendations.models.assignment import Assignment

MIN_INTERVAL = timedelta(days=7)  # between two reminders about one assignment


class Reminder(models.Model):
    """An analyst has asked the liaison officers of an organisation for an update.

    `recommendations.actions.remind` keeps MIN_INTERVAL, under the lock of the assignment.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="reminders")
    reminded_at = models.DateTimeField()
    reminded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reminders"
    )

    class Meta:
        indexes = [models.Index(fields=["assignment", "-reminded_at"], name="reminder_latest")]

    def __str__(self) -> str:
        return f"Reminder about {self.assignment_id} at {self.reminded_at}"
