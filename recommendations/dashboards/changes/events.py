"""What happened: updates, reviews, due dates, requests, questions and flags, in one statement."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection

from recommendations import wording
from recommendations.dashboards.parameters import EARLIEST_DAY
from recommendations.models import DueDateDecision, Inspection
from recommendations.models.answers import ReportedStatus
from recommendations.models.question import Side
from recommendations.rules import LONDON, EndingKind, Flag, days_after_due, london_day, start_of_day

RAISED, CLEARED = "raised flag", "cleared flag"
UPDATES = frozenset({"update", "no change"})
LATEST_DAYS = 30  # in which the latest events are looked for first

# Columns: kind, at, assignment, detail (a status, flag, outcome, side or EndingKind), two due
# dates. PERIOD stands for the condition on the column before it. Flags begin with their London day.
_OUTCOMES = """
SELECT CASE WHEN confirms_id IS NOT NULL THEN 'no change'
            WHEN status = 'implemented' THEN 'claim' ELSE 'update' END AS kind,
       submitted_at AS at, assignment_id, status AS detail,
       NULL::date AS from_on, NULL::date AS to_on
FROM recommendations_update WHERE submitted_at PERIOD
UNION ALL
SELECT r.decision || ' claim', r.reviewed_at, u.assignment_id, '', NULL, NULL
FROM recommendations_review r JOIN recommendations_update u ON u.id = r.update_id
WHERE r.reviewed_at PERIOD
UNION ALL
SELECT 'corrected review', c.corrected_at, u.assignment_id, c.decision, NULL, NULL
FROM recommendations_reviewcorrection c
JOIN recommendations_review r ON r.id = c.review_id
JOIN recommendations_update u ON u.id = r.update_id
WHERE c.corrected_at PERIOD
UNION ALL
SELECT 'second review', s.reviewed_at, u.assignment_id, '', NULL, NULL
FROM recommendations_secondreview s
JOIN recommendations_review r ON r.id = s.review_id
JOIN recommendations_update u ON u.id = r.update_id
WHERE s.reviewed_at PERIOD
UNION ALL
SELECT 'due date change', decided_at, assignment_id, '', from_due_on, to_due_on
FROM recommendations_duedatechange WHERE decided_at PERIOD
UNION ALL
SELECT 'withdrawal', w.withdrawn_at, w.assignment_id, coalesce(e.kind, ''), NULL, NULL
FROM recommendations_withdrawal w
LEFT JOIN recommendations_ending e
    ON e.withdrawal_id = w.id AND e.number = 1 AND e.recorded_at = w.withdrawn_at
WHERE w.withdrawn_at PERIOD
UNION ALL
SELECT 'ending', e.recorded_at, w.assignment_id, e.kind, NULL, NULL
FROM recommendations_ending e
JOIN recommendations_withdrawal w
    ON w.id = e.withdrawal_id AND (e.number > 1 OR w.withdrawn_at < e.recorded_at)
WHERE e.recorded_at PERIOD
"""

# Between an organisation and the analysts: only for readers of the organisation's documents. A
# request that is granted is a due date change.
_EXCHANGES = """
UNION ALL
SELECT 'extension request', asked_at, assignment_id, '', NULL, asked_due_on
FROM recommendations_duedaterequest WHERE asked_at PERIOD
UNION ALL
SELECT 'extension decision', d.decided_at, r.assignment_id, d.outcome, NULL, NULL
FROM recommendations_duedatedecision d JOIN recommendations_duedaterequest r ON r.id = d.request_id
WHERE d.due_date_change_id IS NULL AND d.decided_at PERIOD
UNION ALL
SELECT 'question', asked_at, assignment_id, side, NULL, NULL
FROM recommendations_question WHERE asked_at PERIOD
UNION ALL
SELECT 'answer', y.replied_at, q.assignment_id, y.side, NULL, NULL
FROM recommendations_reply y JOIN recommendations_question q ON q.id = y.question_id
WHERE y.replied_at PERIOD
"""

_FLAGS = f"""
UNION ALL
SELECT '{RAISED}', raised_on::timestamp AT TIME ZONE '{LONDON.key}', assignment_id, flag, NULL, NULL
FROM recommendations_flagepisode WHERE raised_on BETWEEN %(first)s AND %(last)s
UNION ALL
SELECT '{CLEARED}', cleared_on::timestamp AT TIME ZONE '{LONDON.key}', assignment_id, flag,
       NULL, NULL
FROM recommendations_flagepisode WHERE cleared_on BETWEEN %(first)s AND %(last)s
"""  # noqa: S608  # nosec B608 # built from constants only

_EVENTS = """
SELECT e.kind, e.at, e.assignment_id, e.detail, e.from_on, e.to_on, a.body_id, m.reference
FROM (UNION_OF_KINDS) e
JOIN recommendations_assignment a ON a.id = e.assignment_id
JOIN recommendations_recommendation m ON m.id = a.recommendation_id
WHERE m.inspection_id = %(inspection)s
  AND (%(bodies)s::bigint[] IS NULL OR a.body_id = ANY(%(bodies)s))
ORDER BY e.at DESC, e.assignment_id, e.kind
LIMIT %(limit)s
"""
_PERIOD = "BETWEEN %(since)s AND %(before)s - interval '1 microsecond'"


@dataclass(frozen=True)
class ChangeEvent:
    """Something that happened to an assignment at an instant."""

    kind: str  # `claim`, `due date change`
    at: datetime
    assignment_id: int
    detail: str
    from_on: date | None
    to_on: date | None
    body_id: int
    reference: str  # of the recommendation

    @cached_property
    def on(self) -> date:
        return london_day(self.at)

    @property
    def text(self) -> str:
        """What happened in words: `claim returned`, `became overdue`."""
        return _TEXTS[self.kind](self)

    @property
    def is_newly_overdue(self) -> bool:
        return self.kind == RAISED and self.detail == Flag.OVERDUE


def events_between(
    inspection: Inspection, *, bodies: Collection[int] | None, since: date, until: date
) -> list[ChangeEvent]:
    """Return what happened on these London days, newest first; one query.

    `bodies` are the keys of the organisations, None for all.
    """
    period = {
        "since": start_of_day(since),
        "before": start_of_day(until + timedelta(days=1)),
        "first": since,
        "last": until,
    }
    keys = None if bodies is None else list(bodies)
    return _select(_OUTCOMES + _EXCHANGES + _FLAGS, inspection, period, bodies=keys)


def latest_events(inspection: Inspection, *, before: datetime, count: int) -> list[ChangeEvent]:
    """Return the latest updates, reviews and due date changes, newest first; one or two queries."""
    for days in (LATEST_DAYS, None):
        since = start_of_day(EARLIEST_DAY) if days is None else before - timedelta(days=days)
        events = _select(_OUTCOMES, inspection, {"since": since, "before": before}, limit=count)
        if len(events) == count:
            break
    return events


def _select(
    kinds: str,
    inspection: Inspection,
    period: Mapping[str, date],
    *,
    bodies: list[int] | None = None,
    limit: int | None = None,
) -> list[ChangeEvent]:
    sql = _EVENTS.replace("UNION_OF_KINDS", kinds).replace("PERIOD", _PERIOD)
    parameters: dict[str, Any] = {"inspection": inspection.pk, "bodies": bodies, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters | dict(period))
        return [ChangeEvent(*row) for row in cursor.fetchall()]


def _due_date_text(event: ChangeEvent) -> str:
    if event.from_on is None or event.to_on is None:
        return "due date changed"
    is_extension = days_after_due(event.from_on, on=event.to_on) > 0
    verb = "extended" if is_extension else "brought forward"
    return f"due date {verb} from {wording.day(event.from_on)} to {wording.day(event.to_on)}"


def _request_text(event: ChangeEvent) -> str:
    return f"more time requested, until {wording.day(event.to_on)}" if event.to_on else ""


def _decision_text(event: ChangeEvent) -> str:
    outcome = DueDateDecision.Outcome(event.detail).label
    return f"request for more time {outcome[0].lower()}{outcome[1:]}"


def _side(event: ChangeEvent) -> str:
    return "the organisation" if event.detail == Side.BODY else "an analyst"


def _ending(event: ChangeEvent) -> str:
    return f" ({EndingKind(event.detail).label.lower()})" if event.detail else ""


_TEXTS: dict[str, Callable[[ChangeEvent], str]] = {
    "update": lambda event: f"update submitted ({ReportedStatus(event.detail).label.lower()})",
    "no change": lambda event: "no change confirmed",
    "claim": lambda event: "claim submitted",
    "accepted claim": lambda event: "claim accepted",
    "returned claim": lambda event: "claim returned",
    "corrected review": lambda event: f"review corrected (claim {event.detail})",
    "second review": lambda event: "claim confirmed by a second reviewer",
    "due date change": _due_date_text,
    "withdrawal": lambda event: f"withdrawn{_ending(event)}",
    "ending": lambda event: f"why it was withdrawn recorded{_ending(event)}",
    "extension request": _request_text,
    "extension decision": _decision_text,
    "question": lambda event: f"question asked by {_side(event)}",
    "answer": lambda event: f"question answered by {_side(event)}",
    RAISED: lambda event: f"became {Flag(event.detail).label.lower()}",
    CLEARED: lambda event: f"is no longer {Flag(event.detail).label.lower()}",
}
