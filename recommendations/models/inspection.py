"""Inspections: published reports with recommendations; and their rendered dashboards."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import CASCADE, F, UniqueConstraint
from django.db.models.functions import Cast

from forces.rows import first_row


class InspectionManager(models.Manager["Inspection"]):
    def current(self) -> "Inspection | None":
        """Return the inspection published last, which the pages and digests are about; 1 query."""
        return first_row(self.model, "true ORDER BY published_on DESC, id DESC LIMIT 1")


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
