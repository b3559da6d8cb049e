"""Inspections: published reports with recommendations."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F
from django.db.models.functions import Cast

_CURRENT = "SELECT * FROM recommendations_inspection ORDER BY published_on DESC, id DESC LIMIT 1"


class InspectionManager(models.Manager["Inspection"]):
    def current(self) -> "Inspection | None":
        """The inspection that the pages and the digest are about: the one published last.

        In SQL: every page asks, and building the query in Python takes longer than running it.
        """
        return next(iter(self.raw(_CURRENT)), None)


class Inspection(models.Model):
    """An inspection. A database has real inspections or synthetic ones, never both.

    `revision` counts the changes to anything of the inspection, in their transactions. A snapshot
    of an older revision is never served.
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
