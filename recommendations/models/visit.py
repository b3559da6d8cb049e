"""Visits of people to the changes page."""

from django.db import models
from django.db.models import CASCADE

from forces.models import User


class Visit(models.Model):
    """The latest visit of a person (`looked_at`) and the one before it (`before_at`)."""

    person = models.OneToOneField(User, on_delete=CASCADE, related_name="visit")
    looked_at = models.DateTimeField()
    before_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person_id} at {self.looked_at}"
