"""Dated steps of an assignment. Append-only: each change of a step is a row."""

from datetime import date, datetime

from django.db import models
from django.db.models import PROTECT, CheckConstraint, Q, UniqueConstraint

from forces.models import AuditCoverage, User
from recommendations.models.assignment import Assignment
from recommendations.rules import is_after_due

MAX_STEPS = 8  # that are not removed
MAX_TITLE_LENGTH = 100


class StepQuerySet(models.QuerySet["Step"]):
    def current(self, *, before: datetime | None = None) -> "StepQuerySet":
        """Return the latest row of each step, without removed steps.

        `before`: of the rows that were entered before this instant.
        """
        rows = self if before is None else self.filter(changed_at__lt=before)
        latest = rows.order_by("assignment_id", "step", "-number")
        keys = latest.distinct("assignment_id", "step").values("pk")
        return self.filter(pk__in=keys, is_removed=False).order_by("due_on", "step")


class Step(models.Model):
    """A step as it is from `changed_at` on, until its next row.

    `step` counts the steps of the assignment and `number` the rows of a step, both from 1.
    `due_on` and `done_on` are London days. A step whose day is moved later, or changed after its
    day had passed while it was not done, has a reason; a trigger checks it.
    """

    assignment = models.ForeignKey(Assignment, on_delete=PROTECT, related_name="steps")
    step = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=MAX_TITLE_LENGTH)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    is_removed = models.BooleanField()
    reason = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, on_delete=PROTECT, related_name="steps_changed")

    audit_coverage = AuditCoverage()

    objects = StepQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "step", "number"]
        constraints = [
            UniqueConstraint(name="step_number_unique", fields=["assignment", "step", "number"]),
            CheckConstraint(name="step_has_title", condition=~Q(title="")),
            CheckConstraint(
                name="step_is_removed_later", condition=Q(is_removed=False) | Q(number__gt=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.due_on}"

    def is_passed(self, *, on: date) -> bool:
        """Whether its day is before the London day `on`, and it is not done."""
        return self.done_on is None and is_after_due(self.due_on, on=on)
