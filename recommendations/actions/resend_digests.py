"""Sending digests once more where they were not delivered, and sending one to oneself as a test."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.models import Digest, DigestWeek, MailContent, OutboxMail
from recommendations.models.outbox import LIVE, NOT_DELIVERED
from recommendations.readers import BOUNCING, choice_of, fitting, why_not

Kind = OutboxMail.Kind


@transaction.atomic
def send_again(*, digest: Digest, by: User, at: datetime) -> OutboxMail:
    """Queue the same words for the reader's present address.

    Raises Refusal where one was delivered, is on its way, or is parked (rule 8); where the week is
    over or held back; and where it is not for this reader any more.
    """
    refuse_week(DigestWeek.locked(digest.iso_year, digest.iso_week), at=at)
    Digest.objects.select_for_update().get(pk=digest.pk)
    last = digest.mails.select_related("content", "reader__mail_choice").order_by("-pk").first()
    if last is None or not last.was_not_delivered:
        raise Refusal("This digest was sent, or is on its way: a reader gets it once.")
    if words := why_not(last):
        raise Refusal(words)
    if not MailContent.objects.select_for_update().get(pk=last.content_id).text:
        raise Refusal("What this digest said is no longer kept, so it cannot be sent again.")
    if choice_of(last.reader).bounces(last.reader.email):
        raise Refusal(f"Mail to {last.reader.email} comes back: mend the address under People.")
    mail = _again(last, at=at)
    try:
        with transaction.atomic():
            mail.save()
    except IntegrityError:
        raise Refusal("This digest is on its way already.") from None
    audit.record(at=at, act="digest sent again", actor=by, subject=mail, body=last.reader.body)
    return mail


@transaction.atomic
def send_week_again(*, iso_year: int, iso_week: int, by: User, at: datetime) -> int:
    """All of the week that were not delivered and may be sent again; how many.

    Raises Refusal where the week is over or held back.
    """
    week = DigestWeek.locked(iso_year, iso_week)
    refuse_week(week, at=at)
    rows = list(_not_delivered(week).select_for_update(of=("self",)))
    lasts = OutboxMail.objects.filter(digest__in=rows).order_by("digest_id", "-pk")
    mails = [
        _again(last, at=at)
        for last in lasts.distinct("digest_id").select_related("reader", "digest", "content")
    ]
    OutboxMail.objects.bulk_create(mails, batch_size=500)
    audit.record(at=at, act="digests sent again", actor=by, week=str(week), mails=len(mails))
    return len(mails)


def _not_delivered(week: DigestWeek) -> QuerySet[Digest]:
    """Those that can be sent again: no mail of theirs is on its way or was taken, and they still
    are for their reader, whose address does not bounce.
    """
    decided = Digest.objects.filter(
        iso_year=week.iso_year, iso_week=week.iso_week, outcome=Digest.Outcome.MAILED
    )
    live = OutboxMail.objects.filter(digest=OuterRef("pk"), state__in=LIVE)
    mails = OutboxMail.objects.filter(digest=OuterRef("pk"), state__in=NOT_DELIVERED)
    sendable = decided.exclude(Exists(live)).filter(Exists(fitting(mails)))
    return sendable.exclude(reader__in=User.objects.filter(BOUNCING))


def refuse_week(week: DigestWeek, *, at: datetime) -> None:
    """Raises Refusal where nothing of the week is to be sent at this instant."""
    if week.is_over(at=at):
        raise Refusal("The week is over: the next digest says what it covers.")
    if week.held_at is not None:
        raise Refusal(f"{week} is held back: release it first.")


def _again(last: OutboxMail, *, at: datetime) -> OutboxMail:
    return OutboxMail.to(last.reader, last.content, kind=Kind.DIGEST, at=at, digest=last.digest)


@transaction.atomic
def send_test(*, content: MailContent, name: str, to: User, at: datetime) -> OutboxMail:
    """The mail as the reader of this name would get it, to the administrator who asks."""
    content.pk, content._state.adding = None, True
    content.subject = f"Test: {content.subject}"[:200]
    content.fields = content.fields | {"subject": content.subject}
    content.save()
    mail = OutboxMail.to(to, content, kind=Kind.TEST, at=at)
    mail.reader_name = name
    mail.save()
    audit.record(at=at, act="test mail sent", actor=to, subject=mail)
    return mail
