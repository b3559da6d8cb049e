"""Assignments of recommendations to organisations, and their withdrawals."""

from datetime import date

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import PROTECT, CheckConstraint, F, Index, Q, UniqueConstraint
from django.urls import reverse

from forces.models import AuditCoverage, Body, User
from forces.permissions import bodies_with_documents
from recommendations import lateness, rules
from recommendations.models.recommendation import Recommendation
from recommendations.rules import Confidence, EndingKind, Status


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_documents_for(self, reader: User | AnonymousUser) -> "AssignmentQuerySet":
        """Assignments of which the reader may see updates, reviews and evidence."""
        return self.filter(bodies_with_documents(reader, prefix="body__"))

    def overdue(self, *, on: date) -> "AssignmentQuerySet":
        return self.filter(rules.overdue(on=on))

    def waiting_for_review(self) -> "AssignmentQuerySet":
        """Assignments with a claim that no analyst has reviewed, the oldest claim first."""
        return self.filter(status=Status.EVIDENCE_SUBMITTED).order_by("heard_at", "pk")


class Assignment(models.Model):
    """What one organisation has to do about one recommendation, and its current position.

    The fields of the position (`status` and below) are computed from the append-only rows. Only
    `recommendations.positions.positions.refresh` writes them; `check_positions` compares them.
    """

    recommendation = models.ForeignKey(
        Recommendation, on_delete=PROTECT, related_name="assignments"
    )
    body = models.ForeignKey(
        Body, on_delete=PROTECT, related_name="assignments", verbose_name="organisation"
    )
    # Of the first lead only. Another lead is in the recommendation (`Position.is_lead`).
    is_lead = models.BooleanField(help_text="Whether the recommendation is addressed to this body.")
    assigned_at = models.DateTimeField(
        help_text="The instant from which the organisation must implement it."
    )
    original_due_on = models.DateField("original due date")

    status = models.CharField(
        max_length=20, choices=Status, default=Status.NOT_STARTED, editable=False
    )
    due_on = models.DateField("due date", editable=False)
    due_date_changes_count = models.PositiveSmallIntegerField(default=0, editable=False)
    confidence = models.CharField(
        max_length=5, choices=Confidence, blank=True, default="", editable=False
    )
    forecast_on = models.DateField(null=True, editable=False)
    is_returned = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Whether the latest update is a claim that was returned.",
    )
    is_self_assessed = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Whether the department that accepted the claim made it itself.",
    )
    ending = models.CharField(
        max_length=20,
        choices=EndingKind,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="Why it was withdrawn, if somebody has said so.",
    )
    superseded_by = models.CharField(
        max_length=90,
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="The recommendation that supersedes it: 7, or slug/7 of another inspection.",
    )
    no_change_count = models.PositiveSmallIntegerField(
        default=0,
        db_default=0,
        editable=False,
        help_text="How many updates in a row, up to the latest, said that nothing had changed.",
    )
    latest_update = models.ForeignKey(
        "recommendations.Update",
        on_delete=PROTECT,
        null=True,
        related_name="+",
        editable=False,
    )
    heard_at = models.DateTimeField(
        editable=False, help_text="When the latest update was submitted; before that, assigned_at."
    )
    first_claimed_at = models.DateTimeField(
        null=True, editable=False, help_text="When the first claim was submitted."
    )
    changed_at = models.DateTimeField(
        editable=False, help_text="The latest instant at which anything about it changed."
    )

    audit_coverage = AuditCoverage(
        columns=("recommendation_id", "body_id", "is_lead", "assigned_at", "original_due_on"),
        must_record="FALSE",
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["recommendation__number", "recommendation__part", "body"]
        constraints = [
            UniqueConstraint(
                name="assignment_binds_a_body_once", fields=["recommendation", "body"]
            ),
            UniqueConstraint(
                name="assignment_one_lead", fields=["recommendation"], condition=Q(is_lead=True)
            ),
            CheckConstraint(
                name="assignment_changes_in_order",
                condition=Q(heard_at__gte=F("assigned_at"), changed_at__gte=F("heard_at")),
            ),
        ]
        indexes = [Index(fields=["status", "due_on"], name="assignment_status_due")]

    def __str__(self) -> str:
        return f"{self.body.short_name}: {self.recommendation}"

    def get_absolute_url(self) -> str:
        return reverse("assignment", args=[self.body.slug, self.recommendation.reference])

    @property
    def claim_sentence(self) -> str:
        """Return `Kent Police says it has completed what recommendation 7 asks of it`."""
        reference = self.recommendation.reference
        return f"{self.body.name} says it has completed what recommendation {reference} asks of it"

    @property
    def is_open(self) -> bool:
        return self.status in rules.OPEN

    @property
    def is_waiting_for_review(self) -> bool:
        return self.status == Status.EVIDENCE_SUBMITTED

    @property
    def is_late(self) -> bool:
        return lateness.is_late(self)

    @property
    def days_late(self) -> int:
        return lateness.days_late(self)


class Withdrawal(models.Model):
    """The withdrawal of an assignment that will not be implemented, with the reason."""

    assignment = models.OneToOneField(Assignment, on_delete=PROTECT, related_name="withdrawal")
    reason = models.TextField()
    withdrawn_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(User, on_delete=PROTECT, related_name="withdrawals")

    audit_coverage = AuditCoverage()

    class Meta:
        constraints = [CheckConstraint(name="withdrawal_has_reason", condition=~Q(reason=""))]

    def __str__(self) -> str:
        return f"Withdrawal of {self.assignment_id}"
