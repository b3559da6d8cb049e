"""Withdrawals of assignments. Append-only."""

from django.db import models
from django.db.models import CheckConstraint, Q

from forces.models import User
from recommendations.models.assignment import Assignment


class Withdrawal(models.Model):
    """The withdrawal of an assignment that will not be implemented, with the reason."""

    assignment = models.OneToOneField(
        Assignment, on_delete=models.PROTECT, related_name="withdrawal"
    )
    reason = models.TextField()
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="withdrawals")

    class Meta:
        constraints = [CheckConstraint(name="withdrawal_has_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"Withdrawal of {self.assignment_id}"
