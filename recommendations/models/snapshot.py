"""Snapshots: dashboard content that a job has rendered."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import UniqueConstraint

from recommendations.models.inspection import Inspection


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def current(self, *, inspection: Inspection, on: date) -> "SnapshotQuerySet":
        """Snapshots of this day, the inspection's revision and the running release."""
        return self.filter(
            inspection=inspection,
            revision=inspection.revision,
            on=on,
            release=settings.RELEASE,
        )


class Snapshot(models.Model):
    """The content of a page for one London day, one revision and one release of the code.

    PostgreSQL stores the text compressed (TOAST).
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="snapshots")
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
