"""The weekly mail to one reader about one ISO week (design, rule 8): the ledger."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q


class Digest(models.Model):
    """The row's uniqueness is the promise that a reader gets a week's digest at most once.

    Rendered once, in the transaction that makes the row; what was sent can be read here.
    """

    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="digests"
    )
    iso_year = models.PositiveSmallIntegerField("ISO year")
    iso_week = models.PositiveSmallIntegerField("ISO week")
    on = models.DateField(help_text="The London day whose position it tells.")
    made_at = models.DateTimeField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()

    class Meta:
        ordering = ["-iso_year", "-iso_week", "reader"]
        constraints = [
            models.UniqueConstraint(
                name="digest_once_a_week", fields=["reader", "iso_year", "iso_week"]
            ),
            models.CheckConstraint(
                name="digest_week_exists", condition=Q(iso_week__gte=1, iso_week__lte=53)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.iso_year}-W{self.iso_week:02})"

    @property
    def monday(self) -> date:
        return date.fromisocalendar(self.iso_year, self.iso_week, 1)
