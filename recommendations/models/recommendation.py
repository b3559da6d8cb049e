"""The numbered recommendations of an inspection, and their parts."""

from collections.abc import Iterable

from django.db import models
from django.db.models import PROTECT, CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import get_text_list

from forces.models import AuditCoverage, Body
from forces.rows import tuples
from recommendations.models.inspection import Inspection

_CERTAINTIES = """
    SELECT DISTINCT ON (aspect) aspect, certainty FROM recommendations_aspectcheck
    WHERE recommendation_id = %s ORDER BY aspect, number DESC
"""


class Recommendation(models.Model):
    """A recommendation, or a part of one, with its lead body, partners and due date.

    A part, such as 5a, is a row of its own with the number 5 and the part "a". `reference` is what
    people read, type and find in addresses: "5" or "5a". The due date is a London calendar day;
    `due_words` are the report's own words for it. Without `force_ask` forces have no assignment.
    """

    inspection = models.ForeignKey(Inspection, on_delete=PROTECT, related_name="recommendations")
    number = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=1, blank=True, default="", db_default="")
    reference = models.GeneratedField(
        expression=Concat(Cast("number", models.TextField()), "part"),
        output_field=models.CharField(max_length=6),
        db_persist=True,
    )
    title = models.CharField(max_length=200)
    text = models.TextField(db_column="summary")
    text_is_verbatim = models.BooleanField(
        "the text is the report's own",
        default=False,
        db_default=False,
        help_text="Not selected: the text is our summary.",
    )
    theme = models.CharField(max_length=60)
    lead_body = models.ForeignKey(
        Body, on_delete=PROTECT, related_name="leads", verbose_name="lead organisation"
    )
    partners = models.ManyToManyField(Body, related_name="partner_in", blank=True)
    due_on = models.DateField("due date")
    due_words = models.CharField(
        "due date in the report's words", max_length=200, blank=True, default="", db_default=""
    )
    force_ask = models.TextField(
        "what forces are asked to do",
        blank=True,
        default="",
        db_default="",
        help_text="This register's expectation of forces, in our words. Empty: nothing.",
    )
    force_done_when = models.TextField(
        "when that counts as done", blank=True, default="", db_default=""
    )

    class Meta:
        ordering = ["inspection", "number", "part"]
        constraints = [
            UniqueConstraint(
                name="recommendation_reference_unique", fields=["inspection", "number", "part"]
            ),
            CheckConstraint(name="recommendation_number_from_one", condition=Q(number__gte=1)),
            CheckConstraint(
                name="recommendation_part_is_a_letter", condition=Q(part__regex="^[a-z]?$")
            ),
            CheckConstraint(
                name="recommendation_ask_says_when_done",
                condition=Q(force_ask="", force_done_when="")
                | ~Q(force_ask="") & ~Q(force_done_when=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reference}. {self.title}"

    def get_absolute_url(self) -> str:
        return reverse("recommendation", args=[self.reference])

    @property
    def asks_forces(self) -> bool:
        return self.force_ask != ""

    @cached_property
    def current_checks(self) -> dict[str, "AspectCheck"]:
        """Return the check that counts, by aspect; 1 query, unless `with_checks` has set it."""
        return {check.aspect: check for check in self.aspect_checks.current()}

    @property
    def text_note(self) -> str:
        """Return `Our summary. Reported: gist and deadline. Unconfirmed: addressee and wording.`"""
        parts = ["The report's own words." if self.text_is_verbatim else "Our summary."]
        for certainty in reversed(Certainty):
            names = [
                aspect.label.lower() for aspect in Aspect if self.certainty(aspect) == certainty
            ]
            if names:
                parts.append(f"{certainty.label}: {get_text_list(names, 'and')}.")
        return " ".join(parts)

    @property
    def text_sources(self) -> str:
        """Return the sources of the aspects, each once, with the page; empty without any."""
        checks = (self.current_checks.get(aspect) for aspect in Aspect)
        sources = (
            f"{check.source}, page {check.page}" if check.page else check.source
            for check in checks
            if check and check.source
        )
        return "; ".join(dict.fromkeys(sources))

    @cached_property
    def _certainties(self) -> dict[str, str]:
        """Return the certainty of each aspect with a check; 1 query, or none with the checks."""
        if "current_checks" in self.__dict__:
            return {aspect: check.certainty for aspect, check in self.current_checks.items()}
        return dict(tuples(_CERTAINTIES, self.pk))

    def certainty(self, aspect: "Aspect") -> "Certainty":
        return Certainty(self._certainties.get(aspect, Certainty.UNCONFIRMED))


class Aspect(models.TextChoices):
    """What can be true or not about a recommendation's text, each on its own."""

    GIST = "gist", "Gist"
    ADDRESSEE = "addressee", "Addressee"
    DEADLINE = "deadline", "Deadline"
    WORDING = "wording", "Wording"


class Certainty(models.TextChoices):
    """How sure an aspect is. *Reported*: by a secondary source, or by one person."""

    UNCONFIRMED = "unconfirmed", "Unconfirmed"
    REPORTED = "reported", "Reported"
    CONFIRMED = "confirmed", "Confirmed"


def with_checks(recommendations: Iterable[Recommendation]) -> list[Recommendation]:
    """Read the current checks of several recommendations; 1 query."""
    rows = list(recommendations)
    for row in rows:
        row.current_checks = {}
    by_id = {row.pk: row for row in rows}
    for check in AspectCheck.objects.filter(recommendation__in=by_id).current():
        by_id[check.recommendation_id].current_checks[check.aspect] = check
    return rows


class AspectCheckQuerySet(models.QuerySet["AspectCheck"]):
    def current(self) -> "AspectCheckQuerySet":
        """Return the latest row of each aspect, which counts, in the order of `Aspect`."""
        latest = self.order_by("recommendation_id", "aspect", "-number")
        return self.filter(
            pk__in=latest.distinct("recommendation_id", "aspect").values("pk")
        ).select_related("entered_by", "checked_by")


class AspectCheck(models.Model):
    """How sure one aspect of a recommendation's text is, with its source. Append-only.

    `number` counts the rows of an aspect from 1; the latest row counts. *Confirmed* means that two
    people compared it with the published report: one entered it, and another one checked it.
    Nobody entered what was loaded from a file.
    """

    recommendation = models.ForeignKey(
        Recommendation, on_delete=PROTECT, related_name="aspect_checks"
    )
    aspect = models.CharField(max_length=10, choices=Aspect)
    number = models.PositiveSmallIntegerField()
    certainty = models.CharField(max_length=12, choices=Certainty)
    source = models.TextField(blank=True)
    page = models.CharField(max_length=20, blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.ForeignKey(
        "forces.User", on_delete=PROTECT, null=True, related_name="entered_aspects"
    )
    checked_at = models.DateTimeField(null=True)
    checked_by = models.ForeignKey(
        "forces.User", on_delete=PROTECT, null=True, related_name="checked_aspects"
    )

    audit_coverage = AuditCoverage()

    objects = AspectCheckQuerySet.as_manager()

    class Meta:
        ordering = ["recommendation", "aspect", "number"]
        constraints = [
            UniqueConstraint(
                name="aspect_check_number_unique", fields=["recommendation", "aspect", "number"]
            ),
            CheckConstraint(
                name="aspect_check_reported_has_source",
                condition=Q(certainty="unconfirmed") | ~Q(source=""),
            ),
            CheckConstraint(
                name="aspect_check_confirmed_by_two_people",
                condition=Q(
                    ~Q(page=""),
                    ~Q(entered_by=F("checked_by")),
                    certainty="confirmed",
                    entered_by__isnull=False,
                    checked_by__isnull=False,
                    checked_at__gte=F("entered_at"),
                )
                | Q(~Q(certainty="confirmed"), checked_by=None, checked_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_aspect_display()} of {self.recommendation_id}: {self.certainty}"
