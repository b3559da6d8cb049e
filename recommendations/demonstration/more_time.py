"""Makes up requests for more time: granted, refused, taken back and waiting."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from random import Random

from forces import audit
from recommendations.demonstration.choices import choose, office_time
from recommendations.demonstration.phrases import general
from recommendations.demonstration.rows import AssignmentHistory
from recommendations.demonstration.story import DueDateEvent, UpdateEvent, end_of_month
from recommendations.models import DueDateChange, DueDateDecision, DueDateRequest
from recommendations.rules import OPEN, is_after_due, london_day, start_of_day
from recommendations.working_days import working_days_after

Outcome = DueDateDecision.Outcome
Request = tuple[DueDateRequest, DueDateDecision | None]
_REFUSED_COUNT, _WAITING_COUNT = 6, 5
_ON_REQUEST_SHARE = 0.8  # of the extensions
_OTHER_DATE_SHARE = 0.2
_DECISION_DAYS = 12  # so long a request can wait for its decision


def write_requests(
    histories: list[AssignmentHistory], *, as_of: date, rng: Random
) -> tuple[int, list[audit.NewEvent]]:
    """Write all requests and decisions; return how many requests, and the events to record."""
    active = [history for history in histories if history.has_active_officers]
    requests = [*_granted(active, rng), *_refused(active, rng)]
    decided = {request.assignment_id for request, _ in requests}
    undecided = [history for history in active if history.assignment.pk not in decided]
    requests += _waiting(undecided, rng, as_of=as_of)
    DueDateRequest.objects.bulk_create(request for request, _ in requests)
    DueDateDecision.objects.bulk_create(decision for _, decision in requests if decision)
    return len(requests), [event for request in requests for event in _events(*request)]


def _granted(histories: list[AssignmentHistory], rng: Random) -> Iterator[Request]:
    """Yield a request for most extensions, made after the update before the decision."""
    changes = {change.assignment_id: change for change in DueDateChange.objects.all()}
    for history in histories:
        for update, event in pairwise(history.events):
            if not isinstance(update, UpdateEvent) or not isinstance(event, DueDateEvent):
                continue
            if rng.random() > _ON_REQUEST_SHARE:
                continue
            is_other = rng.random() < _OTHER_DATE_SHARE
            change = changes[history.assignment.pk]
            to = end_of_month(event.to) if is_other else event.to
            request = _request(history, update, due_on=change.from_due_on, to=to, rng=rng)
            yield (
                request,
                DueDateDecision(
                    request=request,
                    outcome=Outcome.GRANTED_OTHER if is_other else Outcome.GRANTED,
                    due_date_change=change,
                    words=change.reason,
                    decided_at=event.at,
                    decided_by=event.by,
                ),
            )


def _refused(histories: list[AssignmentHistory], rng: Random) -> Iterator[Request]:
    """Yield requests after an update with a late forecast; the organisation withdrew the last."""
    late = {history.assignment.pk: _late_update(history) for history in histories}
    candidates = [history for history in histories if late[history.assignment.pk]]
    chosen = choose(rng, candidates, _REFUSED_COUNT)
    for history in chosen:
        update, is_taken_back = late[history.assignment.pk], history is chosen[-1]
        if update is None:
            continue
        request = _request(history, update, due_on=history.plan.due_on, rng=rng)
        decided_on = working_days_after(london_day(update.at), rng.randint(2, 6))
        yield (
            request,
            DueDateDecision(
                request=request,
                outcome=Outcome.TAKEN_BACK if is_taken_back else Outcome.REFUSED,
                words="" if is_taken_back else general(rng, "refusal_reason"),
                decided_at=office_time(rng, decided_on),
                decided_by=request.asked_by if is_taken_back else rng.choice(history.plan.analysts),
            ),
        )


def _late_update(history: AssignmentHistory) -> UpdateEvent | None:
    """Return the latest update with a late forecast after which nothing happened for a while."""
    late = [
        update
        for update, following in pairwise(history.events)
        if isinstance(update, UpdateEvent)
        and _is_late(update, due_on=history.plan.due_on)
        and following.at - update.at > timedelta(days=_DECISION_DAYS)
    ]
    return late[-1] if late and not _has_extension(history) else None


def _waiting(histories: list[AssignmentHistory], rng: Random, *, as_of: date) -> Iterator[Request]:
    """Yield requests after a recent update with a late forecast."""
    since = start_of_day(as_of - timedelta(days=_DECISION_DAYS))
    latest = {
        history.assignment.pk: history.events[-1]
        for history in histories
        if history.events and history.states[-1].status in OPEN and not _has_extension(history)
    }
    recent = {
        key: event
        for key, event in latest.items()
        if isinstance(event, UpdateEvent) and event.at > since
    }
    candidates = [
        history
        for history in histories
        if (update := recent.get(history.assignment.pk))
        and _is_late(update, due_on=history.plan.due_on)
    ]
    for history in choose(rng, candidates, _WAITING_COUNT):
        update = recent[history.assignment.pk]
        yield _request(history, update, due_on=history.plan.due_on, rng=rng), None


def _has_extension(history: AssignmentHistory) -> bool:
    return any(isinstance(event, DueDateEvent) for event in history.events)


def _is_late(update: UpdateEvent, *, due_on: date) -> bool:
    return update.forecast_on is not None and is_after_due(due_on, on=update.forecast_on)


def _request(
    history: AssignmentHistory,
    update: UpdateEvent,
    *,
    due_on: date,
    to: date | None = None,
    rng: Random,
) -> DueDateRequest:
    """Return a request made just after an update, by default for the month of its forecast."""
    return DueDateRequest(
        assignment=history.assignment,
        number=1,
        due_on=due_on,
        asked_due_on=to or end_of_month(update.forecast_on or due_on),
        reason=general(rng, "request_reason"),
        asked_at=update.at + timedelta(minutes=rng.randint(4, 25)),
        asked_by=update.by,
    )


def _events(request: DueDateRequest, decision: DueDateDecision | None) -> Iterator[audit.NewEvent]:
    """Yield the audit events that the actions would record."""
    assignment = request.assignment
    yield audit.NewEvent(
        at=request.asked_at,
        act="more time asked for",
        actor=request.asked_by,
        subject=request,
        body=assignment.body,
        rows=[request],
        details={
            "assignment": assignment.pk,
            "from": request.due_on.isoformat(),
            "to": request.asked_due_on.isoformat(),
        },
    )
    if decision is None:
        return
    is_taken_back = decision.outcome == Outcome.TAKEN_BACK
    outcome = Outcome(decision.outcome).label.lower()
    change = decision.due_date_change
    to = {} if is_taken_back else {"to": change.to_due_on.isoformat() if change else None}
    yield audit.NewEvent(
        at=decision.decided_at,
        act="request for more time taken back" if is_taken_back else f"more time {outcome}",
        actor=decision.decided_by,
        subject=request,
        body=assignment.body,
        rows=[decision],
        details={"assignment": assignment.pk, **to},
    )
