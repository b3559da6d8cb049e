"""Creates instant alerts: at most one email an hour for each reader."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.text import get_text_list

from forces.models import Membership, Role, User
from recommendations import rules, wording
from recommendations.absences import Away, by_stand_in, current_absences
from recommendations.advisory_lock import try_lock
from recommendations.emails.alerts.kinds import KINDS
from recommendations.emails.approval_events import approval_events_of, recent_approval_events
from recommendations.emails.events import Event, events_of, recent_events
from recommendations.emails.parts import Email, EmailLink, EmailRow, EmailSection
from recommendations.emails.parts import without_placeholders as clean
from recommendations.emails.personalisation import NAME_PLACEHOLDER
from recommendations.emails.rendering import render
from recommendations.emails.request_events import recent_request_events, request_events_of
from recommendations.inspections import working_on
from recommendations.models import Alert, EmailContent, Inspection, OutboxEmail
from recommendations.readers import ALERT_ROLES, preferences_of

MIN_INTERVAL = timedelta(hours=1)  # between two alerts to one reader
MAX_ROWS = 10  # of each kind of event
BATCH_SIZE = 500  # readers whose alerts are created in one transaction
LOCK_ID = 0x1319  # a name space of advisory locks


def create_alerts(*, at: datetime) -> int:
    """Record recent events, and create the emails that are due; return how many."""
    inspections = Inspection.objects.in_order()
    if not inspections:
        return 0
    for inspection in inspections:
        record_events(inspection, at=at)
    with try_lock(LOCK_ID, inspections[0].pk) as is_locked:
        return create_emails(inspections, at=at) if is_locked else 0


def record_events(inspection: Inspection, *, at: datetime) -> None:
    """Save a row for each reader and recent event; running it again adds none.

    What was addressed to somebody in the days before they left is for their stand-in, too.
    """
    events = recent_events(inspection, at=at) + recent_approval_events(inspection, at=at)
    events += recent_request_events(inspection, at=at)
    if not events:
        return
    on = rules.london_day(at)
    stands_in = by_stand_in(current_absences(on=on))
    memberships = _memberships(on=on).select_related("person")
    members = list(memberships.filter(person__is_active=True))
    Alert.objects.bulk_create(
        [
            Alert(reader=member.person, kind=event.kind, event_id=event.key, happened_at=event.at)
            for event in events
            for member in members
            if _is_for(event, member, stands_in)
            and member.person_id != event.actor_id
            and event.at >= member.person.joined_at
        ],
        ignore_conflicts=True,
        batch_size=1000,
    )


def create_emails(inspections: Sequence[Inspection], *, at: datetime) -> int:
    """Create an email for each reader with unsent alerts; return how many.

    A reader whose last alert was within the hour, or still waits, gets the next one later.
    """
    total = 0
    while (created := _create_batch(inspections, at=at)) is not None:
        total += created
    return total


@transaction.atomic
def _create_batch(inspections: Sequence[Inspection], *, at: datetime) -> int | None:
    recent = Q(state=OutboxEmail.State.WAITING) | Q(sent_at__gt=at - MIN_INTERVAL)
    recent_alerts = OutboxEmail.objects.filter(
        recent, reader=OuterRef("reader"), kind=OutboxEmail.Kind.AT_ONCE
    )
    unsent = Alert.objects.filter(emailed_at=None).exclude(Exists(recent_alerts))
    readers = list(unsent.order_by("reader_id").values_list("reader_id").distinct()[:BATCH_SIZE])
    rows = list(unsent.filter(reader__in=[pk for (pk,) in readers]).order_by("happened_at", "pk"))
    if not rows:
        return None
    on = rules.london_day(at)
    events = _events(inspections, rows, at=at)
    by_reader: dict[int, list[Alert]] = defaultdict(list)
    for row in rows:
        by_reader[row.reader_id].append(row)
    people = User.objects.select_related("body", "email_preference").in_bulk(list(by_reader))
    members: dict[int, list[Membership]] = defaultdict(list)
    for member in _memberships(on=on).filter(person__in=list(by_reader)):
        members[member.person_id].append(member)
    stands_in = by_stand_in(current_absences(on=on))
    contents: dict[Email, EmailContent] = {}
    emails: dict[int, OutboxEmail] = {}
    for pk, alerts in by_reader.items():
        alert = _alert_for(people[pk], members[pk], alerts, events, stands_in, at=at)
        if alert is not None:
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


def _events(
    inspections: Sequence[Inspection], alerts: list[Alert], *, at: datetime
) -> dict[tuple[str, int], tuple[Inspection, Event]]:
    """Return the events of these rows by kind and key; if there are several inspections, named."""
    found: dict[tuple[str, int], tuple[Inspection, Event]] = {}
    for inspection in inspections:
        with working_on(inspection):
            events = events_of(inspection, alerts)
            events |= approval_events_of(inspection, alerts, on=rules.london_day(at))
            events |= request_events_of(inspection, alerts, at=at)
        for key, event in events.items():
            note = f"{event.row.note} {clean(inspection.title)}.".strip()
            row = replace(event.row, note=note) if len(inspections) > 1 else event.row
            found[key] = (inspection, replace(event, row=row))
    return found


def _alert_for(
    reader: User,
    members: list[Membership],
    alerts: list[Alert],
    events: dict[tuple[str, int], tuple[Inspection, Event]],
    stands_in: dict[int, list[Away]],
    *,
    at: datetime,
) -> Email | None:
    """Return the reader's alert, or None if they want none or nothing in it still applies."""
    choice = preferences_of(reader)
    if not (reader.is_active and choice.at_once) or choice.bounces(reader.email):
        return None
    rows: dict[str, list[EmailRow]] = defaultdict(list)
    about: list[Inspection] = []
    for alert in alerts:
        inspection, event = events.get((alert.kind, alert.event_id), (None, None))
        if inspection is None or event is None:
            continue
        if any(_is_for(event, member, stands_in) for member in members):
            about.append(inspection)
            away = _away(event, reader.pk, stands_in)
            note = f"{event.row.note} {clean(away.note(on=rules.london_day(at)))}" if away else ""
            rows[alert.kind].append(replace(event.row, note=note) if note else event.row)
    by_kind = {kind: rows[kind] for kind in KINDS if rows[kind]}
    if not by_kind:
        return None
    with working_on(about[0]):
        return _alert(about[0], members, by_kind, at=at)


def _alert(
    inspection: Inspection,
    members: list[Membership],
    by_kind: dict[str, list[EmailRow]],
    *,
    at: datetime,
) -> Email:
    """Return the alert; its button leads to the page of its only row, or to a list."""
    heading = ", ".join(_fact(kind, len(rows)) for kind, rows in by_kind.items())
    bodies = [member.body for member in members if member.body]
    names = [clean(body.name) for body in bodies]
    path = reverse("force", args=[bodies[0].slug]) if bodies else reverse("reviews")
    if [*by_kind] == [Alert.Kind.SECOND_REVIEW]:
        path = reverse("second_reviews")
    path = path if len(members) == 1 else reverse("overview")
    subject = heading
    if heading.startswith("1 ") and len(by_kind) == 1:
        [(kind, [row])] = by_kind.items()
        heading, path = KINDS[kind][0], row.links[0].path
        subject = f"{heading}: {row.links[0].text}"
    return Email(
        subject=subject,
        caption=f"{get_text_list(names, 'and') if names else 'All forces'}, "
        f"{wording.clock(at)} on {wording.day(rules.london_day(at))}",
        heading=heading,
        above=tuple(
            EmailSection(
                heading=KINDS[kind][0],
                rows=tuple(rows[:MAX_ROWS]),
                sentence=f"And {len(rows) - MAX_ROWS:,} more." if len(rows) > MAX_ROWS else "",
            )
            for kind, rows in by_kind.items()
        ),
        button=EmailLink("View this in the service", path),
        reason=f"Sent to {NAME_PLACEHOLDER}, at most once an hour, when something needs your "
        "attention before Monday.",
        unsubscribe="stop these alerts and still get the weekly email",
        is_synthetic=inspection.is_synthetic,
    )


def _fact(kind: str, count: int) -> str:
    """Return `3 claims were returned`."""
    _, singular, plural = KINDS[kind]
    return f"{count:,} {singular if count == 1 else plural}"


def _memberships(*, on: date) -> QuerySet[Membership]:
    """Return the current memberships of people who can get alerts."""
    current = Membership.objects.current(on=on).filter(role__in=ALERT_ROLES)
    return current.select_related("body").in_order()


def _is_for(event: Event, member: Membership, stands_in: dict[int, list[Away]]) -> bool:
    """Whether the member has the role and body that the event is for.

    If it is for one person, the member must be that one or stand in for them.
    """
    role = event.role if event.body_id is not None else Role.ANALYST
    is_of_body = member.body_id == event.body_id
    if role == Role.SECOND_REVIEWER:
        is_of_body = not is_of_body
    is_member = member.role == role and is_of_body
    is_person = event.person_id in (None, member.person_id)
    return is_member and (is_person or _away(event, member.person_id, stands_in) is not None)


def _away(event: Event, reader_id: int, stands_in: dict[int, list[Away]]) -> Away | None:
    """Return the absence because of which the event is for this reader, too."""
    absences = stands_in.get(reader_id, ())
    return next((away for away in absences if away.person_id == event.person_id), None)
