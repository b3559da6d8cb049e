"""Creates the digest of a reader whose address bounced when the week's digests were created."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.resend_digests import ALREADY_SENT, address_bounces, check_week
from recommendations.models import Digest, DigestWeek, EmailContent, OutboxEmail
from recommendations.readers import NO_DIGEST, UNSUBSCRIBED, Outcome, readers
from recommendations.rules import london_day

NOT_WANTED: dict[str, str] = {
    Outcome.UNWANTED: UNSUBSCRIBED,
    Outcome.NOTHING_OVERDUE: "Nothing is overdue, and the reader wants the digest only then.",
}


@transaction.atomic
def create_bounced_digest(
    *, digest: Digest, content: EmailContent, outcome: str, since: datetime, by: User, at: datetime
) -> OutboxEmail:
    """Queue the digest that was not created because the address bounced; return the email.

    `content`, `outcome` and `since` are what would be decided now. Raises Refusal where the week is
    over or held back, the email has been created since, the address still bounces, or the digest is
    no longer for the reader.
    """
    check_week(DigestWeek.locked(digest.iso_year, digest.iso_week), at=at)
    row = Digest.objects.select_for_update().get(pk=digest.pk)
    reader = readers(on=london_day(at)).filter(pk=row.reader_id).first()
    if row.outcome != Outcome.BOUNCING:
        raise Refusal(ALREADY_SENT)
    if reader is None:
        raise Refusal(NO_DIGEST)
    if outcome == Outcome.BOUNCING:
        raise address_bounces(reader)
    if outcome != Outcome.MAILED:
        raise Refusal(NOT_WANTED[outcome])
    row.outcome, row.since, row.made_at, row.on = outcome, since, at, london_day(at)
    row.save(update_fields=["outcome", "since", "made_at", "on"])
    content.save()
    email = OutboxEmail.to(reader, content, kind=OutboxEmail.Kind.DIGEST, at=at, digest=row)
    email.save()
    audit.record(
        at=at, act="digest made once mail arrives", actor=by, subject=email, body=reader.body
    )
    return email
