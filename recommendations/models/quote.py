"""Figures that somebody has quoted. Append-only."""

from django.db import models
from django.db.models import PROTECT, CheckConstraint, Q

from forces.models import AuditCoverage, User
from recommendations.models.inspection import Inspection
from recommendations.models.recommendation import Recommendation

REFERENCE_LENGTH = 8  # characters of REFERENCE_ALPHABET
REFERENCE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none can be read as another


class Quote(models.Model):
    """A figure as it was at the instant `quoted_at`, under a short reference.

    `figure` is a key of `recommendations.positions.figures.FIGURES`. `count` and `total` are
    numbers of recommendations of forces, or of forces. `events` and `head` are the audit trail's
    head at that time: the number of its events and the hash of the last one, 64 hex digits.
    """

    reference = models.CharField(max_length=REFERENCE_LENGTH, unique=True)
    inspection = models.ForeignKey(Inspection, on_delete=PROTECT, related_name="quotes")
    recommendation = models.ForeignKey(
        Recommendation, on_delete=PROTECT, null=True, related_name="quotes"
    )
    figure = models.CharField(max_length=30)
    count = models.PositiveIntegerField()
    total = models.PositiveIntegerField()
    sentence = models.TextField()
    events = models.PositiveBigIntegerField()
    head = models.CharField(max_length=64, blank=True)
    quoted_at = models.DateTimeField()
    quoted_by = models.ForeignKey(User, on_delete=PROTECT, related_name="quotes")

    audit_coverage = AuditCoverage()

    class Meta:
        ordering = ["-quoted_at", "-pk"]
        constraints = [
            CheckConstraint(name="quote_has_sentence", condition=~Q(sentence="")),
            CheckConstraint(name="quote_count_in_total", condition=Q(count__lte=models.F("total"))),
            CheckConstraint(
                name="quote_reference_form",
                condition=Q(reference__regex=rf"^[{REFERENCE_ALPHABET}]{{{REFERENCE_LENGTH}}}$"),
            ),
        ]

    def __str__(self) -> str:
        return self.reference
