"""When something that can be guessed was tried."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class AttemptLog(models.Model):
    """The latest attempts at one thing. `key` is a keyed hash: no address or name is stored.

    In PostgreSQL and not in Redis: whoever could empty Redis could go on guessing.
    """

    key = models.CharField(max_length=64, unique=True)
    times = ArrayField(models.DateTimeField(), help_text="UTC; as far back as the longest limit.")
    last_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{len(self.times)} up to {self.last_at}"
