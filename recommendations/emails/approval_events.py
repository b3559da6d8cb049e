"""Updates that chief officers are to approve, and what they decided, as alerts report it."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from django.db.models import Q

from forces.models import Membership, Role
from recommendations.dashboards.assignment.approvals import reminder_at, waiting_requests
from recommendations.emails.events import MAX_AGE, Event, row_of
from recommendations.emails.parts import format_day, without_placeholders
from recommendations.models import Alert, ApprovalDecision, ApprovalRequest, Inspection
from recommendations.rules import london_day

Kind = Alert.Kind
Outcome = ApprovalDecision.Outcome
_OF_INSPECTION = "assignment__recommendation__inspection"


def recent_approval_events(inspection: Inspection, *, at: datetime) -> list[Event]:
    """Return the requests that wait, reminders of them, and the decisions of the last seven days.

    A request that waits has an alert however old it is: another reader may come. 3 queries.
    """
    events = []
    members = _chief_officer_members(on=london_day(at))
    for request in waiting_requests().filter(**{_OF_INSPECTION: inspection}):
        events.append(_request_event(request, Kind.APPROVAL_WANTED, members))
        if reminder_at(request.requested_at) <= at:
            events.append(_request_event(request, Kind.APPROVAL_LATE, members))
    return [*events, *_decisions(inspection, Q(decided_at__gte=at - MAX_AGE))]


def approval_events_of(
    inspection: Inspection, alerts: Iterable[Alert], *, on: date
) -> dict[tuple[str, int], Event]:
    """Return the events of these rows by kind and key, without those that no longer apply."""
    keys: dict[str, set[int]] = {kind: set() for kind in Kind.values}
    for alert in alerts:
        keys[alert.kind].add(alert.event_id)
    wanted = keys[Kind.APPROVAL_WANTED] | keys[Kind.APPROVAL_LATE]
    events = []
    if wanted:
        members = _chief_officer_members(on=on)
        own = {_OF_INSPECTION: inspection}
        for request in waiting_requests().filter(pk__in=wanted, **own):
            events.append(_request_event(request, Kind.APPROVAL_WANTED, members))
            events.append(_request_event(request, Kind.APPROVAL_LATE, members))
    if decided := keys[Kind.APPROVED] | keys[Kind.NOT_APPROVED]:
        events += _decisions(inspection, Q(pk__in=decided))
    return {(event.kind, event.key): event for event in events}


def _chief_officer_members(*, on: date) -> set[tuple[int, int | None]]:
    """Return the keys of active chief officers and of their organisations."""
    current = Membership.objects.current(on=on).filter(role=Role.CHIEF_OFFICER)
    return set(current.filter(person__is_active=True).values_list("person_id", "body_id"))


def _request_event(
    request: ApprovalRequest, kind: str, members: set[tuple[int, int | None]]
) -> Event:
    """For the chosen chief officer, or for all if there is none who could still approve it."""
    assignment, approver = request.assignment, request.approver
    can_approve = approver is not None and (approver.pk, assignment.body_id) in members
    is_late = kind == Kind.APPROVAL_LATE
    note = f"Sent for approval on {format_day(request.requested_at)}. Approve or return it."
    return Event(
        kind=kind,
        key=request.pk,
        at=reminder_at(request.requested_at) if is_late else request.requested_at,
        row=row_of(assignment, note, "approval"),
        body_id=assignment.body_id,
        role=Role.CHIEF_OFFICER,
        person_id=approver.pk if approver and can_approve else None,
        actor_id=request.requested_by_id,
    )


def _decisions(inspection: Inspection, condition: Q) -> Iterator[Event]:
    """For the officers. One that was returned is left out once the draft was sent again."""
    decisions = ApprovalDecision.objects.filter(
        condition,
        outcome__in=[Outcome.APPROVED, Outcome.RETURNED],
        **{f"request__{_OF_INSPECTION}": inspection},
    ).select_related(
        "decided_by", "request__assignment__body", "request__assignment__recommendation"
    )
    sent_again = set(
        waiting_requests().filter(**{_OF_INSPECTION: inspection}).values_list("token", flat=True)
    )
    for decision in decisions:
        assignment, is_approved = decision.request.assignment, decision.outcome == Outcome.APPROVED
        if not is_approved and decision.request.token in sent_again:
            continue
        who = without_placeholders(decision.decided_by.name if decision.decided_by else "")
        verb = "Approved and submitted" if is_approved else "Returned"
        rest = "" if is_approved else " Read the reason, change the draft and send it again."
        yield Event(
            kind=Kind.APPROVED if is_approved else Kind.NOT_APPROVED,
            key=decision.pk,
            at=decision.decided_at,
            row=row_of(
                assignment,
                f"{verb} by {who} on {format_day(decision.decided_at)}.{rest}",
                "assignment" if is_approved else "update_check",
            ),
            body_id=assignment.body_id,
            actor_id=decision.decided_by_id,
        )
