"""Approvals of updates by chief officers, before they are submitted. Append-only."""

from django.db import models
from django.db.models import PROTECT, CheckConstraint, Q, UniqueConstraint

from forces.models import AuditCoverage, User
from recommendations.models.assignment import Assignment


class ApprovalRequest(models.Model):
    """A draft was sent to the chief officers of its organisation. `number` is from 1.

    `sha256` is that of the answers and files, which cannot change while the draft refers to the
    request. `token` is the draft's and becomes the update's. Any chief officer of the organisation
    can decide, also if one is named in `approver`.
    """

    assignment = models.ForeignKey(Assignment, on_delete=PROTECT, related_name="approval_requests")
    number = models.PositiveSmallIntegerField()
    token = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    approver = models.ForeignKey(
        User, on_delete=PROTECT, null=True, related_name="approval_requests_received"
    )
    requested_at = models.DateTimeField()
    requested_by = models.ForeignKey(User, on_delete=PROTECT, related_name="approval_requests")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["assignment", "number"]
        constraints = [
            UniqueConstraint(
                name="approval_request_number_unique", fields=["assignment", "number"]
            ),
            CheckConstraint(
                name="approval_request_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"Approval request {self.number} of {self.assignment_id}"


class ApprovalDecision(models.Model):
    """What became of a request. An approved one has submitted an update.

    `decided_by` is None only for the nightly job, which deletes old drafts. Triggers check that the
    update is the one that was requested, and that nobody approves their own.
    """

    class Outcome(models.TextChoices):
        APPROVED = "approved", "Approved"
        RETURNED = "returned", "Returned"
        TAKEN_BACK = "taken_back", "Taken back by the organisation"
        DELETED = "deleted", "Draft deleted"

    request = models.OneToOneField(ApprovalRequest, on_delete=PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(blank=True)
    decided_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        User, on_delete=PROTECT, null=True, related_name="approval_decisions"
    )

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["decided_at"]
        constraints = [
            CheckConstraint(
                name="approval_decision_has_reason",
                condition=Q(outcome="returned") & ~Q(reason="")
                | Q(outcome__in=["approved", "taken_back", "deleted"], reason=""),
            ),
            CheckConstraint(
                name="approval_decision_has_person",
                condition=Q(outcome="deleted") | Q(decided_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: approval request {self.request_id}"
