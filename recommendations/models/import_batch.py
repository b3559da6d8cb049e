"""Uploaded spreadsheets of updates."""

from django.db import models
from django.db.models import PROTECT, Q, UniqueConstraint
from django.urls import reverse

from forces.models import User


class ImportBatch(models.Model):
    """An uploaded file with everything that the job needs.

    `results` has the outcome of the check for every row. A file is imported at most once: its
    fingerprint (`sha256`, 64 hex digits) is unique among the imports that are done.
    """

    class State(models.TextChoices):
        CHECKING = "checking", "Being checked"
        CHECKED = "checked", "Checked, not confirmed"
        WRITING = "writing", "Being imported"
        DONE = "done", "Imported"
        DISCARDED = "discarded", "Cancelled"
        PARKED = "parked", "Stopped after repeated errors"

    uploaded_by = models.ForeignKey(User, on_delete=PROTECT, related_name="imports")
    confirmed_by = models.ForeignKey(User, on_delete=PROTECT, null=True, related_name="+")
    uploaded_at = models.DateTimeField()
    moved_at = models.DateTimeField(help_text="When its state last changed.")
    name = models.CharField(max_length=150)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.CHECKING)
    tries = models.PositiveSmallIntegerField(default=0, db_default=0)
    parked_in = models.CharField(max_length=10, blank=True, default="", db_default="")
    rows_total = models.PositiveIntegerField()
    results = models.JSONField(default=list)
    sentence = models.TextField(blank=True, default="")

    class Meta:
        ordering = ["-uploaded_at", "-pk"]
        verbose_name_plural = "import batches"
        constraints = [
            UniqueConstraint(
                name="import_once_a_file", fields=["sha256"], condition=Q(state="done")
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display()})"

    def get_absolute_url(self) -> str:
        return reverse("import_batch", args=[self.pk])
