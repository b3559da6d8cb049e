"""The queue of emails about accounts: password links and notices of changes."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone


class AccountEmail(models.Model):
    """An email to be created and sent by a task. Deleted when it has been sent.

    Pages only add a row, so their response time does not show whether an address has an account.
    Links are created when the email is sent, so this table holds no secrets. A reset has the
    address that was entered, which may belong to nobody; the other kinds have a person.
    """

    class Kind(models.TextChoices):
        RESET = "reset", "A link to choose a new password"
        INVITATION = "invitation", "An invitation"
        NOTICE = "notice", "What was changed about the account"
        STAND_IN = "stand_in", "Somebody was named as a stand-in"
        DECLINED = "declined", "A stand-in has declined"

    kind = models.CharField(max_length=12, choices=Kind)
    address = models.EmailField(max_length=254, blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, related_name="+"
    )
    words = models.CharField(
        max_length=200, blank=True, help_text="What was changed, or whose absence."
    )
    asked_at = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        db_table = "forces_accountmail"
        ordering = ["asked_at"]
        constraints = [
            models.CheckConstraint(
                name="account_mail_has_a_reader",
                condition=(Q(kind="reset") & ~Q(address="")) | Q(person__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
