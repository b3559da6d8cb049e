"""Published figures on what happens outside the register, such as lines closed. Append-only."""

from collections.abc import Mapping
from datetime import datetime

from django.db import models
from django.db.models import PROTECT, CheckConstraint, F, Q

from forces.models import AuditCoverage, User
from recommendations.models.inspection import Inspection


class Indicator(models.TextChoices):
    """What is counted. The values are in files and addresses."""

    ACTIVE_LINES = "active-lines", "Active lines"
    ACTIVE_LINES_A_MONTH = "active-lines-a-month", "Active lines a month"
    LINES_CLOSED = "lines-closed", "Lines closed"
    REOPENING = "time-until-a-line-reopens", "Time until a line reopens"
    TELECOMS_ORDERS = "telecoms-orders", "Telecommunications restriction orders"
    ARRESTS = "arrests", "Arrests"
    HOLDERS_CHARGED = "line-holders-charged", "Line holders charged"
    SAFEGUARDED = "people-safeguarded", "People safeguarded"
    CHILDREN_AT_RISK = (
        "children-at-risk-of-criminal-exploitation",
        "Children at risk of criminal exploitation",
    )
    NRM_REFERRALS = "nrm-referrals", "Referrals to the National Referral Mechanism"
    NRM_COUNTY_LINES = (
        "nrm-county-lines-referrals",
        "Referrals to the National Referral Mechanism that are flagged county lines",
    )
    CRIMES = "recorded-modern-slavery-crimes", "Recorded modern slavery crimes"
    PROSECUTIONS = "modern-slavery-prosecutions", "Modern slavery prosecutions"
    CONVICTION_RATE = "modern-slavery-conviction-rate", "Modern slavery conviction rate"
    CHILD_OFFENCES = (
        "modern-slavery-act-s2-child-offences",
        "Offences of trafficking, flagged child abuse (Modern Slavery Act, section 2)",
    )


# The theme of the recommendations that an indicator is shown beside
THEMES: Mapping[str, str] = {
    Indicator.ACTIVE_LINES: "Intelligence",
    Indicator.ACTIVE_LINES_A_MONTH: "Intelligence",
    Indicator.LINES_CLOSED: "Co-ordination",
    Indicator.REOPENING: "Telecoms",
    Indicator.TELECOMS_ORDERS: "Telecoms",
    Indicator.ARRESTS: "Co-ordination",
    Indicator.HOLDERS_CHARGED: "Co-ordination",
    Indicator.SAFEGUARDED: "Safeguarding",
    Indicator.CHILDREN_AT_RISK: "Safeguarding",
    Indicator.NRM_REFERRALS: "Safeguarding",
    Indicator.NRM_COUNTY_LINES: "Safeguarding",
    Indicator.CRIMES: "Exploitation",
    Indicator.PROSECUTIONS: "Exploitation",
    Indicator.CONVICTION_RATE: "Exploitation",
    Indicator.CHILD_OFFENCES: "Exploitation",
}


class OutcomeFigureQuerySet(models.QuerySet["OutcomeFigure"]):
    def known(self, *, before: datetime | None) -> "OutcomeFigureQuerySet":
        """Return the rows that were entered before this instant, or all."""
        return self if before is None else self.filter(entered_at__lt=before)

    def current(self, *, before: datetime | None = None) -> "OutcomeFigureQuerySet":
        """Return the figures that count: neither corrected nor removed before this instant."""
        known = self.known(before=before)
        replaced = known.exclude(replaces=None).values("replaces")
        return known.filter(is_removed=False).exclude(pk__in=replaced)


class OutcomeFigure(models.Model):
    """One figure of a source: for an indicator, a scope (who or where) and a period.

    A correction is a new row that `replaces` one, with a `reason`; with `is_removed`, the figure
    should not be there at all. `period_end` is None if it was not published. A `value` is None if
    nobody collects the figure, and `value_high` is the end of a range.
    """

    class Qualifier(models.TextChoices):
        EXACT = "exact", "Exact"
        ABOUT = "about", "About"
        AT_LEAST = "at_least", "At least"
        MORE_THAN = "more_than", "More than"
        BETWEEN = "between", "Between"
        NOT_COLLECTED = "not_collected", "Not collected"

    inspection = models.ForeignKey(Inspection, on_delete=PROTECT, related_name="outcomes")
    indicator = models.CharField(max_length=60, choices=Indicator)
    scope = models.CharField(max_length=80)
    period_start = models.DateField()
    period_end = models.DateField(null=True)
    value = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    value_high = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    qualifier = models.CharField(max_length=13, choices=Qualifier)
    unit = models.CharField(max_length=40)
    is_cumulative = models.BooleanField()  # counts from the start of a programme
    breaks_before = models.BooleanField()  # not comparable with the figure before it
    note = models.TextField(blank=True)
    source = models.CharField(max_length=300)
    replaces = models.OneToOneField(
        "self", on_delete=PROTECT, null=True, related_name="replaced_by"
    )
    reason = models.TextField(blank=True)
    is_removed = models.BooleanField()
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        User, on_delete=PROTECT, null=True, related_name="outcomes_entered"
    )  # None: loaded from the file of the register

    audit_coverage = AuditCoverage()

    objects = OutcomeFigureQuerySet.as_manager()

    class Meta:
        ordering = ["inspection", "indicator", "scope", "period_start", "pk"]
        constraints = [
            CheckConstraint(
                name="outcome_has_value_if_collected",
                condition=Q(qualifier="not_collected", value=None)
                | (~Q(qualifier="not_collected") & Q(value__isnull=False, value__gte=0)),
            ),
            CheckConstraint(
                name="outcome_range_has_two_ends",
                condition=Q(
                    qualifier="between", value_high__isnull=False, value_high__gt=F("value")
                )
                | (~Q(qualifier="between") & Q(value_high=None)),
            ),
            CheckConstraint(
                name="outcome_period_in_order",
                condition=Q(period_end=None) | Q(period_end__gte=F("period_start")),
            ),
            CheckConstraint(
                name="outcome_correction_has_reason",
                condition=Q(replaces=None, reason="", is_removed=False)
                | (Q(replaces__isnull=False) & ~Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}, {self.scope}, {self.period_start}"
