"""Private addresses of due dates, for calendars."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from forces.models.body import Body


class CalendarFeed(models.Model):
    """Gives whoever has the address the due dates of one organisation, until it is revoked.

    `secret_hash` is the SHA-256 (64 hexadecimal digits) of the address's secret of 256 bits,
    which is shown once and not stored.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feeds"
    )
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="calendar_feeds")
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="calendar_feed_one_in_force",
                fields=["person", "body"],
                condition=Q(revoked_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"Due dates of {self.body_id} for {self.person_id}"
