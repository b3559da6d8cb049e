"""Counts of assignments on past days, by status and other columns.

Computed from the statement that computes a position (`recommendations.positions.positions`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from recommendations import rules
from recommendations.models import Recommendation
from recommendations.positions.positions import POSITIONS_SQL


@dataclass(frozen=True, kw_only=True, slots=True)
class StatusCount:
    """How many assignments had one status and due date at the end of one London day."""

    on: date
    is_force: bool
    status: str
    due_on: date
    count: int = 1

    @property
    def is_overdue(self) -> bool:
        return rules.is_overdue(self, on=self.on)


@dataclass(frozen=True, slots=True)
class ConfidenceCount:
    """How many forces had one status and confidence on a recommendation at the end of a day."""

    on: date
    number: int  # of the recommendation
    status: str
    confidence: str
    count: int


_POSITIONS_ON_DAYS = f"""
WITH position AS MATERIALIZED (
    SELECT days."on", p.assignment_id, p.status, p.due_on, p.confidence
    FROM unnest(%(days)s::date[], %(ends)s::timestamptz[]) AS days("on", before)
    CROSS JOIN LATERAL (
        {POSITIONS_SQL.replace("%(before)s", "days.before")}
        AND a.recommendation_id = ANY(%(recommendations)s)
        AND (%(bodies)s::bigint[] IS NULL OR a.body_id = ANY(%(bodies)s))
    ) p
)
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
    rows = _execute(
        """
        SELECT position."on", b.kind = 'force', position.status, position.due_on, count(*)
        FROM position
        JOIN recommendations_assignment a ON a.id = position.assignment_id
        JOIN forces_body b ON b.id = a.body_id
        GROUP BY 1, 2, 3, 4
        ORDER BY 1, 2, 3, 4
        """,
        recommendations,
        days,
        bodies,
    )
    names = ("on", "is_force", "status", "due_on", "count")
    return [StatusCount(**dict(zip(names, row, strict=True))) for row in rows]


def confidence_counts(
    recommendations: Iterable[Recommendation], *, days: Sequence[date]
) -> list[ConfidenceCount]:
    """Return the counts of forces by recommendation, status and confidence on each day; 1 query."""
    rows = _execute(
        """
        SELECT position."on", m.number, position.status, position.confidence, count(*)
        FROM position
        JOIN recommendations_assignment a ON a.id = position.assignment_id
        JOIN recommendations_recommendation m ON m.id = a.recommendation_id
        JOIN forces_body b ON b.id = a.body_id
        WHERE b.kind = 'force'
        GROUP BY 1, 2, 3, 4
        ORDER BY 1, 2, 3, 4
        """,
        recommendations,
        days,
    )
    return [ConfidenceCount(*row) for row in rows]


def statuses_by_body(
    recommendation: Recommendation, *, days: Sequence[date]
) -> dict[int, dict[date, tuple[str, bool]]]:
    """Return the status, and whether overdue, by body (primary key) and day; 1 query."""
    rows = _execute(
        """
        SELECT position."on", a.body_id, position.status, position.due_on
        FROM position JOIN recommendations_assignment a ON a.id = position.assignment_id
        """,
        [recommendation],
        days,
    )
    statuses: dict[int, dict[date, tuple[str, bool]]] = {}
    for on, body_id, status, due_on in rows:
        single = StatusCount(on=on, is_force=True, status=status, due_on=due_on)
        statuses.setdefault(body_id, {})[on] = (status, single.is_overdue)
    return statuses


def _execute(
    select: str,
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
        cursor.execute(_POSITIONS_ON_DAYS + select, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
