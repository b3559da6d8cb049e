"""Reviews of claims, their corrections, and holds on claims. Reviews are append-only."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import CASCADE, PROTECT, CheckConstraint, Index, Q, UniqueConstraint

from forces.models import AuditCoverage, Body, User
from recommendations.models.update import Update


class ReturnCause(models.TextChoices):
    NO_EVIDENCE = "no_evidence", "There is no evidence"
    NOT_SHOWN = "not_shown", "The evidence does not support the claim"
    PART_DONE = "part_done", "Part of the recommendation is not done"
    NOT_ASKED = "not_asked", "It does not address the recommendation"
    NOT_LASTING = "not_lasting", "No evidence that the change will last"
    UNCLEAR = "unclear", "The description of progress is not clear"
    OTHER = "other", "Something else"


class Review(models.Model):
    """The review of a claim: accepted, or returned with causes and a reason."""

    class Decision(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        RETURNED = "returned", "Returned"

    update = models.OneToOneField(Update, on_delete=PROTECT, related_name="review")
    decision = models.CharField(max_length=10, choices=Decision)
    causes = ArrayField(
        models.CharField(max_length=20, choices=ReturnCause),
        default=list,
        db_default=[],
        blank=True,
    )
    reason = models.TextField(blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, on_delete=PROTECT, related_name="reviews")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["reviewed_at"]
        indexes = [Index(fields=["-reviewed_at"], name="review_newest")]
        constraints = [
            CheckConstraint(
                name="review_return_has_reason",
                condition=Q(decision="accepted") | (Q(decision="returned") & ~Q(reason="")),
            ),
            CheckConstraint(
                name="review_causes_known",
                condition=Q(causes__contained_by=ReturnCause.values)
                & (Q(decision="returned") | Q(causes=[])),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: update {self.update_id}"

    @property
    def causes_in_words(self) -> list[str]:
        return [str(ReturnCause(cause).label) for cause in self.causes]

    # Set where the history of an assignment of the department that reviews is read.
    read_second_reviews: "Sequence[SecondReview]" = ()

    # Set where reviews are read together with their corrections.
    read_corrections: "list[ReviewCorrection] | None" = None

    @property
    def all_corrections(self) -> "list[ReviewCorrection]":
        """The corrections in order; prefetch `corrections` for many reviews."""
        if self.read_corrections is not None:
            return self.read_corrections
        return sorted(self.corrections.all(), key=lambda row: row.number)

    @property
    def latest_correction(self) -> "ReviewCorrection | None":
        """The correction that applies."""
        return next(reversed(self.all_corrections), None)

    @property
    def current_decision(self) -> str:
        """The decision of the latest correction, or of the review."""
        correction = self.latest_correction
        return correction.decision if correction else self.decision

    def decision_at(self, before: datetime | None) -> str:
        """Return the decision that applied just before an instant, or that of today."""
        if before is None:
            return self.current_decision
        decisions = [row.decision for row in self.all_corrections if row.corrected_at < before]
        return decisions[-1] if decisions else self.decision

    @property
    def is_return(self) -> bool:
        return self.current_decision == self.Decision.RETURNED

    @property
    def words(self) -> str:
        """The reason of the latest correction, or of the review."""
        correction = self.latest_correction
        return correction.reason if correction else self.reason


class ReviewCorrection(models.Model):
    """A decision that replaces the one before it from `corrected_at` on."""

    review = models.ForeignKey(Review, on_delete=PROTECT, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    decision = models.CharField(max_length=10, choices=Review.Decision)
    reason = models.TextField()
    corrected_at = models.DateTimeField()
    corrected_by = models.ForeignKey(User, on_delete=PROTECT, related_name="review_corrections")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["review", "number"]
        constraints = [
            UniqueConstraint(name="review_correction_number_unique", fields=["review", "number"]),
            CheckConstraint(name="review_correction_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"Correction {self.number} of review {self.review_id}: {self.decision}"


class SecondReview(models.Model):
    """Confirms the decision to accept a claim of the department that the analysts work for.

    Until then, and after every correction, the position is self-assessed. `body` is the
    organisation that the second reviewer worked for. A trigger checks that it is another one, and
    that the person neither made the decision nor works for the department.
    """

    review = models.ForeignKey(Review, on_delete=PROTECT, related_name="second_reviews")
    body = models.ForeignKey(Body, on_delete=PROTECT, related_name="+")
    comment = models.TextField(blank=True)
    reviewed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(User, on_delete=PROTECT, related_name="second_reviews")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["reviewed_at"]

    def __str__(self) -> str:
        return f"Second review of {self.review_id}"


HOLD_DURATION = timedelta(hours=1)


class ReviewHold(models.Model):
    """An analyst is reviewing a claim. Others cannot decide until the hold ends after an hour."""

    update = models.OneToOneField(Update, on_delete=CASCADE, related_name="hold")
    held_by = models.ForeignKey(User, on_delete=PROTECT, related_name="review_holds")
    held_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"Claim {self.update_id} held by {self.held_by_id}"

    def is_active_at(self, *, at: datetime) -> bool:
        return at < self.held_at + HOLD_DURATION
