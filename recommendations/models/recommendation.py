"""The numbered recommendations of an inspection."""

from django.db import models
from django.db.models import PROTECT, CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from forces.models import Body
from recommendations.models.inspection import Inspection


class Recommendation(models.Model):
    """A recommendation with its lead body, partners and due date (a London calendar day)."""

    class SourceStatus(models.TextChoices):
        CONFIRMED = "confirmed", "Confirmed"
        THEME = "theme", "Unconfirmed summary"

    inspection = models.ForeignKey(Inspection, on_delete=PROTECT, related_name="recommendations")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=200)
    summary = models.TextField()
    theme = models.CharField(max_length=60)
    lead_body = models.ForeignKey(
        Body, on_delete=PROTECT, related_name="leads", verbose_name="lead organisation"
    )
    partners = models.ManyToManyField(Body, related_name="partner_in", blank=True)
    due_on = models.DateField("due date")
    source_status = models.CharField(
        max_length=10,
        choices=SourceStatus,
        help_text="Whether the summary was checked against the published report.",
    )

    class Meta:
        ordering = ["inspection", "number"]
        constraints = [
            UniqueConstraint(name="recommendation_number_unique", fields=["inspection", "number"]),
            CheckConstraint(name="recommendation_number_from_one", condition=Q(number__gte=1)),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("recommendation", args=[self.number])

    @property
    def is_confirmed(self) -> bool:
        return self.source_status == self.SourceStatus.CONFIRMED
