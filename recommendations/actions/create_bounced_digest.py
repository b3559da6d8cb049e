"""Making the digest of a reader whose address bounced when the week's digests were made."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.resend_digests import refuse_week
from recommendations.models import Digest, DigestWeek, MailContent, OutboxMail
from recommendations.readers import NO_READER, UNWANTED, Outcome, readers
from recommendations.rules import london_day

NOT_WANTED: dict[str, str] = {
    Outcome.UNWANTED: UNWANTED,
    Outcome.NOTHING_OVERDUE: "Nothing is overdue, and the reader wants the digest only then.",
}


@transaction.atomic
def make_bounced(
    *, digest: Digest, content: MailContent, outcome: str, since: datetime, by: User, at: datetime
) -> OutboxMail:
    """Queue what the week comes to now: it was decided without a mail.

    `content`, `outcome` and `since` are how it would be decided now. Raises Refusal where the week
    is over or held back, the mail was made meanwhile, the address still bounces, or the digest is
    not for the reader.
    """
    refuse_week(DigestWeek.locked(digest.iso_year, digest.iso_week), at=at)
    row = Digest.objects.select_for_update().get(pk=digest.pk)
    reader = readers().filter(pk=row.reader_id).first()
    if row.outcome != Outcome.BOUNCING:
        raise Refusal("This digest was decided otherwise: a reader gets it once.")
    if reader is None:
        raise Refusal(NO_READER)
    if outcome == Outcome.BOUNCING:
        raise Refusal(f"Mail to {reader.email} comes back: mend the address under People.")
    if outcome != Outcome.MAILED:
        raise Refusal(NOT_WANTED[outcome])
    row.outcome, row.since, row.made_at, row.on = outcome, since, at, london_day(at)
    row.save(update_fields=["outcome", "since", "made_at", "on"])
    content.save()
    mail = OutboxMail.to(reader, content, kind=OutboxMail.Kind.DIGEST, at=at, digest=row)
    mail.save()
    audit.record(
        at=at, act="digest made once mail arrives", actor=by, subject=mail, body=reader.body
    )
    return mail
