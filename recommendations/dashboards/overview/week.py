"""What has changed since the end of the same day last week: counts, each with its latest one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.urls import reverse

from recommendations import rules
from recommendations.dashboards.visibility import Visibility
from recommendations.models import DueDateChange, Review, Update
from recommendations.models.answers import ReportedStatus
from recommendations.positions.national import NationalPosition
from recommendations.positions.positions import Position
from recommendations.rules import Flag

_Key = tuple[int, str]  # primary key of the organisation, reference of the recommendation


@dataclass(frozen=True, kw_only=True)
class WeekLine:
    """One kind of change. `rest_href` lists all of the kind, if there is more than one."""

    count: int
    kind: str  # "claims accepted"
    name: str  # "Kent R3": the latest
    href: str  # empty if the reader may not open it
    rest: str  # "2 more"
    rest_href: str  # empty if the reader may not see changes


@dataclass(frozen=True, kw_only=True)
class WeekChanges:
    since: str  # "19 November"
    href: str  # of all changes; empty if the reader may not see them
    lines: list[WeekLine]


def week(
    national: NationalPosition,
    *,
    before: list[Position],
    visibility: Visibility,
    until: datetime,
) -> WeekChanges:
    """Return the changes between the positions `before` and now; 3 queries.

    Rows recorded at or after the instant `until` do not count.
    """
    since_on = rules.week_before(national.on)
    period = rules.start_of_day(since_on + timedelta(days=1)), until
    reviews = _reviews(national, period)
    changes: list[tuple[str, str, list[_Key]]] = [
        ("accepted", "claim{s} accepted", [key for accepted, key in reviews if accepted]),
        ("claims", "claim{s} sent", _claims(national, period)),
        ("returned", "claim{s} returned", [key for accepted, key in reviews if not accepted]),
        ("overdue", "became overdue", _newly(Flag.OVERDUE, national, before)),
        ("at_risk", "became at risk", _newly(Flag.AT_RISK, national, before)),
        ("due_dates", "date{s} moved", _due_dates(national, period)),
        ("stale", "became stale", _newly(Flag.STALE, national, before)),
    ]
    address = _changes_address(since_on, national.on) if visibility.sees_changes else ""
    return WeekChanges(
        since=f"{since_on.day} {since_on:%B}",
        href=address,
        lines=[
            _line(keys, text, f"{address}&kind={kind}" if address else "", national, visibility)
            for kind, text, keys in changes
            if keys
        ],
    )


def _changes_address(since_on: date, until: date) -> str:
    days = {"since": (since_on + timedelta(days=1)).isoformat(), "until": until.isoformat()}
    return f"{reverse('changes')}?{urlencode(days)}"


def _line(
    keys: list[_Key], text: str, href: str, national: NationalPosition, visibility: Visibility
) -> WeekLine:
    body_id, reference = keys[0]
    body, rest = national.body[body_id], len(keys) - 1
    return WeekLine(
        count=len(keys),
        kind=text.format(s="" if len(keys) == 1 else "s"),
        name=f"{body.short_name} R{reference}",
        href=visibility.link(body, reference, past=national.past),
        rest=f"{rest:,} more" if rest else "",
        rest_href=href if rest else "",
    )


def _newly(flag: Flag, national: NationalPosition, before: list[Position]) -> list[_Key]:
    """Return the assignments that have the flag now and had not, by organisation."""
    had = {p.assignment_id for p in before if p.has(flag)}
    return [
        (p.body_id, p.reference)
        for p in national.positions
        if p.has(flag) and p.assignment_id not in had
    ]


def _reviews(
    national: NationalPosition, period: tuple[datetime, datetime]
) -> list[tuple[bool, _Key]]:
    """Return whether each claim was accepted, and its key, the latest first."""
    path = "update__assignment"
    rows = (
        Review.objects.filter(
            reviewed_at__gte=period[0],
            reviewed_at__lt=period[1],
            update__assignment__recommendation__inspection=national.inspection,
        )
        .order_by("-reviewed_at")
        .values_list("decision", f"{path}__body", f"{path}__recommendation__reference")
    )
    return [
        (decision == Review.Decision.ACCEPTED, (body, reference))
        for decision, body, reference in rows
    ]


def _claims(national: NationalPosition, period: tuple[datetime, datetime]) -> list[_Key]:
    return list(
        Update.objects.filter(
            status=ReportedStatus.IMPLEMENTED,
            submitted_at__gte=period[0],
            submitted_at__lt=period[1],
            assignment__recommendation__inspection=national.inspection,
        )
        .order_by("-submitted_at")
        .values_list("assignment__body", "assignment__recommendation__reference")
    )


def _due_dates(national: NationalPosition, period: tuple[datetime, datetime]) -> list[_Key]:
    return list(
        DueDateChange.objects.filter(
            decided_at__gte=period[0],
            decided_at__lt=period[1],
            assignment__recommendation__inspection=national.inspection,
        )
        .order_by("-decided_at")
        .values_list("assignment__body", "assignment__recommendation__reference")
    )
