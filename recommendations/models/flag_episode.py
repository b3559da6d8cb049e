"""Periods during which assignments had a flag."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import PROTECT, CheckConstraint, F, Func, Q, UniqueConstraint

from recommendations.models.assignment import Assignment
from recommendations.rules import Flag


class _Days(Func):
    function = "daterange"
    output_field = DateRangeField()


class FlagEpisode(models.Model):
    """A period from `raised_on` until the day before `cleared_on` (London days).

    Only `recommendations.positions.flag_episodes` writes it. The only permitted change of a row
    is to set its end.
    """

    assignment = models.ForeignKey(Assignment, on_delete=PROTECT, related_name="flag_episodes")
    flag = models.CharField(max_length=10, choices=Flag)
    raised_on = models.DateField()
    raised_because = models.CharField(max_length=80)
    cleared_on = models.DateField(null=True)
    cleared_because = models.CharField(max_length=80, blank=True, default="")

    class Meta:
        ordering = ["raised_on", "pk"]
        constraints = [
            UniqueConstraint(
                name="flag_episode_one_open",
                fields=["assignment", "flag"],
                condition=Q(cleared_on=None),
            ),
            ExclusionConstraint(
                name="flag_episode_no_overlap",
                expressions=[
                    ("assignment", RangeOperators.EQUAL),
                    ("flag", RangeOperators.EQUAL),
                    (_Days("raised_on", "cleared_on", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
            CheckConstraint(
                name="flag_episode_ends_with_a_cause",
                condition=Q(cleared_on=None, cleared_because="")
                | (Q(cleared_on__gte=F("raised_on")) & ~Q(cleared_because="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_flag_display()} from {self.raised_on} to {self.cleared_on or 'now'}"
