"""Instant alerts by email."""

from django.db import models
from django.db.models import CASCADE, SET_NULL, Index, Q, UniqueConstraint

from forces.models import User
from recommendations.models.outbox import OutboxEmail


class Alert(models.Model):
    """An event about which a reader gets an email at once; `email` is set when it is created.

    There is one row for a reader and an event. `event_id` is the primary key of the review,
    decision, reply, claim, assigned review, reminder, approval request or decision on it, request
    between organisations or answer to it, depending on `kind`; of a second review, that of the
    first one.
    """

    class Kind(models.TextChoices):
        CLAIM_RETURNED = "claim_returned", "Claim returned"
        MORE_TIME_DECIDED = "more_time", "Request for more time decided"
        QUESTION_ANSWERED = "answered", "Question answered"
        REVIEW_LATE = "review_late", "Review late"
        REVIEW_ASSIGNED = "review_given", "Review assigned"
        SECOND_REVIEW = "second_review", "Second review needed"
        REMINDER = "reminder", "Reminder"
        APPROVAL_WANTED = "approval_wanted", "Approval needed"
        APPROVAL_LATE = "approval_late", "Approval still needed"
        APPROVED = "approved", "Update approved"
        NOT_APPROVED = "not_approved", "Update returned by a chief officer"
        REQUEST_RECEIVED = "request", "Request of another organisation"
        REQUEST_LATE = "request_late", "Answer to a request late"
        REQUEST_ANSWERED = "request_answered", "Request answered"

    reader = models.ForeignKey(User, on_delete=CASCADE, related_name="alerts")
    kind = models.CharField(max_length=20, choices=Kind)
    event_id = models.BigIntegerField()
    happened_at = models.DateTimeField()
    email = models.ForeignKey(
        OutboxEmail, on_delete=SET_NULL, null=True, related_name="alerts", db_column="mail_id"
    )
    emailed_at = models.DateTimeField(null=True, db_column="told_at")

    class Meta:
        db_table = "recommendations_news"
        constraints = [
            UniqueConstraint(name="news_once_a_reader", fields=["reader", "kind", "event_id"])
        ]
        indexes = [
            Index(fields=["reader"], name="news_untold", condition=Q(emailed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.event_id} for {self.reader_id}"
