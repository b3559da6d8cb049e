"""How often something that can be guessed was tried."""

from django.db import models


class AttemptCount(models.Model):
    """Tries within one window of time. `key` is a keyed hash: no address or name is kept.

    In PostgreSQL and not in Redis: whoever could empty Redis could guess on.
    """

    key = models.CharField(max_length=64)
    begins_at = models.DateTimeField(help_text="The first instant of the window, in UTC.")
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key", "begins_at"], name="attempt_count_one_row")
        ]

    def __str__(self) -> str:
        return f"{self.count} since {self.begins_at}"
