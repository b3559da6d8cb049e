"""Inspections: published reports with recommendations; and their rendered dashboards."""

from contextvars import ContextVar
from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import CASCADE, F, UniqueConstraint
from django.db.models.functions import Cast
from django.utils.functional import cached_property

from forces.rows import rows

PREFIX = "/inspections/"  # of the addresses of every inspection but the first

# Set by `recommendations.inspections.working_on`.
active_inspection: "ContextVar[Inspection | None]" = ContextVar("active_inspection", default=None)


class InspectionManager(models.Manager["Inspection"]):
    def current(self) -> "Inspection | None":
        """Return the inspection of this request or job, or else the first; at most 1 query."""
        return active_inspection.get() or next(iter(self.in_order()), None)

    def in_order(self) -> "list[Inspection]":
        """Return all inspections in the order in which they were added; 1 query."""
        found = rows(self.model, "true ORDER BY id")
        for number, inspection in enumerate(found):
            inspection.is_first = number == 0
        return found


class Inspection(models.Model):
    """One inspection. A database holds real inspections or synthetic ones, never both.

    `revision` counts the changes to the inspection's recommendations and everything below them, in
    the transaction of each change. A snapshot of an older revision is never served.
    """

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    publisher = models.CharField(max_length=120, default="HMICFRS")
    published_on = models.DateField()
    is_synthetic = models.BooleanField(
        default=False, editable=False, help_text="Whether all its progress is made up."
    )
    revision = models.PositiveBigIntegerField(default=0, editable=False)

    objects = InspectionManager()

    class Meta:
        ordering = ["-published_on"]
        constraints = [
            ExclusionConstraint(
                name="inspection_real_or_synthetic",
                expressions=[(Cast(F("is_synthetic"), models.IntegerField()), "<>")],
                violation_error_message="Demonstration data and real data cannot share a database.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @cached_property
    def is_first(self) -> bool:
        """Whether it was added first; 1 query unless it was read with `in_order` or `current`."""
        return not Inspection.objects.filter(pk__lt=self.pk).exists()

    @property
    def prefix(self) -> str:
        """The beginning of its addresses: `/`, or `/inspections/exploitation-2025/`."""
        return "/" if self.is_first else f"{PREFIX}{self.slug}/"


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def current(self, *, inspection_id: int, revision: int, on: date) -> "SnapshotQuerySet":
        """Snapshots of this London day, revision and the running release."""
        return self.filter(
            inspection_id=inspection_id, revision=revision, on=on, release=settings.RELEASE
        )


class Snapshot(models.Model):
    """The content of a page for one London day, one revision and one release of the code."""

    inspection = models.ForeignKey(Inspection, on_delete=CASCADE, related_name="snapshots")
    name = models.CharField(max_length=60)
    on = models.DateField()
    revision = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    release = models.CharField(max_length=16, default="", db_default="")
    html = models.TextField()

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints = [UniqueConstraint(name="snapshot_one_a_name", fields=["inspection", "name"])]

    def __str__(self) -> str:
        return f"{self.name} on {self.on} at revision {self.revision}"
