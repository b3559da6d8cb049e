"""The outbox: emails that are waiting or were sent (docs/decisions/0014)."""

import re
import uuid
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models
from django.db.models import PROTECT, CheckConstraint, Index, Q, UniqueConstraint

from forces.models import Body, Role, User
from recommendations.models.digest import Digest

_PRIVATE = re.compile("[\ue000-\uf8ff]")  # placeholders in contents, which no name may contain
LIVE = ("waiting", "held", "parked", "sent")  # a digest has at most one email in these states
NOT_DELIVERED = ("refused", "bounced", "expired")


class EmailContent(models.Model):
    """The content of an email, stored once for all readers who get the same.

    It has placeholders for what differs, such as the name and the unsubscribe link: see
    `recommendations/emails/personalisation.py`.
    """

    subject = models.CharField(max_length=200)
    text = models.TextField()
    html = models.TextField()
    fields = models.JSONField(default=dict, help_text="The same for GOV.UK Notify.")
    picture = models.BinaryField(null=True, help_text="PNG, shown by its content id.")
    made_at = models.DateTimeField()

    class Meta:
        db_table = "recommendations_mailcontent"

    def __str__(self) -> str:
        return self.subject


class OutboxEmailQuerySet(models.QuerySet["OutboxEmail"]):
    """Conditions on the table itself: an UPDATE that waited for a lock checks them again."""

    def free(self, *, at: datetime) -> Self:
        """Waiting emails that no sender has claimed at this instant."""
        unclaimed = Q(claimed_at=None) | Q(next_attempt_at__lte=at)
        return self.filter(unclaimed, state=OutboxEmail.State.WAITING)

    def of_week(self, iso_year: int, iso_week: int) -> Self:
        rows = Digest.objects.filter(iso_year=iso_year, iso_week=iso_week)
        return self.filter(digest__in=rows)


class OutboxEmail(models.Model):
    """An email to one reader. One sender at a time claims it, with SKIP LOCKED and a lease.

    `message_id` is set when the row is created, so that a mail system can drop the duplicate that
    a crash between "accepted" and "marked as sent" can cause. `next_attempt_at` is also the end of
    the lease while `claimed_at` is set. A row that is claimed while `claimed_at` is still set has
    lost its sender, which `crashes` counts. `claimed_at` also identifies the claim: a sender
    changes a row only while it has the same value.

    `for_role` and `for_body` are the reader's when the row was created: an email is not sent to a
    reader whose role or organisation has changed. `first_tried_at` is the first failed attempt.
    """

    class Kind(models.TextChoices):
        DIGEST = "digest", "Weekly digest"
        AT_ONCE = "at_once", "Instant alert"
        TEST = "test", "Test"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        HELD = "held", "On hold"
        SENT = "sent", "Sent"
        REFUSED = "refused", "Rejected"
        BOUNCED = "bounced", "Bounced"
        EXPIRED = "expired", "Expired"
        PARKED = "parked", "Stopped after repeated errors"

    kind = models.CharField(
        max_length=10, choices=Kind, default=Kind.DIGEST, db_default=Kind.DIGEST
    )
    digest = models.ForeignKey(Digest, on_delete=PROTECT, null=True, related_name="emails")
    reader = models.ForeignKey(User, on_delete=PROTECT, related_name="emails")
    reader_name = models.CharField(max_length=120, db_default="")
    address = models.EmailField(max_length=254)
    for_role = models.CharField(max_length=20, choices=Role, default="", db_default="")
    for_body = models.ForeignKey(Body, on_delete=PROTECT, null=True, related_name="+")
    content = models.ForeignKey(EmailContent, on_delete=PROTECT, related_name="emails")
    message_id = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    created_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0, db_default=0)
    claimed_at = models.DateTimeField(null=True)
    next_attempt_at = models.DateTimeField()
    first_tried_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True, default="")
    provider_id = models.CharField(
        max_length=60,
        blank=True,
        default="",
        db_default="",
        help_text="The identifier of GOV.UK Notify.",
    )

    was_due_at: datetime  # of a claimed row: when it was due before the claim
    objects = OutboxEmailQuerySet.as_manager()

    class Meta:
        db_table = "recommendations_outboxmail"
        constraints = [
            CheckConstraint(
                name="outbox_sent_has_time",
                condition=Q(state__in=["sent", "bounced"], sent_at__isnull=False)
                | Q(state__in=["waiting", "held", "refused", "expired", "parked"], sent_at=None),
            ),
            CheckConstraint(
                name="outbox_digest_has_its_row",
                condition=Q(kind="digest", digest__isnull=False)
                | Q(kind__in=["at_once", "test"], digest=None),
            ),
            # A digest is sent once; another email needs that none was delivered.
            UniqueConstraint(
                name="outbox_one_live_mail_a_digest",
                fields=["digest"],
                condition=Q(state__in=LIVE, digest__isnull=False),
            ),
        ]
        indexes = [
            Index(
                fields=["next_attempt_at", "id"],
                name="outbox_is_waiting",
                condition=Q(state="waiting"),
            ),
            Index(fields=["reader", "-created_at"], name="outbox_of_a_reader"),
            Index(fields=["created_at"], name="outbox_by_time"),
            Index(fields=["id"], name="outbox_parked", condition=Q(state="parked")),
            Index(fields=["provider_id"], name="outbox_by_provider", condition=~Q(provider_id="")),
        ]

    def __str__(self) -> str:
        return f"{self.message_id}: {self.state}"

    @classmethod
    def to(
        cls,
        reader: User,
        content: EmailContent,
        *,
        kind: str,
        at: datetime,
        digest: Digest | None = None,
    ) -> "OutboxEmail":
        """Return an unsaved email, due immediately, with a new Message-ID."""
        host = urlsplit(settings.BASE_URL).hostname
        return cls(
            kind=kind,
            digest=digest,
            reader=reader,
            reader_name=_PRIVATE.sub("", reader.name),
            address=reader.email,
            for_role=reader.role,
            for_body_id=reader.body_id,
            content=content,
            message_id=f"<{kind}.{uuid.uuid4().hex}@{host}>",
            created_at=at,
            next_attempt_at=at,
        )

    @property
    def was_not_delivered(self) -> bool:
        return self.state in NOT_DELIVERED
