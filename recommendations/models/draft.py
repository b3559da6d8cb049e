"""Updates that are not submitted yet."""

import uuid

from django.db import models

from forces.models import User
from recommendations.models.answers import Answers, ReportedStatus
from recommendations.models.assignment import Assignment
from recommendations.models.update import Update
from recommendations.rules import Confidence


class Draft(Answers):
    """The draft of an assignment's next update, of which there is at most one.

    `version` counts its saves, and `field_versions` has the version in which each answer last
    changed, so that nobody overwrites an answer newer than their page. `token` becomes the
    update's, so that submitting a draft twice creates one update.
    """

    assignment = models.OneToOneField(Assignment, on_delete=models.PROTECT, related_name="draft")
    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1)
    field_versions = models.JSONField(default=dict, blank=True, editable=False)
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="drafts")

    status = models.CharField(max_length=20, choices=ReportedStatus, blank=True, default="")
    confidence = models.CharField(max_length=5, choices=Confidence, blank=True, default="")
    account = models.TextField(blank=True, default="")
    next_steps = models.TextField(blank=True, default="")
    blockers = models.TextField(blank=True, default="")
    forecast_on = models.DateField(null=True, blank=True)
    corrects = models.ForeignKey(
        Update, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    def is_newer(self, name: str, *, than: int) -> bool:
        return int(self.field_versions.get(name, 1)) > than

    def __str__(self) -> str:
        return f"Draft {self.version} for {self.assignment_id}"
