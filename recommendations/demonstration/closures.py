"""Makes up what forces report about closed lines: those that were only deactivated reopen."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from random import Random

from forces import audit
from forces.models import Body, User
from recommendations.demonstration.rows import AssignmentHistory
from recommendations.models import CHECK_DAYS, Closure
from recommendations.rules import LONDON

Kind = Closure.Kind
_THEME = "Telecoms"
_SHARE_OF_FORCES, _SHARE_CHECKED, _MONTHS = 0.6, 0.9, 9
# The most lines in a month, and the shares that reopen before each check-back
_GROUPS = {
    (Kind.HOLDER_CHARGED, True): (4, (0.02, 0.03, 0.03)),
    (Kind.HOLDER_CHARGED, False): (8, (0.04, 0.06, 0.06)),
    (Kind.NUMBER_DEACTIVATED, True): (4, (0.12, 0.14, 0.1)),
    (Kind.NUMBER_DEACTIVATED, False): (7, (0.38, 0.25, 0.15)),
}


def write_closures(
    histories: Sequence[AssignmentHistory], *, as_of: date, rng: Random
) -> tuple[int, list[audit.NewEvent]]:
    """Write a report of each month, with the check-backs done since; return how many rows."""
    rows: list[Closure] = []
    events = []
    for body, by in _reporters(histories, rng):
        for month in _months(as_of):
            reported = list(_rows(histories, body, month, as_of=as_of, by=by, rng=rng))
            rows += reported
            events.append((reported, body, by, month))
    Closure.objects.bulk_create(rows)
    return len(rows), [
        audit.NewEvent(
            at=reported[0].reported_at,
            act="closures reported",
            actor=by,
            subject=body,
            body=body,
            rows=reported,
            details={"month": f"{month:%Y-%m}"},
        )
        for reported, body, by, month in events
    ]


def _reporters(histories: Sequence[AssignmentHistory], rng: Random) -> Iterator[tuple[Body, User]]:
    """Yield forces that work on telecoms, with one of their officers. Kent always reports."""
    seen: set[int] = set()
    for history in histories:
        body, officers = history.assignment.body, history.plan.officers
        is_new = body.is_force and body.pk not in seen and bool(officers)
        if history.plan.theme == _THEME and is_new and history.has_active_officers:
            seen.add(body.pk)
            if rng.random() < _SHARE_OF_FORCES or body.slug == "kent":
                yield body, officers[0]


def _months(as_of: date) -> Iterator[date]:
    month = as_of.replace(day=1)
    for _ in range(_MONTHS):
        month = (month - timedelta(days=1)).replace(day=1)
        yield month


def _rows(
    histories: Sequence[AssignmentHistory],
    body: Body,
    month: date,
    *,
    as_of: date,
    by: User,
    rng: Random,
) -> Iterator[Closure]:
    """Yield what was reported about a month at the last check-back, at most until `as_of`."""
    inspection = histories[0].assignment.recommendation.inspection
    end = (month + timedelta(days=31)).replace(day=1)
    done = [day for day in CHECK_DAYS if end + timedelta(days=day + 2) < as_of]
    on = end + timedelta(days=(done[-1] if done else 0) + 1)
    at = datetime.combine(min(on, as_of - timedelta(days=1)), time(10, 20), tzinfo=LONDON)
    for (kind, has_order), (most, shares) in _GROUPS.items():
        closed = rng.randint(0, most)
        counts: dict[str, int] = {}
        still_closed, reopened = closed, 0
        for day, share in zip(done, shares, strict=False):
            checked = sum(rng.random() < _SHARE_CHECKED for _ in range(still_closed))
            opened = sum(rng.random() < share for _ in range(checked))
            counts |= {f"checked_{day}": checked + reopened}
            reopened, still_closed = reopened + opened, checked - opened
            counts |= {f"reopened_{day}": reopened}
        yield Closure(
            inspection=inspection,
            body=body,
            month=month,
            kind=kind,
            has_order=has_order,
            number=1,
            closed=closed,
            reported_at=at,
            reported_by=by,
            **counts,
        )
