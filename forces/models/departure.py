"""People whose account is closed."""

from django.conf import settings
from django.db import models


class Departure(models.Model):
    """When an account was closed, and when the person's name was removed, if it was.

    Created by the nightly job, so `left_at` can be up to a day late. Deleted if the account is
    opened again, which is not possible after `removed_at`.
    """

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="departure"
    )
    left_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} left at {self.left_at}"
