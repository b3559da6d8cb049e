"""A mail that is to be sent, or was (design, section 8)."""

from django.db import models
from django.db.models import Q

from recommendations.models.digest import Digest


class OutboxMail(models.Model):
    """One digest on its way. Claimed with SKIP LOCKED, under a lease, by one sender at a time.

    `message_id` is fixed when the row is made, so that a mail system can drop the one duplicate
    that a crash between "accepted" and "marked as sent" can leave.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        REFUSED = "refused", "Refused"

    digest = models.OneToOneField(Digest, on_delete=models.PROTECT, related_name="mail")
    address = models.EmailField(max_length=254)
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outbox_sent_has_time",
                condition=Q(state="sent", sent_at__isnull=False)
                | Q(state__in=["waiting", "refused"], sent_at=None),
            )
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"], name="outbox_waiting", condition=Q(state="waiting")
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.state}"
