"""Creates instant alerts: at most one email an hour for each reader."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse

from forces.models import Role, User
from recommendations import wording
from recommendations.advisory_lock import try_lock
from recommendations.emails.alerts.alert_email import AlertEmail
from recommendations.emails.alerts.events import AlertEvent, events_of, recent_events
from recommendations.emails.rendering import render
from recommendations.emails.sections import EmailItem, shortened
from recommendations.models import Alert, EmailContent, Inspection, OutboxEmail
from recommendations.readers import ALERT_ROLES, preferences_of

MIN_INTERVAL = timedelta(hours=1)  # between two alerts to one reader
BATCH_SIZE = 500  # readers whose alerts are created in one transaction
LOCK_ID = 0x1319  # a name space of advisory locks

# Of each kind of event: a noun, the verb for one and for several, and what became of it.
KINDS: dict[str, tuple[str, str, str, str]] = {
    Alert.Kind.CLAIM_RETURNED: ("claim", "was", "were", "returned"),
    Alert.Kind.MORE_TIME_DECIDED: ("extension request", "was", "were", "decided"),
    Alert.Kind.QUESTION_ANSWERED: ("question", "was", "were", "answered"),
    Alert.Kind.REVIEW_LATE: ("review", "is", "are", "late"),
    Alert.Kind.REVIEW_ASSIGNED: ("review", "was", "were", "assigned to you"),
    Alert.Kind.REMINDER: ("recommendation", "needs", "need", "an update"),
}


def create_alerts(*, at: datetime) -> int:
    """Record recent events, and create the emails that are due; return how many."""
    inspection = Inspection.objects.current()
    if inspection is None:
        return 0
    record_events(inspection, at=at)
    with try_lock(LOCK_ID, inspection.pk) as is_locked:
        return create_emails(inspection, at=at) if is_locked else 0


def record_events(inspection: Inspection, *, at: datetime) -> None:
    """Save a row for each reader and recent event; running it again adds none."""
    events = recent_events(inspection, at=at)
    if not events:
        return
    officers, analysts, joined_at = _people()
    Alert.objects.bulk_create(
        [
            Alert(reader_id=reader_id, kind=event.kind, event_id=event.key, happened_at=event.at)
            for event in events
            for reader_id in _recipients(event, officers, analysts)
            if reader_id != event.actor_id and event.at >= joined_at[reader_id]
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def _people() -> tuple[dict[int | None, set[int]], set[int], dict[int, datetime]]:
    """Return the officers by body, the analysts, and when each of them joined."""
    people = User.objects.filter(is_active=True, role__in=ALERT_ROLES)
    officers: dict[int | None, set[int]] = defaultdict(set)
    analysts, joined_at = set(), {}
    for pk, role, body_id, joined in people.values_list("pk", "role", "body_id", "joined_at"):
        joined_at[pk] = joined
        if role == Role.ANALYST:
            analysts.add(pk)
        else:
            officers[body_id].add(pk)
    return officers, analysts, joined_at


def _recipients(
    event: AlertEvent, officers: dict[int | None, set[int]], analysts: set[int]
) -> Iterable[int]:
    if event.person_id is not None:
        return {event.person_id} & analysts
    return analysts if event.body_id is None else officers[event.body_id]


def create_emails(inspection: Inspection, *, at: datetime) -> int:
    """Create an email for each reader with unsent alerts; return how many.

    A reader whose last alert was within the hour, or still waits, gets the next one later.
    """
    total = 0
    while (created := _create_batch(inspection, at=at)) is not None:
        total += created
    return total


@transaction.atomic
def _create_batch(inspection: Inspection, *, at: datetime) -> int | None:
    recent = Q(state=OutboxEmail.State.WAITING) | Q(sent_at__gt=at - MIN_INTERVAL)
    recent_alerts = OutboxEmail.objects.filter(
        recent, reader=OuterRef("reader"), kind=OutboxEmail.Kind.AT_ONCE
    )
    unsent = Alert.objects.filter(emailed_at=None).exclude(Exists(recent_alerts))
    readers = list(unsent.order_by("reader_id").values_list("reader_id").distinct()[:BATCH_SIZE])
    rows = list(unsent.filter(reader__in=[pk for (pk,) in readers]).order_by("happened_at", "pk"))
    if not rows:
        return None
    events = events_of(inspection, rows)
    by_reader: dict[int, list[Alert]] = defaultdict(list)
    for row in rows:
        by_reader[row.reader_id].append(row)
    people = User.objects.select_related("body", "email_preference").in_bulk(list(by_reader))
    contents: dict[AlertEmail, EmailContent] = {}
    emails: dict[int, OutboxEmail] = {}
    for pk, alerts in by_reader.items():
        if (alert := _alert_for(inspection, people[pk], alerts, events)) is not None:
            if alert not in contents:
                contents[alert] = render(alert, at=at)
            emails[pk] = OutboxEmail.to(
                people[pk], contents[alert], kind=OutboxEmail.Kind.AT_ONCE, at=at
            )
    EmailContent.objects.bulk_create(contents.values())
    OutboxEmail.objects.bulk_create(emails.values())
    for row in rows:
        row.emailed_at, row.email = at, emails.get(row.reader_id)
    Alert.objects.bulk_update(rows, ["emailed_at", "email"], batch_size=1000)
    return len(emails)


def _alert_for(
    inspection: Inspection,
    reader: User,
    alerts: list[Alert],
    events: dict[tuple[str, int], AlertEvent],
) -> AlertEmail | None:
    """Return the reader's alert, or None if they want none or nothing in it still applies."""
    choice = preferences_of(reader)
    if not (reader.is_active and choice.at_once) or choice.bounces(reader.email):
        return None
    items: dict[str, list[EmailItem]] = defaultdict(list)
    for alert in alerts:
        event = events.get((alert.kind, alert.event_id))
        if event is not None and _is_for(event, reader):
            items[alert.kind].append(event.item)
    kinds = [kind for kind in KINDS if items[kind]]
    if not kinds:
        return None
    return AlertEmail(
        sections=tuple(shortened(_heading(kind), items[kind]) for kind in kinds),
        facts=tuple(_fact(kind, len(items[kind])) for kind in kinds),
        total=sum(len(items[kind]) for kind in kinds),
        path=reverse("force", args=[reader.body.slug]) if reader.body else reverse("reviews"),
        is_synthetic=inspection.is_synthetic,
    )


def _heading(kind: str) -> str:
    """Return `Claim returned`."""
    noun, _, _, outcome = KINDS[kind]
    return f"{noun} {outcome}".capitalize()


def _fact(kind: str, count: int) -> str:
    """Return `3 claims were returned`."""
    noun, singular, plural, outcome = KINDS[kind]
    return f"{wording.count(count, noun)} {singular if count == 1 else plural} {outcome}"


def _is_for(event: AlertEvent, reader: User) -> bool:
    """Whether the reader still has the role and body that the event is for."""
    if event.body_id is not None:
        return reader.role == Role.LIAISON_OFFICER and reader.body_id == event.body_id
    return reader.role == Role.ANALYST
