"""When a person last looked at what changed."""

from django.conf import settings
from django.db import models


class Visit(models.Model):
    """One row a person. `before_at` is the look before this one: "since my last visit"."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="visit"
    )
    looked_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} at {self.looked_at}"
