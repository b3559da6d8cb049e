"""A position as computed and rendered by a job, ready to serve (design, section 2)."""

from datetime import date

from django.conf import settings
from django.db import models

from recommendations.models.inspection import Inspection


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def fresh(self, *names: str, inspection: Inspection, on: date) -> "list[Snapshot]":
        """Those of these parts since whose making nothing has changed; one query."""
        return list(
            self.filter(
                name__in=names,
                inspection=inspection,
                revision=inspection.revision,
                on=on,
                release=settings.RELEASE,
            )
        )


class Snapshot(models.Model):
    """A page or a part of one, for one London day, one revision and one release of the code.

    PostgreSQL keeps the text compressed (TOAST).
    """

    inspection = models.ForeignKey(Inspection, on_delete=models.CASCADE, related_name="snapshots")
    name = models.CharField(max_length=60)
    on = models.DateField()
    revision = models.PositiveBigIntegerField()
    made_at = models.DateTimeField()
    release = models.CharField(max_length=16, default="", db_default="")
    seed = models.CharField(max_length=32, default="", db_default="")  # of the marks in a frame
    html = models.TextField()

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(name="snapshot_one_a_name", fields=["inspection", "name"])
        ]

    def __str__(self) -> str:
        return f"{self.name} on {self.on} at revision {self.revision}"
