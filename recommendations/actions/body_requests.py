"""Makes requests to other organisations, and records what became of them."""

from datetime import date, datetime, timedelta

from django.db import transaction

from forces import audit
from forces.models import Body, User
from forces.permissions import may_update
from forces.refusal import Refusal
from recommendations.actions.change import count_revision, lock_assignment
from recommendations.case_details import case_detail_error
from recommendations.models import Assignment, BodyRequest, BodyRequestEvent
from recommendations.request_rules import NEEDS_REASON, RequestState, state_of
from recommendations.rules import OPEN, london_day

MAX_OPEN = 20  # requests of one assignment
MAX_PROMISE_DAYS = 366
CHANGED = "Somebody has changed this request since you opened the page. Check it again."
CLOSED = "The recommendation is closed, so you cannot make a request for it."
FULL = f"{MAX_OPEN} requests are open for this recommendation. Close one of them first."
MISSING_REASON = "Enter why"
PROMISE = "The day must be from today to one year from now"
Kind = BodyRequestEvent.Kind
_DUPLICATE_WINDOW = timedelta(minutes=10)  # the same request again is a second click


def promise_error(promised_on: date | None, *, on: date) -> str:
    """Return a sentence if an organisation cannot promise this day on the London day `on`."""
    if promised_on is None or not on <= promised_on <= on + timedelta(days=MAX_PROMISE_DAYS):
        return PROMISE
    return ""


@transaction.atomic
def make_request(
    *, assignment: Assignment, body: Body, kind: str, text: str, by: User, at: datetime
) -> BodyRequest:
    """Ask another organisation for something; a second click returns the same request.

    Raises Refusal.
    """
    locked = lock_assignment(assignment.pk)
    if not may_update(by, locked.body):
        raise Refusal("Only the organisation's liaison officers can make requests.")
    if body.pk == locked.body_id or body.is_local_policing_body or body.ended_at is not None:
        raise Refusal("Choose another force or national organisation.")
    if error := case_detail_error(text):
        raise Refusal(f"{error}.")
    rows = locked.body_requests.all()
    same = rows.filter(
        body=body, kind=kind, text=text, requested_at__gt=at - _DUPLICATE_WINDOW
    ).first()
    if same is not None:
        return same
    if locked.status not in OPEN:
        raise Refusal(CLOSED)
    closed = BodyRequestEvent.objects.filter(kind__in=[Kind.CONFIRMED, Kind.CANCELLED])
    if rows.exclude(pk__in=closed.values("request")).count() >= MAX_OPEN:
        raise Refusal(FULL)
    request = BodyRequest.objects.create(
        assignment=locked,
        number=rows.count() + 1,
        body=body,
        kind=kind,
        text=text,
        requested_at=at,
        requested_by=by,
    )
    _record("request made", request, row=request, by=by, at=at)
    return request


@transaction.atomic
def add_event(
    *,
    request: BodyRequest,
    kind: str,
    seen: int,
    promised_on: date | None = None,
    reason: str = "",
    by: User,
    at: datetime,
) -> BodyRequestEvent:
    """Record an answer, a confirmation, an objection or that the request is cancelled.

    `seen` is the number of the last event that the user saw. A second click returns the same event.
    Raises Refusal if it is not the turn of the user's organisation.
    """
    rows = BodyRequest.objects.select_for_update(of=("self",))
    related = rows.select_related(
        *("assignment__body__succeeded_by", "assignment__recommendation", "body__succeeded_by")
    )
    locked = related.get(pk=request.pk)
    history = list(locked.events.order_by("number"))
    last = history[-1] if history else None
    if last and last.number == seen + 1 and (last.kind, last.by_id) == (kind, by.pk):
        return last
    if len(history) != seen or (last and at < last.happened_at):
        raise Refusal(CHANGED)
    if kind not in allowed_kinds(locked, state_of(locked.requested_at, history), by):
        raise Refusal("Your organisation cannot do that now.")
    if kind == Kind.ACCEPTED and (error := promise_error(promised_on, on=london_day(at))):
        raise Refusal(f"{error}.")
    if kind in NEEDS_REASON and not reason:
        raise Refusal(f"{MISSING_REASON}.")
    if error := case_detail_error(reason):
        raise Refusal(f"{error}.")
    event = BodyRequestEvent.objects.create(
        request=locked,
        number=seen + 1,
        kind=kind,
        promised_on=promised_on if kind == Kind.ACCEPTED else None,
        reason=reason,
        happened_at=at,
        by=by,
    )
    _record(f"request {event.get_kind_display().lower()}", locked, row=event, by=by, at=at)
    return event


def allowed_kinds(request: BodyRequest, state: RequestState, person: User) -> tuple[str, ...]:
    """Return the kinds of event that the person can add: the turn is their organisation's.

    The successor of an organisation that has ended acts for it.
    """
    if may_update(person, _acting(request.assignment.body)):
        return state.allowed(is_asker=True)
    return state.allowed(is_asker=False) if may_update(person, _acting(request.body)) else ()


def _acting(body: Body) -> Body:
    return body.succeeded_by or body


def _record(
    act: str, request: BodyRequest, *, row: BodyRequest | BodyRequestEvent, by: User, at: datetime
) -> None:
    assignment = request.assignment
    audit.record(
        at=at,
        act=act,
        actor=by,
        subject=request,
        body=by.body,
        rows=[row],
        assignment=assignment.pk,
        number=request.number,
        of=assignment.body.short_name,
        to=request.body.short_name,
    )
    count_revision(assignment.recommendation.inspection_id)
