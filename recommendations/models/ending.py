"""Why assignments were withdrawn. Append-only: the latest row of a withdrawal counts."""

from datetime import datetime

from django.db import models
from django.db.models import PROTECT, CheckConstraint, Q, UniqueConstraint

from forces.models import AuditCoverage, User
from recommendations.models.assignment import Withdrawal
from recommendations.models.recommendation import Recommendation
from recommendations.rules import EndingKind


class EndingQuerySet(models.QuerySet["Ending"]):
    def current(self, *, before: datetime | None = None) -> "EndingQuerySet":
        """Return the latest row of each withdrawal.

        `before`: of the rows that were recorded before this instant.
        """
        rows = self if before is None else self.filter(recorded_at__lt=before)
        latest = rows.order_by("withdrawal_id", "-number").distinct("withdrawal_id")
        return self.filter(pk__in=latest.values("pk"))


class Ending(models.Model):
    """The kind of a withdrawal, from `recorded_at` until the next row. Old withdrawals have none.

    `number` counts the rows of a withdrawal from 1. The reason of the withdrawal is that of the
    row recorded with it; each row recorded later has its own. A trigger refuses a recommendation
    that would supersede itself, directly or through others.
    """

    withdrawal = models.ForeignKey(Withdrawal, on_delete=PROTECT, related_name="endings")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=EndingKind)
    superseded_by = models.ForeignKey(
        Recommendation,
        on_delete=PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        help_text="Of this inspection or another one.",
    )
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=PROTECT, related_name="endings")

    audit_coverage = AuditCoverage()

    objects = EndingQuerySet.as_manager()

    class Meta:
        ordering = ["withdrawal", "number"]
        constraints = [
            UniqueConstraint(name="ending_number_unique", fields=["withdrawal", "number"]),
            CheckConstraint(
                name="ending_superseded_has_link",
                condition=Q(kind="superseded", superseded_by__isnull=False)
                | ~Q(kind="superseded") & Q(superseded_by=None),
            ),
            CheckConstraint(name="ending_kind_known", condition=Q(kind__in=EndingKind.values)),
            CheckConstraint(
                name="ending_changed_with_reason", condition=Q(number=1) | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: withdrawal {self.withdrawal_id}"
