"""When organisations end, and which other ones have their work then."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from forces.models.audit_coverage import AuditCoverage
from forces.models.body import Body
from forces.models.user import User


class BodyEndQuerySet(models.QuerySet["BodyEnd"]):
    def valid(self) -> Self:
        """The ends that no later row corrects or cancels."""
        return self.filter(corrected_by=None, ends_on__isnull=False)

    def due(self, *, on: date) -> Self:
        """The valid ends whose day has come by a London day."""
        return self.valid().filter(ends_on__lte=on)


class BodyEnd(models.Model):
    """The first London day without an organisation, and the one that has its work from then on.

    Rows are append-only: a correction is a row of its own, which takes the place of the row that
    it corrects, until that day. One without a day says that the organisation does not end.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="ends")
    ends_on = models.DateField(null=True)
    successor = models.ForeignKey(
        Body, on_delete=models.PROTECT, null=True, related_name="ends_of_predecessors"
    )
    reason = models.TextField()
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    audit_coverage = AuditCoverage()
    objects = BodyEndQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="bodyend_in_one_order", fields=["body"], condition=Q(corrects=None)
            ),
            models.CheckConstraint(
                name="bodyend_not_into_itself",
                condition=Q(successor=None) | ~Q(successor=F("body")),
            ),
            models.CheckConstraint(
                name="bodyend_cancelled_by_correction",
                condition=Q(ends_on__isnull=False) | Q(successor=None, corrects__isnull=False),
            ),
            models.CheckConstraint(name="bodyend_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"End of {self.body_id} on {self.ends_on}"
