"""Events of the audit trail. Written only by `forces.audit`."""

from django.conf import settings
from django.db import models

from forces.models.body import Body


class AuditEvent(models.Model):
    """Who did what to what, when, and what it changed.

    Triggers refuse to change or delete rows. `hash` (SHA-256, 32 bytes) covers the row's content
    and the hash of the row before it, so that a removed or altered row is detected. `position`
    counts from 1 without gaps. `recorded_rows` names the rows that the act wrote, with the SHA-256
    of their content. Events of format 1, the first ones, have none. The database sets all four.
    """

    position = models.BigIntegerField(unique=True, editable=False)
    at = models.DateTimeField(help_text="When the act took place, as an instant in UTC.")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="acts",
        help_text="Empty where the service itself acted.",
    )
    act = models.CharField(max_length=60)
    body = models.ForeignKey(
        Body,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="organisation",
    )
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    details = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=32, blank=True, default="", db_default="")
    recorded_rows = models.JSONField(
        default=list, db_default=models.Value([], models.JSONField()), blank=True, editable=False
    )
    format_version = models.PositiveSmallIntegerField(default=1, db_default=1, editable=False)
    previous_hash = models.BinaryField(editable=False)
    hash = models.BinaryField(editable=False)

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_subject"),
            models.Index(fields=["-at", "-position"], name="audit_at"),
            models.Index(fields=["act"], name="audit_act"),
            models.Index(models.F("details__assignment"), name="audit_assignment"),
            models.Index(
                fields=["request_id"], name="audit_request", condition=~models.Q(request_id="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.act}"
