"""The ledger of weekly emails: one digest for a reader and ISO week."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import PROTECT, CheckConstraint, F, Q, UniqueConstraint

from forces.models import User
from recommendations.rules import london_day


class DigestWeek(models.Model):
    """An ISO week. Creating its digests and putting them on hold lock the row."""

    iso_year = models.PositiveSmallIntegerField("ISO year")
    iso_week = models.PositiveSmallIntegerField("ISO week")
    held_at = models.DateTimeField(null=True)
    held_by = models.ForeignKey(User, on_delete=PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        ordering = ["-iso_year", "-iso_week"]
        constraints = [
            UniqueConstraint(name="digest_week_once", fields=["iso_year", "iso_week"]),
            CheckConstraint(
                name="digest_week_held_says_why",
                condition=Q(held_at=None, held_by=None, reason="")
                | (Q(held_at__isnull=False, held_by__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.iso_year}-W{self.iso_week:02}"

    def is_over(self, *, at: datetime) -> bool:
        """Return whether the London day of this instant is in a later week."""
        return (self.iso_year, self.iso_week) < london_day(at).isocalendar()[:2]

    @classmethod
    def locked(cls, iso_year: int, iso_week: int) -> Self:
        """Return the row of the week, created if necessary, locked until the transaction ends."""
        week = {"iso_year": iso_year, "iso_week": iso_week}
        cls.objects.bulk_create([cls(**week)], ignore_conflicts=True)
        return cls.objects.select_for_update().get(**week)


class Digest(models.Model):
    """The decision for one reader and week. The row is unique, so no week is decided twice.

    It is created in one transaction with the email, if there is one to send. `since` is the
    instant from which it reports changes: when the reader's previous digest was created.
    """

    class Outcome(models.TextChoices):
        MAILED = "mailed", "Email created"
        NOTHING_OVERDUE = "nothing_overdue", "Nothing overdue, so no email"
        UNWANTED = "unwanted", "Does not want weekly emails"
        BOUNCING = "bouncing", "No email: the address bounces"

    reader = models.ForeignKey(User, on_delete=PROTECT, related_name="digests")
    iso_year = models.PositiveSmallIntegerField("ISO year")
    iso_week = models.PositiveSmallIntegerField("ISO week")
    on = models.DateField(help_text="The London day of the figures.")
    since = models.DateTimeField()
    made_at = models.DateTimeField()
    outcome = models.CharField(
        max_length=20, choices=Outcome, default=Outcome.MAILED, db_default=Outcome.MAILED
    )

    class Meta:
        ordering = ["-iso_year", "-iso_week", "reader"]
        constraints = [
            UniqueConstraint(name="digest_once_a_week", fields=["reader", "iso_year", "iso_week"]),
            CheckConstraint(
                name="digest_week_exists", condition=Q(iso_week__gte=1, iso_week__lte=53)
            ),
            CheckConstraint(name="digest_since_before", condition=Q(since__lte=F("made_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.iso_year}-W{self.iso_week:02} for {self.reader_id}"
