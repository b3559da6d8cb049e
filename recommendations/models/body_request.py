"""Requests between organisations, and what became of them. Append-only."""

from datetime import datetime

from django.db import models
from django.db.models import PROTECT, CheckConstraint, Prefetch, Q, UniqueConstraint

from forces.models import AuditCoverage, Body, User
from recommendations.models.assignment import Assignment
from recommendations.models.inspection import Inspection

MAX_TEXT_LENGTH = 300


class BodyRequestQuerySet(models.QuerySet["BodyRequest"]):
    def of(
        self, inspection: Inspection, *, before: datetime | None = None
    ) -> "BodyRequestQuerySet":
        """Return the requests of an inspection with their events in order; 2 queries.

        `before`: only the rows that were recorded before this instant.
        """
        rows = self.filter(assignment__recommendation__inspection=inspection)
        events = BodyRequestEvent.objects.select_related("by").order_by("request_id", "number")
        if before is not None:
            rows = rows.filter(requested_at__lt=before)
            events = events.filter(happened_at__lt=before)
        related = rows.select_related(
            *("assignment__body__succeeded_by", "assignment__recommendation", "body__succeeded_by")
        )
        return related.prefetch_related(Prefetch("events", queryset=events))


class BodyRequest(models.Model):
    """What an organisation needs from another one for a recommendation.

    `assignment` is that of the organisation that asks, and `body` is asked. `number` counts the
    requests of an assignment from 1. `recommendations.request_rules` says whose turn it is.
    """

    class Kind(models.TextChoices):
        INTELLIGENCE = "intelligence", "Intelligence"
        LEAD = "lead", "A lead in a case across borders"
        SAFEGUARDING = "safeguarding", "Safeguarding"
        DECISION = "decision", "A decision"
        PRODUCT = "product", "A national product"

    assignment = models.ForeignKey(Assignment, on_delete=PROTECT, related_name="body_requests")
    number = models.PositiveSmallIntegerField()
    body = models.ForeignKey(Body, on_delete=PROTECT, related_name="body_requests")
    kind = models.CharField(max_length=12, choices=Kind)
    text = models.CharField(max_length=MAX_TEXT_LENGTH)
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, on_delete=PROTECT, related_name="body_requests")

    audit_coverage = AuditCoverage()

    objects = BodyRequestQuerySet.as_manager()

    class Meta:
        ordering = ["assignment", "number"]
        constraints = [
            UniqueConstraint(name="body_request_number_unique", fields=["assignment", "number"]),
            CheckConstraint(name="body_request_has_text", condition=~Q(text="")),
        ]

    @property
    def history(self) -> list["BodyRequestEvent"]:
        """Return its events in order; no query if it was selected with `BodyRequestQuerySet.of`."""
        return sorted(self.events.all(), key=lambda event: event.number)

    def __str__(self) -> str:
        return f"Request {self.number} of assignment {self.assignment_id}"


class BodyRequestEvent(models.Model):
    """An answer of the organisation that is asked, or what the one that asks made of it.

    `number` counts the events of a request from 1. A trigger checks whose turn it is.
    """

    class Kind(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        DISPUTED = "disputed", "Disputed"
        DONE = "done", "Done"
        CONFIRMED = "confirmed", "Confirmed"
        RETURNED = "returned", "Not settled"
        CANCELLED = "cancelled", "Cancelled"

    request = models.ForeignKey(BodyRequest, on_delete=PROTECT, related_name="events")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    promised_on = models.DateField(null=True)
    reason = models.CharField(max_length=MAX_TEXT_LENGTH, blank=True)
    happened_at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=PROTECT, related_name="body_request_events")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["request", "number"]
        constraints = [
            UniqueConstraint(name="body_request_event_number_unique", fields=["request", "number"]),
            CheckConstraint(
                name="body_request_event_promise",
                condition=Q(kind="accepted", promised_on__isnull=False)
                | ~Q(kind="accepted") & Q(promised_on=None),
            ),
            CheckConstraint(
                name="body_request_event_reason",
                condition=Q(kind__in=["declined", "disputed", "returned"]) & ~Q(reason="")
                | Q(kind__in=["accepted", "done", "confirmed", "cancelled"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: request {self.request_id}"
