"""The names that organisations and people have had."""

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from forces.models.audit_coverage import AuditCoverage
from forces.models.body import Body
from forces.models.user import User


class BodyNameQuerySet(models.QuerySet["BodyName"]):
    def valid(self) -> Self:
        """The names that no later row corrects."""
        return self.filter(corrected_by=None)

    def in_force_on(self, on: date) -> Self:
        """The valid names that had begun by a London day, the latest first."""
        begun = self.valid().filter(Q(since=None) | Q(since__lte=on))
        return begun.order_by(F("since").desc(nulls_last=True), "-pk")


class BodyName(models.Model):
    """A name that an organisation has from a London day on, until its next name begins.

    An organisation without rows has always had its present name. Rows are append-only: a correction
    is a row of its own, which takes the place of the row that it corrects.
    """

    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="names")
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=60)
    since = models.DateField(null=True, help_text="Its first London day. None: always.")
    corrects = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="corrected_by"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="None: read from the register, or its name before any was recorded.",
    )

    audit_coverage = AuditCoverage()
    objects = BodyNameQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="bodyname_is_given", condition=~Q(name="") & ~Q(short_name="")
            )
        ]

    def __str__(self) -> str:
        return self.name


class PersonName(models.Model):
    """A name that a person had until an instant. Removed with the person's other data."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="former_names")
    name = models.CharField(max_length=120)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "until"], name="personname_by_person")]

    def __str__(self) -> str:
        return self.name
