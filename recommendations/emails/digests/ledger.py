"""Decides once what each reader gets in a week, however often it runs (docs/decisions/0014)."""

import logging
from collections.abc import Callable
from copy import copy
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db import DatabaseError, transaction
from django.db.models import QuerySet

from forces.models import User
from forces.rows import tuples
from recommendations.absences import Away, current_absences
from recommendations.emails.digests.builder import DigestBuilder, DigestDecision, sources_of
from recommendations.emails.digests.week import DUE_AT, Week
from recommendations.emails.digests.week_status import find_hold
from recommendations.emails.parts import Trend
from recommendations.models import Digest, DigestWeek, EmailContent, Inspection, OutboxEmail
from recommendations.readers import Outcome, Place, digest_places, outcome_for, readers
from recommendations.rules import london_day, start_of_day

log = logging.getLogger(__name__)

BATCH_SIZE = 500  # readers decided in one transaction
_LAST_SENT = """
    SELECT DISTINCT ON (d.reader_id) d.reader_id, d.made_at FROM recommendations_digest d
    WHERE d.reader_id = ANY(%s) AND d.on < %s AND EXISTS (
        SELECT FROM recommendations_outboxmail e WHERE e.digest_id = d.id AND e.state = %s
    )
    ORDER BY d.reader_id, d.iso_year DESC, d.iso_week DESC
"""


def undecided(week: Week, *, on: date) -> QuerySet[User]:
    """Readers without a row for the week. Who joins after it is due waits for the next week."""
    decided = Digest.objects.filter(**week.fields).values("reader")
    return readers(on=on).filter(joined_at__lte=week.due_at).exclude(pk__in=decided).order_by("pk")


def preview_decisions(
    people: list[User], *, at: datetime, trend: Trend | None = None
) -> dict[int, DigestDecision]:
    """Return what each reader would get at this instant, by their key; save nothing."""
    builder = _builder(at=at, trend=trend)
    if builder is None:
        return {}
    since = _since(people, on=builder.source.on)
    return {reader.pk: builder.decide(reader, since=since[reader.pk]) for reader in people}


def preview_decision(
    reader: User, *, at: datetime, trend: Trend | None = None
) -> DigestDecision | None:
    """Return what one of the readers would get at this instant; save nothing.

    3 queries, if this process has rendered the content before; 4 if anybody is away.
    """
    inspections, on = tuple(Inspection.objects.in_order()), london_day(at)
    if not inspections:
        return None
    since = _since([reader], on=on)[reader.pk]
    places = digest_places(reader)
    overdue, shared = content_at_revision(
        inspections,
        tuple(inspection.revision for inspection in inspections),
        on,
        reader,
        places,
        since,
        trend,
        current_absences(on=on),
    )
    content = copy(shared)  # which an action may save
    content.made_at = at
    outcome = outcome_for(reader, anything_overdue=overdue)
    return DigestDecision(reader, since, outcome, content)


@lru_cache(maxsize=32)  # of some tens of kilobytes
def content_at_revision(
    inspections: tuple[Inspection, ...],
    revisions: tuple[int, ...],
    on: date,
    reader: User,
    places: tuple[Place, ...],  # of the parts of the digest
    since: datetime,
    trend: Trend | None,
    absences: tuple[Away, ...],
) -> tuple[bool, EmailContent]:
    """Return whether anything of the reader is overdue, and the content of the digest.

    Each process keeps the last: the page around an email and the frame in it show the same.
    """
    sources = sources_of(inspections, on=on, trend=trend, absences=absences)
    builder = DigestBuilder(sources, start_of_day(on))
    return builder.has_overdue(reader), builder.content_for(reader, since=since)


def create_digests(
    *, week: Week, at: datetime, get_trend: Callable[[], Trend | None] = lambda: None
) -> int:
    """Decide for each reader without a row; return how many emails were created.

    Each batch is one transaction of rows, contents and outbox emails, and locks the week. A week
    that is held back is skipped. `get_trend` is called only if there is something to create.
    """
    if find_hold(week) or not undecided(week, on=london_day(at)).exists():
        return 0
    builder = _builder(at=at, trend=get_trend())
    if builder is None:
        return 0
    total = 0
    while (created := _create_batch(week, builder)) is not None:
        total += created
    return total


def _builder(*, at: datetime, trend: Trend | None) -> DigestBuilder | None:
    inspections, on = Inspection.objects.in_order(), london_day(at)
    if not inspections:
        return None
    absences = tuple(current_absences(on=on))
    return DigestBuilder(sources_of(inspections, on=on, trend=trend, absences=absences), at)


@transaction.atomic
def _create_batch(week: Week, builder: DigestBuilder) -> int | None:
    if DigestWeek.locked(**week.fields).held_at is not None:
        return None
    people = list(undecided(week, on=builder.source.on).exclude(pk__in=builder.failed)[:BATCH_SIZE])
    if not people:
        return None
    decisions = _decide_all(people, builder)
    digests = Digest.objects.bulk_create(
        Digest(
            **week.fields,
            reader=decision.reader,
            on=builder.source.on,
            since=decision.since,
            made_at=builder.at,
            outcome=decision.outcome,
        )
        for decision in decisions
    )
    to_send = [
        (digest, decision)
        for digest, decision in zip(digests, decisions, strict=True)
        if decision.outcome == Outcome.MAILED
    ]
    _queue(to_send, at=builder.at)
    return len(to_send)


def _decide_all(people: list[User], builder: DigestBuilder) -> list[DigestDecision]:
    """Decide for each reader; an error is logged, and the next run tries that reader again."""
    since = _since(people, on=builder.source.on)
    decisions = []
    for reader in people:
        try:
            decisions.append(builder.decide(reader, since=since[reader.pk]))
        except DatabaseError:
            raise
        except Exception:
            log.exception("The digest of user %s cannot be created.", reader.pk)
            builder.failed.add(reader.pk)
    return decisions


def _queue(to_send: list[tuple[Digest, DigestDecision]], *, at: datetime) -> None:
    contents = [decision.content for _, decision in to_send]
    unsaved = {id(content): content for content in contents if content.pk is None}
    EmailContent.objects.bulk_create(unsaved.values())
    kind = OutboxEmail.Kind.DIGEST
    OutboxEmail.objects.bulk_create(
        OutboxEmail.to(decision.reader, decision.content, kind=kind, at=at, digest=digest)
        for digest, decision in to_send
    )


def _since(people: list[User], *, on: date) -> dict[int, datetime]:
    """Return when each reader's last sent digest was created, or else a week ago."""
    keys = [reader.pk for reader in people]
    created_at = dict(tuples(_LAST_SENT, keys, on, OutboxEmail.State.SENT))
    a_week_ago = Week.instant_of(on - timedelta(days=7), DUE_AT)
    return {reader.pk: created_at.get(reader.pk, a_week_ago) for reader in people}
