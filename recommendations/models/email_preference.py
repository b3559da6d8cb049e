"""Email preferences of readers, and whether emails reach them."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import CASCADE, CheckConstraint, Q

from forces.models import User

NO_REJECTIONS: dict[str, Any] = {
    "rejections": 0,
    "rejected_address": "",
    "rejected_since": None,
    "bouncing_since": None,
    "last_rejection": "",
}


class EmailPreference(models.Model):
    """The preferences of one reader; without a row the defaults apply.

    `weekly_version` and `at_once_version` count the choices of each kind of email. An unsubscribe
    link has the version of its time, and does nothing to a newer choice. `rejections` counts the
    permanent rejections in a row of `rejected_address`, the first at `rejected_since`. It starts
    again for another address. `last_returned_account_email` is the largest id of an account email
    that was returned and counted, so that no report counts twice.
    """

    class Weekly(models.TextChoices):
        ALWAYS = "always", "Every week"
        OVERDUE = "overdue", "Only when something is overdue"
        NEVER = "never", "Never"

    reader = models.OneToOneField(User, on_delete=CASCADE, related_name="email_preference")
    weekly = models.CharField(max_length=10, choices=Weekly, default=Weekly.OVERDUE)
    at_once = models.BooleanField(default=True)
    weekly_version = models.PositiveIntegerField(default=0, db_default=0)
    at_once_version = models.PositiveIntegerField(default=0, db_default=0)
    rejections = models.PositiveSmallIntegerField(default=0, db_column="refusals")
    rejected_address = models.CharField(
        max_length=254, blank=True, default="", db_column="refused_address"
    )
    rejected_since = models.DateTimeField(null=True)
    last_returned_account_email = models.BigIntegerField(default=0, db_default=0)
    bouncing_since = models.DateTimeField(null=True)
    last_rejection = models.CharField(
        max_length=300, blank=True, default="", db_column="last_refusal"
    )

    class Meta:
        db_table = "recommendations_mailchoice"
        constraints = [
            CheckConstraint(
                name="mail_choice_bounce_names_address",
                condition=Q(bouncing_since=None) | ~Q(rejected_address=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.get_weekly_display()}"

    def version(self, *, is_weekly: bool) -> int:
        return self.weekly_version if is_weekly else self.at_once_version

    def refused(self, address: str) -> int:
        """Return how many emails in a row this address has rejected permanently."""
        return self.rejections if self.rejected_address == address else 0

    def bounces(self, address: str) -> datetime | None:
        """Return the instant since when no email is sent to this address, or None."""
        return self.bouncing_since if self.rejected_address == address else None
