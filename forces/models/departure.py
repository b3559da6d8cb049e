"""Somebody whose account is closed, since when, and whether their name is gone, too."""

from django.conf import settings
from django.db import models


class Departure(models.Model):
    """Made by the nightly job, so that `left_at` can be a day late however the account was closed.

    Who comes back loses the row. After `removed_at` nobody does: name and address are gone.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="departure"
    )
    left_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} left at {self.left_at}"
