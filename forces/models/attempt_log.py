"""Attempts at passwords, codes and password resets, and codes that have been used."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models


class AttemptLog(models.Model):
    """The latest attempts counted by one counter (`forces.accounts.attempts`).

    `key` is a keyed hash, so that no address or name is stored. In PostgreSQL rather than Redis,
    because emptying Redis must not reset the limits.
    """

    key = models.CharField(max_length=64, unique=True)
    times = ArrayField(models.DateTimeField(), help_text="UTC; as far back as the longest limit.")
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{len(self.times)} up to {self.last_at}"


class UsedCode(models.Model):
    """A used code, so that it is not accepted again. Deleted when it could no longer be valid."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=16)
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "code"], name="used_code_once")]

    def __str__(self) -> str:
        return f"A code of {self.person_id}"
