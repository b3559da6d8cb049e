"""Evidence files of updates."""

import uuid

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import CASCADE, PROTECT, CheckConstraint, Q, UniqueConstraint
from django.urls import reverse

from forces.models import AuditCoverage, User
from forces.permissions import Permission, bodies_with_documents, may
from recommendations.evidence.file_types import BY_CONTENT_TYPE, file_size
from recommendations.models.update import Draft, Update


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, reader: User | AnonymousUser) -> "EvidenceQuerySet":
        """Files of updates that the reader may see, and of drafts that they may edit or approve."""
        bodies = bodies_with_documents(reader, prefix="update__assignment__body__")
        visible = Q(update__isnull=False) & bodies
        if isinstance(reader, User) and may(reader, Permission.SUBMIT_UPDATES):
            visible |= Q(draft__isnull=False, draft__assignment__body=reader.body_id)
        if isinstance(reader, User) and may(reader, Permission.APPROVE_UPDATES):
            waiting = Q(draft__approval_request__isnull=False)
            visible |= waiting & Q(draft__assignment__body=reader.body_id)
        return self.filter(visible)


class Evidence(models.Model):
    """A file of a draft; submitting makes it a file of the update, which never changes.

    The content is in the evidence storage under `key`, which is random. `kind` is the content type
    determined from the bytes; `size` is in bytes; `sha256` is 64 hex digits.
    """

    class Scan(models.TextChoices):
        CLEAN = "clean", "No virus found"
        NOT_SCANNED = "not_scanned", "Not scanned for viruses"

    draft = models.ForeignKey(Draft, on_delete=CASCADE, null=True, related_name="evidence")
    update = models.ForeignKey(Update, on_delete=PROTECT, null=True, related_name="evidence")
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=150)
    kind = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    replaced_attachments = models.JSONField(
        default=list,
        db_default=[],
        help_text="Of a message: why each attachment is replaced in downloads, as sentences.",
    )
    scan = models.CharField(max_length=12, choices=Scan)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(User, on_delete=PROTECT, related_name="evidence")

    audit_coverage = AuditCoverage(must_record="t.update_id IS NOT NULL")

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["uploaded_at", "pk"]
        verbose_name_plural = "evidence"
        constraints = [
            CheckConstraint(
                name="evidence_of_a_draft_or_an_update",
                condition=Q(draft=None, update__isnull=False) | Q(draft__isnull=False, update=None),
            ),
            CheckConstraint(name="evidence_has_bytes", condition=Q(size__gt=0)),
            CheckConstraint(name="evidence_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")),
            UniqueConstraint(
                name="evidence_once_in_a_draft",
                fields=["draft", "sha256"],
                condition=Q(draft__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def description(self) -> str:
        """Return `PDF document, 2.4 MB`."""
        return f"{BY_CONTENT_TYPE[self.kind].label}, {file_size(self.size)}"

    def get_absolute_url(self) -> str:
        return reverse("evidence", args=[self.key])
