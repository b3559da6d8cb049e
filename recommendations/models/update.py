"""Updates on assignments, which are append-only, and their drafts."""

import uuid

from django.db import models
from django.db.models import PROTECT, CheckConstraint, Index, Q, UniqueConstraint

from forces.models import AuditCoverage, User
from recommendations.models.answers import Answers, BlockerCause, ReportedStatus
from recommendations.models.approval import ApprovalRequest
from recommendations.models.assignment import Assignment
from recommendations.rules import Confidence
from recommendations.update_rules import Contradiction


class Update(Answers):
    """A submitted update, which never changes. `number` is from 1 for every assignment.

    A correction is the next update and refers to the one before it in `corrects`; it may withdraw
    a claim that is waiting for review. An update that says that nothing has changed refers in
    `confirms` to the last update that said something new, and has its answers. If a chief officer
    had to approve it, `approved_by` is that person, and `signed_off_by` is empty. Triggers check
    `evidence_count`, `confirms` and `approved_by`.
    """

    class Kind(models.TextChoices):
        FULL = "full", "Full update"
        NO_CHANGE = "no_change", "No change"

    assignment = models.ForeignKey(Assignment, on_delete=PROTECT, related_name="updates")
    number = models.PositiveIntegerField()
    token = models.UUIDField(
        unique=True, help_text="The draft's token: a draft becomes one update."
    )
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(User, on_delete=PROTECT, related_name="updates")
    approved_by = models.ForeignKey(
        User,
        on_delete=PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="approved_updates",
    )

    status = models.CharField(max_length=20, choices=ReportedStatus)
    confidence = models.CharField(max_length=5, choices=Confidence, blank=True)
    account = models.TextField("progress")
    next_steps = models.TextField(blank=True)
    blockers = models.TextField(blank=True)
    forecast_on = models.DateField("forecast date", null=True, blank=True)
    evidence_count = models.PositiveSmallIntegerField(default=0, db_default=0)
    corrects = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, blank=True, related_name="corrected_by"
    )
    confirms = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="confirmations"
    )

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["assignment", "number"]
        constraints = [
            UniqueConstraint(name="update_number_unique", fields=["assignment", "number"]),
            CheckConstraint(
                name="update_forecast_fits_status",
                condition=Q(status="implemented", forecast_on=None)
                | Q(status__in=["not_started", "in_progress"], forecast_on__isnull=False),
            ),
            CheckConstraint(
                name="update_confidence_fits_status",
                condition=Q(status="implemented") | ~Q(confidence=""),
            ),
            CheckConstraint(
                name="update_no_change_is_open",
                condition=Q(confirms=None)
                | Q(
                    corrects=None,
                    evidence_count=0,
                    status__in=["not_started", "in_progress"],
                ),
            ),
            CheckConstraint(
                name="update_contradictions_known",
                condition=Q(confirmed_contradictions__contained_by=Contradiction.values),
            ),
            CheckConstraint(name="update_account_is_given", condition=~Q(account="")),
            CheckConstraint(
                name="update_blocker_causes_known",
                condition=Q(blocker_causes__contained_by=BlockerCause.values),
            ),
        ]
        indexes = [
            Index(fields=["submitted_at"], name="update_submitted"),
            Index(
                fields=["assignment", "number"],
                name="update_claims",
                condition=Q(status="implemented"),
            ),
        ]

    def __str__(self) -> str:
        return f"Update {self.number} of {self.assignment_id}"

    @property
    def kind(self) -> Kind:
        return self.Kind.NO_CHANGE if self.confirms_id else self.Kind.FULL

    @property
    def approver_name(self) -> str:
        """Return the name of the chief officer who approved it, or the name that was typed."""
        return self.approved_by.name if self.approved_by else self.signed_off_by

    @property
    def reference(self) -> str:
        """Return `KENT-R2-U4`. Select the assignment with its body and recommendation."""
        assignment = self.assignment
        number = assignment.recommendation.reference
        return f"{assignment.body.slug.upper()}-R{number}-U{self.number}"


class Draft(Answers):
    """The draft of an assignment's next update, of which there is at most one.

    `version` counts its saves, and `field_versions` has the version in which each answer last
    changed, so that nobody overwrites an answer newer than their page. `token` becomes the
    update's, so that submitting a draft twice creates one update. While a draft waits for the
    approval of a chief officer, it has an `approval_request`, and a trigger refuses changes.
    """

    assignment = models.OneToOneField(Assignment, on_delete=PROTECT, related_name="draft")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    field_versions = models.JSONField(default=dict, blank=True, editable=False)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=PROTECT, related_name="drafts")

    status = models.CharField(max_length=20, choices=ReportedStatus, blank=True, default="")
    confidence = models.CharField(max_length=5, choices=Confidence, blank=True, default="")
    account = models.TextField(blank=True, default="")
    next_steps = models.TextField(blank=True, default="")
    blockers = models.TextField(blank=True, default="")
    forecast_on = models.DateField(null=True, blank=True)
    corrects = models.ForeignKey(Update, on_delete=PROTECT, null=True, blank=True, related_name="+")
    approval_request = models.OneToOneField(
        ApprovalRequest, on_delete=PROTECT, null=True, editable=False, related_name="draft"
    )

    @property
    def is_waiting_for_approval(self) -> bool:
        return self.approval_request_id is not None

    @property
    def requires_approval(self) -> bool:
        """Return whether a chief officer has to approve it. Select the assignment with its body."""
        return self.is_waiting_for_approval or self.assignment.body.requires_approval

    def is_newer(self, name: str, *, than: int) -> bool:
        return int(self.field_versions.get(name, 1)) > than

    def __str__(self) -> str:
        return f"Draft {self.version} for {self.assignment_id}"
