"""Mail that is to be sent, or was (design, section 8; docs/decisions/0008)."""

import uuid
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import Q

from forces.models import User
from recommendations.models.digest import Digest

LIVE = ("waiting", "held", "parked", "sent")  # a digest has one of these at most


class MailContent(models.Model):
    """What a mail says, kept once for all readers to whom it says the same.

    Where a reader's own words go (the name, the way out) stand marks: see `digests.personal`.
    """

    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    fields = models.JSONField(default=dict, help_text="The same for GOV.UK Notify.")
    picture = models.BinaryField(null=True, help_text="PNG, shown by its content id.")
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.subject


class OutboxMail(models.Model):
    """One mail on its way. Claimed with SKIP LOCKED, under a lease, by one sender at a time.

    `message_id` is fixed when the row is made, so that a mail system can drop the one duplicate
    that a crash between "accepted" and "marked as sent" can leave. `next_attempt_at` is also the
    end of the lease while `claimed_at` is set; a row that is claimed with `claimed_at` still set
    has outlived its sender, which `crashes` counts.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", "Weekly digest"
        AT_ONCE = "at_once", "News at once"
        TEST = "test", "Test"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        HELD = "held", "Held back"
        SENT = "sent", "Sent"
        REFUSED = "refused", "Refused"
        BOUNCED = "bounced", "Bounced"
        EXPIRED = "expired", "Given up after three days"
        PARKED = "parked", "Parked: sending it fails"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.DIGEST)
    digest = models.ForeignKey(Digest, on_delete=models.PROTECT, null=True, related_name="mails")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mails"
    )
    reader_name = models.CharField(max_length=120)
    address = models.EmailField(max_length=254)
    content = models.ForeignKey(MailContent, on_delete=models.PROTECT, related_name="mails")
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    claimed_at = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True, default="")
    provider_id = models.CharField(
        max_length=60, blank=True, default="", help_text="How GOV.UK Notify names it."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="outbox_sent_has_time",
                condition=Q(state__in=["sent", "bounced"], sent_at__isnull=False)
                | Q(state__in=["waiting", "held", "refused", "expired", "parked"], sent_at=None),
            ),
            models.CheckConstraint(
                name="outbox_digest_has_its_row",
                condition=Q(kind="digest", digest__isnull=False)
                | Q(kind__in=["at_once", "test"], digest=None),
            ),
            # Rule 8: sent once, and a further one only where none was delivered.
            models.UniqueConstraint(
                name="outbox_one_live_mail_a_digest",
                fields=["digest"],
                condition=Q(state__in=LIVE, digest__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                name="outbox_is_waiting",
                condition=Q(state="waiting"),
            ),
            models.Index(fields=["reader", "-created_at"], name="outbox_of_a_reader"),
            models.Index(fields=["created_at"], name="outbox_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.state}"

    @classmethod
    def to(
        cls,
        reader: User,
        content: MailContent,
        *,
        kind: str,
        at: datetime,
        digest: Digest | None = None,
    ) -> "OutboxMail":
        """A row that is not saved yet, due at once, with a Message-ID of its own."""
        host = urlsplit(settings.BASE_URL).hostname
        return cls(
            kind=kind,
            digest=digest,
            reader=reader,
            reader_name=reader.name,
            address=reader.email,
            content=content,
            message_id=f"<{kind}.{uuid.uuid4().hex}@{host}>",
            created_at=at,
            next_attempt_at=at,
        )

    @property
    def was_not_delivered(self) -> bool:
        return self.state in {self.State.REFUSED, self.State.BOUNCED, self.State.EXPIRED}
