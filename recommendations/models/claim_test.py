"""Test rounds: random samples of accepted claims that somebody else tests. Append-only."""

from django.db import models
from django.db.models import PROTECT, CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from forces.models import AuditCoverage, User
from recommendations.models.inspection import Inspection
from recommendations.models.update import Update

MAX_ROUND_SIZE = 500  # claims


class AssuranceRound(models.Model):
    """A test round: its seed and size, which are recorded before its claims are drawn.

    `seed_source` says which public value the seed is, so that nobody here can have chosen it.
    """

    inspection = models.ForeignKey(Inspection, on_delete=PROTECT, related_name="assurance_rounds")
    number = models.PositiveSmallIntegerField()
    seed = models.CharField(max_length=100)
    seed_source = models.CharField(max_length=300)
    size = models.PositiveSmallIntegerField()
    fixed_at = models.DateTimeField()
    fixed_by = models.ForeignKey(User, on_delete=PROTECT, related_name="assurance_rounds")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["inspection", "number"]
        constraints = [
            UniqueConstraint(name="assurance_round_number_unique", fields=["inspection", "number"]),
            CheckConstraint(
                name="assurance_round_has_seed", condition=~Q(seed="") & ~Q(seed_source="")
            ),
            CheckConstraint(
                name="assurance_round_size", condition=Q(size__gte=1, size__lte=MAX_ROUND_SIZE)
            ),
        ]

    def __str__(self) -> str:
        return f"Test round {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("test_round", args=[self.number])


class AssuranceDraw(models.Model):
    """The draw of a round at the instant `drawn_at`, from `claims_count` accepted claims."""

    round = models.OneToOneField(AssuranceRound, on_delete=PROTECT, related_name="draw")
    claims_count = models.PositiveIntegerField()
    drawn_at = models.DateTimeField()
    drawn_by = models.ForeignKey(User, on_delete=PROTECT, related_name="assurance_draws")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["drawn_at"]
        constraints = [
            CheckConstraint(name="assurance_draw_has_claims", condition=Q(claims_count__gte=1))
        ]

    def __str__(self) -> str:
        return f"Draw of round {self.round_id}"


class ClaimTest(models.Model):
    """A claim that was drawn, in the order of the draw, and the person who is to test it.

    A trigger checks that the claim was accepted when it was drawn, and that the person is
    independent of it.
    """

    round = models.ForeignKey(AssuranceRound, on_delete=PROTECT, related_name="tests")
    number = models.PositiveSmallIntegerField()
    claim = models.ForeignKey(Update, on_delete=PROTECT, related_name="claim_tests")
    tester = models.ForeignKey(User, on_delete=PROTECT, related_name="claim_tests")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["round", "number"]
        constraints = [
            UniqueConstraint(name="claim_test_number_unique", fields=["round", "number"]),
            UniqueConstraint(name="claim_test_claim_unique", fields=["round", "claim"]),
        ]

    def __str__(self) -> str:
        return f"Test {self.number} of round {self.round_id}"


class ClaimTestResult(models.Model):
    """What a test showed. The one with the highest number counts; the others were corrected."""

    class Outcome(models.TextChoices):
        HELD = "held", "Held"
        NOT_HELD = "not_held", "Did not hold"
        NOT_POSSIBLE = "not_possible", "Could not be tested"

    test = models.ForeignKey(ClaimTest, on_delete=PROTECT, related_name="results")
    number = models.PositiveSmallIntegerField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    reason = models.TextField(blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=PROTECT, related_name="claim_test_results")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["test", "number"]
        constraints = [
            UniqueConstraint(name="claim_test_result_number_unique", fields=["test", "number"]),
            CheckConstraint(
                name="claim_test_result_has_reason",
                condition=Q(outcome="held", number=1) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()}: test {self.test_id}"
