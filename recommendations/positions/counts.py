"""Counts of assignments on past days, computed from the statement that computes a position."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from recommendations import rules
from recommendations.models import Recommendation
from recommendations.positions.positions import POSITIONS_SQL


@dataclass(frozen=True, slots=True)
class StatusCount:
    """How many assignments had one status and due date at the end of one London day."""

    on: date
    is_force: bool
    status: str
    due_on: date
    count: int

    @property
    def is_overdue(self) -> bool:
        return rules.is_overdue(self, on=self.on)


@dataclass(frozen=True, slots=True)
class ConfidenceCount:
    """How many assignments had one recommendation, status and confidence at the end of a day."""

    on: date
    reference: str  # of the recommendation
    status: str
    confidence: str
    count: int


_COUNTS_SQL = f"""
WITH position AS MATERIALIZED (
    SELECT days."on", p.assignment_id, p.status, p.due_on, p.confidence
    FROM unnest(%(days)s::date[], %(ends)s::timestamptz[]) AS days("on", before)
    CROSS JOIN LATERAL (
        {POSITIONS_SQL.replace("%(before)s", "days.before")}
        AND a.recommendation_id = ANY(%(recommendations)s)
        AND (%(bodies)s::bigint[] IS NULL OR a.body_id = ANY(%(bodies)s))
    ) p
)
SELECT position."on", COLUMNS, count(*)
FROM position
JOIN recommendations_assignment a ON a.id = position.assignment_id
JOIN recommendations_recommendation m ON m.id = a.recommendation_id
JOIN forces_body b ON b.id = a.body_id
GROUP BY 1, 2, 3, 4
ORDER BY 1, 2, 3, 4
"""  # noqa: S608  # nosec B608 # built from constants only


def status_counts(
    recommendations: Iterable[Recommendation],
    *,
    days: Sequence[date],
    bodies: Sequence[int] | None = None,
) -> list[StatusCount]:
    """Return the counts by status and due date at the end of each day; 1 query.

    `bodies` (primary keys) limits them to these organisations.
    """
    columns = "b.kind = 'force', position.status, position.due_on"
    return [StatusCount(*row) for row in _execute(columns, recommendations, days, bodies)]


def confidence_counts(
    recommendations: Iterable[Recommendation], *, days: Sequence[date], forces: Sequence[int]
) -> list[ConfidenceCount]:
    """Return the counts by recommendation, status and confidence at the end of each day; 1 query.

    `forces` are the primary keys of the organisations to count.
    """
    columns = "m.reference, position.status, position.confidence"
    return [ConfidenceCount(*row) for row in _execute(columns, recommendations, days, forces)]


def statuses_by_body(
    recommendation: Recommendation, *, days: Sequence[date]
) -> dict[int, dict[date, tuple[str, bool]]]:
    """Return the status, and whether overdue, by body (primary key) and day; 1 query."""
    statuses: dict[int, dict[date, tuple[str, bool]]] = defaultdict(dict)
    overdue: dict[tuple[date, str, date], bool] = {}  # many organisations are in the same state
    columns = "a.body_id, position.status, position.due_on"
    for on, body_id, status, due_on, _ in _execute(columns, [recommendation], days):
        state = on, status, due_on
        if state not in overdue:
            overdue[state] = StatusCount(on, True, status, due_on, 1).is_overdue
        statuses[body_id][on] = status, overdue[state]
    return statuses


def _execute(
    columns: str,
    recommendations: Iterable[Recommendation],
    days: Sequence[date],
    bodies: Sequence[int] | None = None,
) -> list[tuple[Any, ...]]:
    parameters: dict[str, Any] = {
        "days": list(days),
        "ends": [rules.start_of_day(on + timedelta(days=1)) for on in days],
        "recommendations": [recommendation.pk for recommendation in recommendations],
        "bodies": None if bodies is None else list(bodies),
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS_SQL.replace("COLUMNS", columns), parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
