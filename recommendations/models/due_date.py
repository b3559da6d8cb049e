"""Changes of due dates, requests for more time and the decisions on them. Append-only."""

from django.db import models
from django.db.models import PROTECT, CheckConstraint, F, Index, Q, UniqueConstraint

from forces.models import AuditCoverage, User
from recommendations.models.assignment import Assignment
from recommendations.rules import is_after_due


class DueDateChange(models.Model):
    """A change from one London day to another, with the reason."""

    assignment = models.ForeignKey(Assignment, on_delete=PROTECT, related_name="due_date_changes")
    number = models.PositiveSmallIntegerField()
    from_due_on = models.DateField()
    to_due_on = models.DateField()
    reason = models.TextField()
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=PROTECT, related_name="due_date_changes")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["assignment", "number"]
        indexes = [Index(fields=["-decided_at"], name="due_date_change_newest")]
        constraints = [
            UniqueConstraint(name="due_date_change_number_unique", fields=["assignment", "number"]),
            CheckConstraint(name="due_date_change_moves", condition=~Q(to_due_on=F("from_due_on"))),
            CheckConstraint(name="due_date_change_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.from_due_on} to {self.to_due_on}"

    @property
    def is_extension(self) -> bool:
        return is_after_due(self.from_due_on, on=self.to_due_on)


class DueDateRequest(models.Model):
    """A request with a reason; an assignment has one open request at most. `number` is from 1."""

    assignment = models.ForeignKey(Assignment, on_delete=PROTECT, related_name="due_date_requests")
    number = models.PositiveSmallIntegerField()
    due_on = models.DateField(help_text="The due date at the time of the request.")
    asked_due_on = models.DateField()
    reason = models.TextField()
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, on_delete=PROTECT, related_name="due_date_requests")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["assignment", "number"]
        constraints = [
            UniqueConstraint(
                name="due_date_request_number_unique", fields=["assignment", "number"]
            ),
            CheckConstraint(
                name="due_date_request_asks_for_more",
                condition=Q(asked_due_on__gt=F("due_on")),
            ),
            CheckConstraint(name="due_date_request_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"Request {self.number} of {self.assignment_id}: {self.asked_due_on}"


class DueDateDecision(models.Model):
    class Outcome(models.TextChoices):
        GRANTED = "granted", "Granted"
        GRANTED_OTHER = "granted_other", "Another date granted"
        REFUSED = "refused", "Refused"
        TAKEN_BACK = "taken_back", "Withdrawn by the organisation"

    request = models.OneToOneField(DueDateRequest, on_delete=PROTECT, related_name="decision")
    outcome = models.CharField(max_length=15, choices=Outcome)
    due_date_change = models.OneToOneField(
        DueDateChange, on_delete=PROTECT, null=True, related_name="decision"
    )
    words = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=PROTECT, related_name="due_date_decisions")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            CheckConstraint(
                name="due_date_decision_fits_outcome",
                condition=Q(outcome__in=["granted", "granted_other"], due_date_change__isnull=False)
                | Q(outcome__in=["refused", "taken_back"], due_date_change=None),
            ),
            CheckConstraint(
                name="due_date_decision_has_words",
                condition=Q(outcome__in=["granted", "taken_back"]) | ~Q(words=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: request {self.request_id}"
