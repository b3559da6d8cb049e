"""Finds the email that a delivery failure is about.

Anybody can write to the mailbox. A failure counts only with the Message-ID of an email that we
sent, and only for the address that we sent this email to. Message-IDs cannot be guessed: those of
the outbox are random and stored, those of account emails are signed. An email that was forwarded
to another address and returned from there does not count.
"""

from datetime import datetime
from enum import Enum, auto

from forces.accounts import message_ids
from forces.models import User
from recommendations.emails.bounces.reports import Failure, comparable
from recommendations.emails.outbox import rejections
from recommendations.models import OutboxEmail


class Match(Enum):
    """Whether an email of ours failed."""

    OURS = auto()
    NONE = auto()
    IS_BEING_SENT = auto()  # the sender has not marked it as sent yet


def mark_failure(message_id: str, failure: Failure, *, at: datetime) -> Match:
    """Mark the email of this Message-ID as bounced, and count it where the address is at fault."""
    email = OutboxEmail.objects.filter(message_id=message_id).first()
    if email is None:
        return _mark_account_email(message_id, failure, at=at)
    if comparable(email.address) not in failure.addresses:
        return Match.NONE
    if email.state == OutboxEmail.State.WAITING and email.claimed_at is not None:
        return Match.IS_BEING_SENT
    rejections.bounce(email, failure.answer, is_permanent=failure.is_about_mailbox, at=at)
    return Match.OURS


def _mark_account_email(message_id: str, failure: Failure, *, at: datetime) -> Match:
    """Account emails are not stored, so only those to the person's present address count."""
    sent = message_ids.read(message_id)
    person = User.objects.filter(pk=sent.person_id).first() if sent else None
    if sent is None or person is None or comparable(person.email) not in failure.addresses:
        return Match.NONE
    if not sent.was_sent_to(person.email):
        return Match.NONE
    if failure.is_about_mailbox:
        rejections.count_account_email(person, sent.email_id, failure.answer, at=at)
    return Match.OURS
