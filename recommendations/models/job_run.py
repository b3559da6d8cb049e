"""Runs of jobs, recorded by the workers."""

from django.db import models
from django.db.models import CheckConstraint, Index, Q


class JobRun(models.Model):
    """A run of a job. A task that runs again after its worker stopped is the same run: see `tries`.

    Times are instants. `result` is the result in a sentence, and `error` the error message.
    """

    class State(models.TextChoices):
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        PARKED = "parked", "Stopped"
        LOST = "lost", "Did not finish"

    task_id = models.CharField(max_length=60, unique=True)
    job = models.CharField(max_length=60)
    arguments = models.JSONField(default=list)
    worker = models.CharField(max_length=120, blank=True, default="")
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    tries = models.PositiveSmallIntegerField(default=0)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    result = models.TextField(blank=True, default="", db_column="said")
    error = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-started_at", "-pk"]
        indexes = [
            Index(fields=["job", "-started_at"], name="job_run_latest"),
            Index(fields=["job", "-started_at"], name="job_run_done", condition=Q(state="done")),
            Index(
                fields=["-started_at"],
                name="job_run_unhappy",
                condition=Q(state__in=["failed", "parked", "lost"]),
            ),
        ]
        constraints = [
            CheckConstraint(
                name="job_run_ends",
                condition=Q(state="running", ended_at=None)
                | (~Q(state="running") & Q(ended_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.job}: {self.get_state_display()}"
