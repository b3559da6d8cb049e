"""Making the week's digests: each reader's once, whatever runs how often (design, rule 8)."""

import uuid
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from forces.models import User
from recommendations.digests.content import Contents
from recommendations.digests.readers import digest_for, readers
from recommendations.digests.rendering import Rendered, render
from recommendations.digests.week import Week
from recommendations.models import Digest, Inspection, OutboxMail
from recommendations.rules import london_day


def without_digest(week: Week) -> list[User]:
    """The readers for whom this week's ledger has no row."""
    had = Digest.objects.filter(iso_year=week.year, iso_week=week.number).values("reader")
    return list(readers().exclude(pk__in=had))


def rendered_for(people: list[User], *, at: datetime) -> dict[int, Rendered]:
    """Each reader's mail by the reader's key, from the position at this instant's London day."""
    inspection = Inspection.objects.current()
    if inspection is None or not people:
        return {}
    contents = Contents(inspection, on=london_day(at))
    return {reader.pk: render(digest_for(reader, contents), reader=reader) for reader in people}


@transaction.atomic
def make_digests(*, week: Week, at: datetime) -> int:
    """Write ledger row, content and outbox row for each reader who has none; return how many.

    Two runs at once make one row each: the index decides, and only the winner's mail is queued.
    """
    people = {reader.pk: reader for reader in without_digest(week)}
    mails = rendered_for(list(people.values()), at=at)
    rows = [_row(reader_id, mail, week=week, at=at) for reader_id, mail in mails.items()]
    Digest.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    made = Digest.objects.filter(
        iso_year=week.year, iso_week=week.number, reader__in=people, mail=None
    )
    host = urlsplit(settings.BASE_URL).hostname
    queued = [
        OutboxMail(
            digest=digest,
            address=people[digest.reader_id].email,
            message_id=f"<digest.{week}.{digest.pk}.{uuid.uuid4().hex}@{host}>",
            next_attempt_at=at,
        )
        for digest in made
    ]
    OutboxMail.objects.bulk_create(queued, ignore_conflicts=True, batch_size=500)
    return len(queued)


def _row(reader_id: int, mail: Rendered, *, week: Week, at: datetime) -> Digest:
    return Digest(
        reader_id=reader_id,
        iso_year=week.year,
        iso_week=week.number,
        on=london_day(at),
        made_at=at,
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
    )
