"""Invitations to choose a first password."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

VALID_FOR = timedelta(hours=72)


class Invitation(models.Model):
    """An invitation by email. Works once, for VALID_FOR, until the person is invited again.

    The email holds the secret. Only its SHA-256 (64 hexadecimal digits) is stored, once the email
    has been sent. Instants are UTC.
    """

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="invitations"
    )
    address = models.EmailField(max_length=254, help_text="Where it was sent.")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField()
    secret_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                "person",
                condition=Q(used_at=None, withdrawn_at=None),
                name="invitation_one_open",
            ),
            models.CheckConstraint(
                name="invitation_ends",
                condition=Q(expires_at__gt=F("invited_at"))
                & (Q(used_at=None) | Q(withdrawn_at=None)),
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation of {self.person_id}"

    @property
    def is_for_its_person(self) -> bool:
        """Whether the person is still active and still has the address it was sent to."""
        return self.person.is_active and self.address.lower() == self.person.email.lower()

    def is_open(self, *, at: datetime) -> bool:
        """Whether it can be accepted at this instant."""
        return self.used_at is None and self.withdrawn_at is None and at < self.expires_at
