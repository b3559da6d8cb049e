"""Responses of organisations to an inspection and its recommendations. Append-only."""

from datetime import datetime

from django.db import models
from django.db.models import PROTECT, CheckConstraint, Q, UniqueConstraint

from forces.models import AuditCoverage, Body, User
from recommendations.models.inspection import Inspection
from recommendations.models.recommendation import Recommendation


class ResponseQuerySet(models.QuerySet["Response"]):
    def current(self, *, before: datetime | None = None) -> "ResponseQuerySet":
        """Return the latest row of each organisation and subject, which counts.

        `before`: of those that were entered before this instant.
        """
        rows = self if before is None else self.filter(entered_at__lt=before)
        latest = rows.order_by("inspection_id", "body_id", "recommendation_id", "-number")
        first = latest.distinct("inspection_id", "body_id", "recommendation_id")
        return self.filter(pk__in=first.values("pk"))


class Response(models.Model):
    """What an organisation said to a recommendation, or to the report as a whole.

    Only local policing bodies respond to the report as a whole: `recommendation` is None.
    `responded_on` is the London day on which the comment was published. `number` counts the rows of
    an organisation and subject from 1; the latest counts. `is_on_behalf`: an analyst entered it.
    """

    class Answer(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        IN_PART = "in_part", "Accepted in part"
        NOT_ACCEPTED = "not_accepted", "Not accepted"

    inspection = models.ForeignKey(Inspection, on_delete=PROTECT, related_name="responses")
    body = models.ForeignKey(Body, on_delete=PROTECT, related_name="responses")
    recommendation = models.ForeignKey(
        Recommendation, on_delete=PROTECT, null=True, related_name="responses"
    )
    number = models.PositiveSmallIntegerField()
    answer = models.CharField(max_length=12, choices=Answer)
    reason = models.TextField(blank=True)
    responded_on = models.DateField()
    link = models.URLField(max_length=500, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(User, on_delete=PROTECT, related_name="responses_entered")
    is_on_behalf = models.BooleanField()

    audit_coverage = AuditCoverage()

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["inspection", "body", "recommendation", "number"]
        constraints = [
            UniqueConstraint(
                name="response_to_report_number_unique",
                fields=["inspection", "body", "number"],
                condition=Q(recommendation=None),
            ),
            UniqueConstraint(
                name="response_number_unique",
                fields=["body", "recommendation", "number"],
                condition=Q(recommendation__isnull=False),
            ),
            CheckConstraint(
                name="response_has_reason", condition=Q(answer="accepted") | ~Q(reason="")
            ),
            CheckConstraint(
                name="response_link_is_an_address", condition=Q(link__regex="^(https?://.+)?$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_answer_display()}: response {self.number} of {self.body_id}"
