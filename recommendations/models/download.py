"""Files that a job creates for one person, because a request would take too long."""

import uuid
from datetime import timedelta

from django.db import models
from django.db.models import CASCADE, CheckConstraint, Index, Q
from django.urls import reverse

from forces.models import Body, Role, User
from recommendations.models.inspection import Inspection

RETENTION = timedelta(days=7)


class Download(models.Model):
    """A requested file with everything that the job needs. Only the person may open its link.

    `for_role` and `for_body` are the person's at the time of the request: with another role or
    organisation they can no longer open the file. Times are instants; `size` is in bytes.
    """

    class Kind(models.TextChoices):
        UPDATES = "updates", "Every update"
        MONTHS = "months", "Positions at the end of each month"
        BRIEFING = "briefing", "Briefing pack"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        WORKING = "working", "Being prepared"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=10, choices=Kind)
    file_type = models.CharField(max_length=4)
    parameters = models.JSONField(default=dict)
    inspection = models.ForeignKey(
        Inspection,
        on_delete=CASCADE,
        null=True,
        db_index=False,
        related_name="+",
        help_text="What the file is about; none in rows of before there were several.",
    )
    asked_by = models.ForeignKey(User, on_delete=CASCADE, related_name="downloads")
    for_role = models.CharField(max_length=20, choices=Role)
    for_body = models.ForeignKey(Body, on_delete=CASCADE, null=True, related_name="+")
    asked_at = models.DateTimeField()
    moved_at = models.DateTimeField(help_text="When its state last changed.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    name = models.CharField(max_length=120, blank=True, default="")
    size = models.PositiveBigIntegerField(default=0)
    content = models.BinaryField(default=b"")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        indexes = [
            Index(
                name="download_unmade",
                fields=["moved_at"],
                condition=Q(state__in=["waiting", "working"]),
            )
        ]
        constraints = [
            CheckConstraint(
                name="download_ready_has_content", condition=~Q(state="ready") | Q(size__gt=0)
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("download_page", args=[self.key])

    @property
    def is_at_work(self) -> bool:
        return self.state in {self.State.WAITING, self.State.WORKING}
