"""Deciding each reader's week once, whatever runs how often (design, rule 8)."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from forces.models import User
from recommendations.emails.digests.contents import Contents
from recommendations.emails.digests.national_digest import Trend
from recommendations.emails.digests.week import DUE_AT, Week
from recommendations.emails.digests.week_status import held
from recommendations.emails.rendering import render
from recommendations.models import Digest, DigestWeek, Inspection, MailContent, OutboxMail
from recommendations.readers import Outcome, outcome_for, readers
from recommendations.rules import london_day

log = logging.getLogger(__name__)

SLICE = 500  # readers decided in one transaction


@dataclass(frozen=True)
class Decided:
    """What one reader's week comes to; `content` is not saved, and shared by equal mails."""

    reader: User
    since: datetime
    outcome: str
    content: MailContent


@dataclass
class Deciding:
    """The decisions of one day; contents are made once for all who are told the same."""

    contents: Contents
    at: datetime
    failed: set[int] = field(default_factory=set)  # readers whose digest cannot be made
    made: dict[int, MailContent] = field(default_factory=dict)  # by id of what is told

    def of(self, reader: User, *, since: datetime) -> Decided:
        told = self.contents.of(reader, since=since)
        if id(told) not in self.made:  # the contents keep what is told, so its id stays its own
            self.made[id(told)] = render(told, at=self.at)
        outcome = outcome_for(reader, anything_overdue=told.overdue_count > 0)
        return Decided(reader, since, outcome, self.made[id(told)])


def undecided(week: Week) -> QuerySet[User]:
    """The readers for whom this week's ledger has no row. Who joins later waits for the next."""
    had = Digest.objects.filter(iso_year=week.year, iso_week=week.number).values("reader")
    return readers().filter(joined_at__lte=week.due_at).exclude(pk__in=had).order_by("pk")


def decided_for(
    people: list[User], *, at: datetime, trend: Trend | None = None
) -> dict[int, Decided]:
    """Each reader's decision by key, as it would be made at this instant; writes nothing."""
    deciding = _deciding(at=at, trend=trend)
    if deciding is None:
        return {}
    since = _since(people, on=deciding.contents.on)
    return {reader.pk: deciding.of(reader, since=since[reader.pk]) for reader in people}


def make_digests(
    *, week: Week, at: datetime, draw: Callable[[], Trend | None] = lambda: None
) -> int:
    """Decide for each reader who has no row; return how many mails are to be sent.

    In slices, each of them whole or not there: row, content and outbox row. Makers queue up for
    the week, and a week that is held back is left alone. `draw` is asked only where one is made.
    """
    if held(week) or not undecided(week).exists():
        return 0
    deciding = _deciding(at=at, trend=draw())
    if deciding is None:
        return 0
    mailed = 0
    while (slice_mailed := _make_slice(week, deciding)) is not None:
        mailed += slice_mailed
    return mailed


def _deciding(*, at: datetime, trend: Trend | None) -> Deciding | None:
    inspection = Inspection.objects.current()
    if inspection is None:
        return None
    return Deciding(Contents(inspection, on=london_day(at), trend=trend), at)


@transaction.atomic
def _make_slice(week: Week, deciding: Deciding) -> int | None:
    if DigestWeek.locked(week.year, week.number).held_at is not None:
        return None
    people = list(undecided(week).exclude(pk__in=deciding.failed)[:SLICE])
    if not people:
        return None
    since = _since(people, on=deciding.contents.on)
    decided = _decide(people, since, deciding)
    digests = Digest.objects.bulk_create(
        [_row(each, week, deciding) for each in decided], batch_size=SLICE
    )
    mailed = [
        (digest, each)
        for digest, each in zip(digests, decided, strict=True)
        if each.outcome == Outcome.MAILED
    ]
    _queue(mailed, at=deciding.at)
    return len(mailed)


def _decide(people: list[User], since: dict[int, datetime], deciding: Deciding) -> list[Decided]:
    """What cannot be made stops nobody else's: it is told, and tried again by the next run."""
    decided = []
    for reader in people:
        try:
            decided.append(deciding.of(reader, since=since[reader.pk]))
        except DatabaseError:
            raise
        except Exception:
            log.exception("The digest of user %s cannot be made.", reader.pk)
            deciding.failed.add(reader.pk)
    return decided


def _row(decided: Decided, week: Week, deciding: Deciding) -> Digest:
    return Digest(
        reader=decided.reader,
        iso_year=week.year,
        iso_week=week.number,
        on=deciding.contents.on,
        since=decided.since,
        made_at=deciding.at,
        outcome=decided.outcome,
    )


def _queue(mailed: list[tuple[Digest, Decided]], *, at: datetime) -> None:
    fresh = {id(each.content): each.content for _, each in mailed if each.content.pk is None}
    MailContent.objects.bulk_create(fresh.values())
    OutboxMail.objects.bulk_create(
        [
            OutboxMail.to(
                each.reader, each.content, kind=OutboxMail.Kind.DIGEST, at=at, digest=digest
            )
            for digest, each in mailed
        ],
        batch_size=SLICE,
    )


def _since(people: list[User], *, on: date) -> dict[int, datetime]:
    """When the last digest that reached each reader was made; a week ago where there is none."""
    sent = OutboxMail.objects.filter(state=OutboxMail.State.SENT, digest__isnull=False)
    told = Digest.objects.filter(reader__in=people, on__lt=on, pk__in=sent.values("digest"))
    last = told.order_by("reader_id", "-iso_year", "-iso_week").distinct("reader_id")
    made = dict(last.values_list("reader_id", "made_at"))
    a_week_ago = Week.instant_of(on - timedelta(days=7), DUE_AT)
    return {reader.pk: made.get(reader.pk, a_week_ago) for reader in people}
