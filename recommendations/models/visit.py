"""Visits of people to the changes page."""

from django.conf import settings
from django.db import models


class Visit(models.Model):
    """The latest visit of a person (`looked_at`) and the one before it (`before_at`)."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="visit"
    )
    looked_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} at {self.looked_at}"
