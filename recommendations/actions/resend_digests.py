"""Resends digests that were not delivered, and sends a digest to an administrator as a test."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.models import Digest, DigestWeek, EmailContent, OutboxEmail
from recommendations.models.outbox import LIVE, NOT_DELIVERED
from recommendations.readers import BOUNCING, preferences_of, reason_not_to_send, still_relevant
from recommendations.rules import london_day

Kind = OutboxEmail.Kind
ALREADY_SENT = "This digest has been sent or is about to be sent. Each reader gets it only once."


def address_bounces(reader: User) -> Refusal:
    return Refusal(f"Emails to {reader.email} bounce. Correct the address under People.")


@transaction.atomic
def resend_digest(*, digest: Digest, by: User, at: datetime) -> OutboxEmail:
    """Queue the same content for the reader's present address; return the email.

    Raises Refusal where an email was delivered, waits or is parked, because each reader gets a
    digest once; where the week is over or held back; and where it is no longer for this reader.
    """
    check_week(DigestWeek.locked(digest.iso_year, digest.iso_week), at=at)
    Digest.objects.select_for_update().get(pk=digest.pk)
    last = (
        digest.emails.select_related("content", "reader__email_preference").order_by("-pk").first()
    )
    if last is None or not last.was_not_delivered:
        raise Refusal(ALREADY_SENT)
    if reason := reason_not_to_send(last, on=london_day(at)):
        raise Refusal(reason)
    if not EmailContent.objects.select_for_update().get(pk=last.content_id).text:
        raise Refusal("The text of this digest has been deleted, so it cannot be resent.")
    if preferences_of(last.reader).bounces(last.reader.email):
        raise address_bounces(last.reader)
    email = _copy(last, at=at)
    try:
        with transaction.atomic():
            email.save()
    except IntegrityError:
        raise Refusal(ALREADY_SENT) from None
    audit.record(at=at, act="digest sent again", actor=by, subject=email, body=last.reader.body)
    return email


@transaction.atomic
def resend_week(*, iso_year: int, iso_week: int, by: User, at: datetime) -> int:
    """Queue all digests of the week that were not delivered and may be resent; return how many.

    Raises Refusal where the week is over or held back.
    """
    week = DigestWeek.locked(iso_year, iso_week)
    check_week(week, at=at)
    digests = list(_not_delivered(week, on=london_day(at)).select_for_update(of=("self",)))
    last = OutboxEmail.objects.filter(digest__in=digests).order_by("digest_id", "-pk")
    emails = [
        _copy(email, at=at)
        for email in last.distinct("digest_id").select_related("reader", "digest", "content")
    ]
    OutboxEmail.objects.bulk_create(emails, batch_size=500)
    audit.record(at=at, act="digests sent again", actor=by, week=str(week), emails=len(emails))
    return len(emails)


def _not_delivered(week: DigestWeek, *, on: date) -> QuerySet[Digest]:
    """Digests that may be resent: not accepted, not waiting, and still for a working address."""
    decided = Digest.objects.filter(
        iso_year=week.iso_year, iso_week=week.iso_week, outcome=Digest.Outcome.MAILED
    )
    live = OutboxEmail.objects.filter(digest=OuterRef("pk"), state__in=LIVE)
    failed = OutboxEmail.objects.filter(digest=OuterRef("pk"), state__in=NOT_DELIVERED)
    sendable = decided.exclude(Exists(live)).filter(Exists(still_relevant(failed, on=on)))
    return sendable.exclude(reader__in=User.objects.filter(BOUNCING))


def check_week(week: DigestWeek, *, at: datetime) -> None:
    """Raise Refusal if no digest of the week may be sent at this instant."""
    if week.is_over(at=at):
        raise Refusal("That week is over. The next digest covers what has changed since.")
    if week.held_at is not None:
        raise Refusal("Digests for that week are held back. Release them first.")


def _copy(last: OutboxEmail, *, at: datetime) -> OutboxEmail:
    return OutboxEmail.to(last.reader, last.content, kind=Kind.DIGEST, at=at, digest=last.digest)


@transaction.atomic
def send_test_email(*, content: EmailContent, name: str, to: User, at: datetime) -> OutboxEmail:
    """Queue for an administrator what the reader of this name would get; return the email."""
    content.pk, content._state.adding = None, True
    content.subject = f"Test: {content.subject}"[:200]
    content.fields = content.fields | {"subject": content.subject}
    content.save()
    email = OutboxEmail.to(to, content, kind=Kind.TEST, at=at)
    email.reader_name = name
    email.save()
    audit.record(at=at, act="test mail sent", actor=to, subject=email)
    return email
