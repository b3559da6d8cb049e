"""A large deletion by the retention rules that waits for an administrator."""

from typing import Any

from django.db import models

ONLY_KEY = 1  # there is at most one row


class StoppedDeletion(models.Model):
    """What the retention rules would remove, above their limits. There is at most one.

    `items` lists the rules: `what`, `count` (what would be removed) and `total` (what there is).
    `confirmed_at` is when an administrator allowed these numbers. Times are instants.
    """

    stopped_at = models.DateTimeField()
    checked_at = models.DateTimeField(help_text="When a run last found the same or other numbers.")
    items = models.JSONField(default=list)
    confirmed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.count} items wait for confirmation"

    @property
    def count(self) -> int:
        return sum(item["count"] for item in self.items)

    def allows(self, items: list[dict[str, Any]]) -> bool:
        """Whether none of these numbers is above the one for the same rule."""
        allowed = {item["what"]: item["count"] for item in self.items}
        return all(item["count"] <= allowed.get(item["what"], 0) for item in items)
