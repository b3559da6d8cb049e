"""Requests between organisations, as alerts report them: received, late and answered."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse

from recommendations import wording
from recommendations.dashboards.body_requests.rows import row_of
from recommendations.emails.events import MAX_AGE, Event
from recommendations.emails.parts import EmailLink, EmailRow, without_placeholders
from recommendations.models import Alert, BodyRequest, BodyRequestEvent, Inspection
from recommendations.request_rules import ANSWERS
from recommendations.rules import london_day, start_of_day

Kind = Alert.Kind


def recent_request_events(inspection: Inspection, *, at: datetime) -> list[Event]:
    """Return the requests and answers of the last seven days, and what is late since; 2 queries."""
    since = at - MAX_AGE
    return [event for event in _events(inspection, Q(), at=at) if event.at >= since]


def request_events_of(
    inspection: Inspection, alerts: Iterable[Alert], *, at: datetime
) -> dict[tuple[str, int], Event]:
    """Return the events of these rows by kind and key, without those that no longer apply."""
    requests, answers = set(), set()
    for alert in alerts:
        if alert.kind in (Kind.REQUEST_RECEIVED, Kind.REQUEST_LATE):
            requests.add(alert.event_id)
        elif alert.kind == Kind.REQUEST_ANSWERED:
            answers.add(alert.event_id)
    if not requests and not answers:
        return {}
    of_answers = BodyRequestEvent.objects.filter(pk__in=answers).values("request")
    condition = Q(pk__in=requests) | Q(pk__in=of_answers)
    return {(event.kind, event.key): event for event in _events(inspection, condition, at=at)}


def _events(inspection: Inspection, condition: Q, *, at: datetime) -> Iterator[Event]:
    for request in BodyRequest.objects.of(inspection).filter(condition):
        row = row_of(request, on=london_day(at))
        if row.is_waiting:
            yield _received(request, due=f"Due on {wording.day(row.state.due_on)}.")
            if row.is_late:
                yield _late(request, row.state.due_on)
        if request.history and row.is_open:
            last = request.history[-1]
            if last.kind in ANSWERS:
                yield _answered(request, last)


def _received(request: BodyRequest, *, due: str) -> Event:
    """For the officers of the organisation that is asked, until it has done what was asked."""
    asker = without_placeholders(request.assignment.body.short_name)
    return Event(
        kind=Kind.REQUEST_RECEIVED,
        key=request.pk,
        at=request.requested_at,
        row=_row(request, f"{asker} asks: {request.get_kind_display().lower()}. {due}"),
        body_id=request.body.holder_key(),
        actor_id=request.requested_by_id,
    )


def _late(request: BodyRequest, due_on: date) -> Event:
    asker = without_placeholders(request.assignment.body.short_name)
    return Event(
        kind=Kind.REQUEST_LATE,
        key=request.pk,
        at=start_of_day(due_on + timedelta(days=1)),
        row=_row(request, f"{asker} still waits. It was due on {wording.day(due_on)}."),
        body_id=request.body.holder_key(),
    )


def _answered(request: BodyRequest, answer: BodyRequestEvent) -> Event:
    """For the officers of the organisation that asked."""
    asked = without_placeholders(request.body.short_name)
    promise = f", to be done by {wording.day(answer.promised_on)}" if answer.promised_on else ""
    confirm = "" if answer.promised_on else " Confirm it, or say that it is not settled."
    return Event(
        kind=Kind.REQUEST_ANSWERED,
        key=answer.pk,
        at=answer.happened_at,
        row=_row(request, f"{asked}: {answer.get_kind_display().lower()}{promise}.{confirm}"),
        body_id=request.assignment.body.holder_key(),
        actor_id=answer.by_id,
    )


def _row(request: BodyRequest, note: str) -> EmailRow:
    title = without_placeholders(str(request.assignment.recommendation))
    path = reverse("body_request", args=[request.pk])
    return EmailRow(links=(EmailLink(title, path),), note=note)
