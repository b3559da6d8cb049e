"""Mail about an account that waits to be sent: links to passwords, and what was changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class AccountMail(models.Model):
    """One mail to be made and sent by a job, so that a page answers as fast for an address that
    nobody has as for one that somebody has.

    Its secrets are made when it is sent: none lies here. Sent rows are deleted. A reset is asked
    for by address, and nobody may have it; the others have a person.
    """

    class Kind(models.TextChoices):
        RESET = "reset", "A link to choose a new password"
        INVITATION = "invitation", "An invitation"
        NOTICE = "notice", "What was changed about the account"

    kind = models.CharField(max_length=12, choices=Kind)
    address = models.EmailField(max_length=254, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    words = models.CharField(max_length=200, blank=True, help_text="What was changed, in a notice.")
    asked_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                name="account_mail_has_a_reader",
                condition=(Q(kind="reset") & ~Q(address="")) | Q(person__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
