"""Sending a digest once more where it was not delivered, and sending one to oneself as a test."""

from datetime import datetime

from django.db import IntegrityError, transaction

from forces import audit
from forces.models import User
from recommendations.actions.change import Refusal
from recommendations.models import Digest, MailContent, OutboxMail


@transaction.atomic
def send_again(*, digest: Digest, by: User, at: datetime) -> OutboxMail:
    """Queue the same words for the reader's present address.

    Raises Refusal where one was delivered, is on its way, or is parked: rule 8.
    """
    Digest.objects.select_for_update().get(pk=digest.pk)
    mails = digest.mails.select_related("content", "reader").order_by("-pk")
    last = mails.first()
    if last is None or not last.was_not_delivered:
        raise Refusal("This digest was sent, or is on its way: a reader gets it once.")
    if not last.reader.is_active:
        raise Refusal(f"{last.reader.name} has left.")
    if not MailContent.objects.select_for_update().get(pk=last.content_id).text:
        raise Refusal("What this digest said is no longer kept, so it cannot be sent again.")
    mail = OutboxMail.to(
        last.reader, last.content, kind=OutboxMail.Kind.DIGEST, at=at, digest=digest
    )
    try:
        with transaction.atomic():
            mail.save()
    except IntegrityError:
        raise Refusal("This digest is on its way already.") from None
    audit.record(at=at, act="digest sent again", actor=by, subject=mail, body=last.reader.body)
    return mail


@transaction.atomic
def send_test(*, content: MailContent, name: str, to: User, at: datetime) -> OutboxMail:
    """The mail as the reader of this name would get it, to the administrator who asks."""
    content.subject = f"Test: {content.subject}"[:200]
    content.save()
    mail = OutboxMail.to(to, content, kind=OutboxMail.Kind.TEST, at=at)
    mail.reader_name = name
    mail.save()
    audit.record(at=at, act="test mail sent", actor=to, subject=mail)
    return mail
