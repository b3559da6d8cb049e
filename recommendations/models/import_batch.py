"""Uploaded spreadsheets of updates."""

from django.db import models
from django.db.models import PROTECT, Q, UniqueConstraint
from django.urls import reverse

from forces.models import Body, User
from forces.permissions import Permission, may
from recommendations.models.inspection import Inspection


class ImportBatchQuerySet(models.QuerySet["ImportBatch"]):
    def visible_to(self, person: User) -> "ImportBatchQuerySet":
        """All imports, or the ones limited to the person's own organisation."""
        if may(person, Permission.IMPORT_ALL_UPDATES):
            return self
        return self.filter(body=person.body_id, body__isnull=False)

    def of_inspection(self, inspection: Inspection | None) -> "ImportBatchQuerySet":
        """The imports into it; of the first also those of before there were several."""
        own = Q(inspection=inspection)
        is_first = inspection is None or inspection.is_first
        return self.filter(own | Q(inspection=None) if is_first else own)


class ImportBatch(models.Model):
    """An uploaded file with everything that the job needs.

    With `body`, only updates of that organisation are imported. `results` has the outcome of the
    check for every row, and `notes` sentences about how the file was read. A file is imported at
    most once: its fingerprint (`sha256`, 64 hex digits) is unique among the imports that are done.
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
    body = models.ForeignKey(
        Body,
        on_delete=PROTECT,
        null=True,
        related_name="+",
        help_text="The only organisation whose updates are imported, or none for all.",
    )
    inspection = models.ForeignKey(
        Inspection,
        on_delete=PROTECT,
        null=True,
        db_index=False,
        related_name="+",
        help_text="Whose updates they are; none in rows of before there were several.",
    )
    rows_total = models.PositiveIntegerField()
    notes = models.JSONField(default=list, db_default=[])
    results = models.JSONField(default=list)
    sentence = models.TextField(blank=True, default="")

    objects = ImportBatchQuerySet.as_manager()

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
