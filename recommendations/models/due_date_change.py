"""Changes of due dates. Append-only."""

from django.db import models
from django.db.models import CheckConstraint, F, Index, Q, UniqueConstraint

from forces.models import User
from recommendations.models.assignment import Assignment
from recommendations.rules import days_after_due


class DueDateChange(models.Model):
    """A change from one London day to another, with the reason."""

    assignment = models.ForeignKey(
        Assignment, on_delete=models.PROTECT, related_name="due_date_changes"
    )
    number = models.PositiveSmallIntegerField()
    from_due_on = models.DateField()
    to_due_on = models.DateField()
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="due_date_changes")

    class Meta:
        ordering = ["assignment", "number"]
        indexes = [Index(fields=["-decided_at"], name="due_date_change_newest")]
        constraints = [
            UniqueConstraint(name="due_date_change_number_unique", fields=["assignment", "number"]),
            CheckConstraint(name="due_date_change_moves", condition=~Q(to_due_on=F("from_due_on"))),
            CheckConstraint(name="due_date_change_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.from_due_on} to {self.to_due_on}"

    @property
    def is_extension(self) -> bool:
        return days_after_due(self.from_due_on, on=self.to_due_on) > 0
