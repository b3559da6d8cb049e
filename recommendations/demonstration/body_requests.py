"""Makes up requests between organisations: a loop of three, and two regions that do not talk."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from forces import audit
from forces.models import Body, User
from recommendations.demonstration.people import People
from recommendations.demonstration.rows import AssignmentHistory
from recommendations.models import BodyRequest, BodyRequestEvent
from recommendations.rules import LONDON, OPEN
from recommendations.working_days import is_working_day

REQUESTS = 90
LOOP = ("kent", "essex", "national-crime-agency")  # each waits for the next one
SILENT_REGIONS = ("London", "North West")  # the second does not answer the first
OLDEST_DAYS = 200
Kind = BodyRequestEvent.Kind
_TEXTS = {
    BodyRequest.Kind.INTELLIGENCE: "Send the monthly analysis of lines that run into our area.",
    BodyRequest.Kind.LEAD: "Agree which force leads when a line starts with you and ends with us.",
    BodyRequest.Kind.SAFEGUARDING: "Name the team that takes referrals of children who are found.",
    BodyRequest.Kind.DECISION: "Decide who pays for the shared analyst after March.",
    BodyRequest.Kind.PRODUCT: "Share the national template for the return.",
}
_REASONS = {
    Kind.DECLINED: "There are no analysts for it this quarter.",
    Kind.DISPUTED: "The regional unit does this, not the force.",
    Kind.RETURNED: "The analysis ends in June. The rest is missing.",
}
# What becomes of a request: kinds of event with the days since the one before.
_COURSES = (
    ((Kind.ACCEPTED, 4), (Kind.DONE, 16), (Kind.CONFIRMED, 5)),
    ((Kind.DONE, 8), (Kind.CONFIRMED, 3)),
    ((Kind.ACCEPTED, 9), (Kind.DONE, 30), (Kind.RETURNED, 4), (Kind.DONE, 14), (Kind.CONFIRMED, 2)),
    ((Kind.DECLINED, 11), (Kind.CONFIRMED, 9)),
    ((Kind.ACCEPTED, 22), (Kind.DONE, 40), (Kind.CONFIRMED, 8)),
)
_OPEN_COURSES = (
    ((Kind.ACCEPTED, 8), (Kind.DONE, 20)),
    ((Kind.DISPUTED, 18), (Kind.RETURNED, 6)),
    ((Kind.ACCEPTED, 12),),
    (),
)


@dataclass(frozen=True, kw_only=True)
class _PlannedRequest:
    history: AssignmentHistory
    body: Body
    kind: str
    days_ago: int
    course: tuple[tuple[Kind, int], ...]


def write_body_requests(
    histories: list[AssignmentHistory], people: People, *, as_of: date, rng: Random
) -> tuple[int, list[audit.NewEvent]]:
    """Write requests and their events up to the day before; return how many, and audit events."""
    officers = {
        slug: [officer for officer in group if officer.is_active]
        for slug, group in people.officers.items()
    }
    found = [h for h in histories if h.has_active_officers and h.states[-1].status in OPEN]
    planned = [
        (_instant(as_of - timedelta(days=plan.days_ago), rng), plan)
        for plan in (*_loop(found), *_others(found, officers, rng))
    ]
    requests: list[BodyRequest] = []
    events: list[BodyRequestEvent] = []
    numbers: dict[int, int] = {}
    for at, plan in sorted(planned, key=lambda item: item[0]):
        assignment = plan.history.assignment
        if at <= assignment.assigned_at:
            continue
        numbers[assignment.pk] = numbers.get(assignment.pk, 0) + 1
        request = BodyRequest(
            assignment=assignment,
            number=numbers[assignment.pk],
            body=plan.body,
            kind=plan.kind,
            text=_TEXTS[BodyRequest.Kind(plan.kind)],
            requested_at=at,
            requested_by=officers[assignment.body.slug][0],
        )
        requests.append(request)
        events += _events(request, plan.course, officers, as_of=as_of, rng=rng)
    BodyRequest.objects.bulk_create(requests)
    BodyRequestEvent.objects.bulk_create(events)
    return len(requests) + len(events), [
        *(_audit(request, request, "request made") for request in requests),
        *(
            _audit(event.request, event, f"request {event.get_kind_display().lower()}")
            for event in events
        ),
    ]


def _loop(histories: list[AssignmentHistory]) -> list[_PlannedRequest]:
    """Return open requests of each organisation of the loop to the next one, if all can ask."""
    own = {slug: [h for h in histories if h.assignment.body.slug == slug] for slug in LOOP}
    if not all(own.values()):
        return []
    bodies = {slug: found[0].assignment.body for slug, found in own.items()}
    return [
        _PlannedRequest(
            history=own[slug][0],
            body=bodies[asked],
            kind=BodyRequest.Kind.DECISION,
            days_ago=days_ago,
            course=(),
        )
        for slug, asked, days_ago in zip(LOOP, (*LOOP[1:], LOOP[0]), (41, 33, 26), strict=True)
    ]


def _others(
    histories: list[AssignmentHistory], officers: dict[str, list[User]], rng: Random
) -> list[_PlannedRequest]:
    bodies = {h.assignment.body.slug: h.assignment.body for h in histories}
    answering = [body for slug, body in sorted(bodies.items()) if officers.get(slug)]
    of_region = {
        region: [b for b in answering if b.region and b.region.name == region]
        for region in SILENT_REGIONS
    }
    asking, silent = (of_region[region] for region in SILENT_REGIONS)
    planned = []
    for number in range(REQUESTS):
        history = rng.choice(histories)
        body = rng.choice(answering)
        if number % 12 == 0 and asking and silent:
            own = [h for h in histories if h.assignment.body in asking]
            history, body = rng.choice(own), rng.choice(silent)
        asker = history.assignment.body
        if body == asker:
            continue
        is_silent = asker in asking and body in silent
        days_ago = rng.randint(3, OLDEST_DAYS)
        planned.append(
            _PlannedRequest(
                history=history,
                body=body,
                kind=rng.choice(list(BodyRequest.Kind)[: 4 if body.is_force else 5]),
                days_ago=days_ago,
                course=() if is_silent else _course(days_ago, rng),
            )
        )
    return planned


def _course(days_ago: int, rng: Random) -> tuple[tuple[Kind, int], ...]:
    """Return what becomes of a request: few of the old ones are still open."""
    is_closed = rng.random() < (0.9 if days_ago > 60 else 0.5)
    return rng.choice(_COURSES if is_closed else _OPEN_COURSES)


def _events(
    request: BodyRequest,
    course: tuple[tuple[Kind, int], ...],
    officers: dict[str, list[User]],
    *,
    as_of: date,
    rng: Random,
) -> list[BodyRequestEvent]:
    """Return the events of the course that happened before the day `as_of`."""
    events: list[BodyRequestEvent] = []
    on = request.requested_at.astimezone(LONDON).date()
    for kind, days in course:
        on += timedelta(days=max(1, days + rng.randint(-3, 3)))
        at = _instant(on, rng)
        on = at.date()
        if on >= as_of:
            break
        is_asker = kind in {Kind.CONFIRMED, Kind.RETURNED}
        body = request.assignment.body if is_asker else request.body
        events.append(
            BodyRequestEvent(
                request=request,
                number=len(events) + 1,
                kind=kind,
                promised_on=on + timedelta(days=21) if kind == Kind.ACCEPTED else None,
                reason=_REASONS.get(kind, ""),
                happened_at=at,
                by=officers[body.slug][0],
            )
        )
    return events


def _instant(on: date, rng: Random) -> datetime:
    """Return a time of the day, or of the next working day."""
    while not is_working_day(on):
        on += timedelta(days=1)
    return datetime.combine(on, time(rng.randint(9, 16), rng.randint(0, 59)), tzinfo=LONDON)


def _audit(request: BodyRequest, row: BodyRequest | BodyRequestEvent, act: str) -> audit.NewEvent:
    by, at = request.requested_by, request.requested_at
    if isinstance(row, BodyRequestEvent):
        by, at = row.by, row.happened_at
    return audit.NewEvent(
        at=at,
        act=act,
        actor=by,
        subject=request,
        body=by.body,
        rows=[row],
        details={
            "assignment": request.assignment_id,
            "number": request.number,
            "of": request.assignment.body.short_name,
            "to": request.body.short_name,
        },
    )
