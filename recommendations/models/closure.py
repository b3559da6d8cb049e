"""How many lines a force closed in a month, and how many had reopened later. Append-only counts.

There are no numbers of phones, no names and no texts about lines: only counts.
"""

from typing import Any

from django.db import models
from django.db.models import PROTECT, CheckConstraint, F, Q, UniqueConstraint

from forces.models import AuditCoverage, Body, User
from recommendations.models.inspection import Inspection

CHECK_DAYS = (7, 28, 90)


class ClosureQuerySet(models.QuerySet["Closure"]):
    def current(self) -> "ClosureQuerySet":
        """Return the latest row of each force, month and kind, which counts."""
        keys = ("inspection_id", "body_id", "month", "kind", "has_order")
        latest = self.order_by(*keys, "-number").distinct(*keys)
        return self.filter(pk__in=latest.values("pk"))


def _check(name: str, *, day: int, at_most: str, at_least: str | None) -> CheckConstraint:
    """Return the constraint on a check-back, which needs the one before it."""
    checked, reopened = f"checked_{day}", f"reopened_{day}"
    counts: dict[str, Any] = {f"{checked}__isnull": False, f"{reopened}__isnull": False}
    counts |= {f"{at_most}__isnull": False, f"{checked}__lte": F(at_most)}
    counts |= {f"{reopened}__lte": F(checked)}
    if at_least:
        counts[f"{reopened}__gte"] = F(at_least)
    none = Q(**{checked: None, reopened: None})
    return CheckConstraint(name=name, condition=none | Q(**counts))


class Closure(models.Model):
    """The lines of a kind that a force closed in a month, with or without a restriction order.

    `checked_7` is how many of them were checked after 7 days, and `reopened_7` how many of these
    had reopened by then. Later checks are of lines that were checked before, with those that had
    already reopened. `number` counts the rows from 1; the latest counts. One that changes a count
    that was reported before has a `reason`, which is a choice: nothing here is free text.
    """

    class Kind(models.TextChoices):
        HOLDER_CHARGED = "type_1", "Type 1: a line holder was charged"
        NUMBER_DEACTIVATED = "type_2", "Type 2: the number was deactivated"

    class Reason(models.TextChoices):
        MISTYPED = "mistyped", "A count was mistyped"
        RECOUNTED = "recounted", "The lines were counted again"
        LATE = "late", "Information came late"
        WRONG_KIND = "wrong_kind", "A line was counted as the wrong kind"

    inspection = models.ForeignKey(Inspection, on_delete=PROTECT, related_name="closures")
    body = models.ForeignKey(Body, on_delete=PROTECT, related_name="closures")
    month = models.DateField()  # its first day
    kind = models.CharField(max_length=6, choices=Kind)
    has_order = models.BooleanField()
    number = models.PositiveSmallIntegerField()
    closed = models.PositiveIntegerField()
    checked_7 = models.PositiveIntegerField(null=True)
    reopened_7 = models.PositiveIntegerField(null=True)
    checked_28 = models.PositiveIntegerField(null=True)
    reopened_28 = models.PositiveIntegerField(null=True)
    checked_90 = models.PositiveIntegerField(null=True)
    reopened_90 = models.PositiveIntegerField(null=True)
    reason = models.CharField(max_length=10, choices=Reason, blank=True)
    reported_at = models.DateTimeField()
    reported_by = models.ForeignKey(User, on_delete=PROTECT, related_name="closures_reported")

    audit_coverage = AuditCoverage()

    objects = ClosureQuerySet.as_manager()

    class Meta:
        ordering = ["inspection", "body", "month", "kind", "has_order", "number"]
        constraints = [
            UniqueConstraint(
                name="closure_number_unique",
                fields=["inspection", "body", "month", "kind", "has_order", "number"],
            ),
            CheckConstraint(name="closure_month_is_first_day", condition=Q(month__day=1)),
            _check("closure_check_7", day=7, at_most="closed", at_least=None),
            _check("closure_check_28", day=28, at_most="checked_7", at_least="reopened_7"),
            _check("closure_check_90", day=90, at_most="checked_28", at_least="reopened_28"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.month:%B %Y}: closures {self.number} of {self.body_id}"
