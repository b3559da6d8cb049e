"""What one reader wants by mail, and whether mail reaches them."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

NOTHING_REFUSED: dict[str, Any] = {
    "refusals": 0,
    "refused_address": "",
    "bouncing_since": None,
    "last_refusal": "",
}


class MailChoice(models.Model):
    """A reader without a row has chosen nothing, and gets the defaults.

    `refusals` counts the permanent refusals in a row of `refused_address`; another address begins
    anew.
    """

    class Weekly(models.TextChoices):
        ALWAYS = "always", "Every week"
        OVERDUE = "overdue", "Only when something is overdue"
        NEVER = "never", "Never"

    reader = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choice"
    )
    weekly = models.CharField(max_length=10, choices=Weekly, default=Weekly.OVERDUE)
    at_once = models.BooleanField(default=True)
    refusals = models.PositiveSmallIntegerField(default=0)
    refused_address = models.CharField(max_length=254, blank=True, default="")
    bouncing_since = models.DateTimeField(null=True)
    last_refusal = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mail_choice_bounce_names_address",
                condition=Q(bouncing_since=None) | ~Q(refused_address=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.reader_id}: {self.get_weekly_display()}"

    def refused(self, address: str) -> int:
        """How many mails in a row this address has refused for good."""
        return self.refusals if self.refused_address == address else 0

    def bounces(self, address: str) -> datetime | None:
        """Since when mail to this address has been given up, or None."""
        return self.bouncing_since if self.refused_address == address else None
