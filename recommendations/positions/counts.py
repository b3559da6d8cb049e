"""How many assignments stood alike on past days, and how single ones got there.

Computed from the statement that computes a position (`recommendations.positions`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from recommendations import rules
from recommendations.models import Recommendation
from recommendations.positions.positions import COMPUTED


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """How many assignments stood alike at the end of one London day."""

    on: date
    is_force: bool
    status: str
    due_on: date
    count: int

    @property
    def is_overdue(self) -> bool:
        return rules.is_overdue(self, on=self.on)


_STOOD = f"""
WITH stood AS MATERIALIZED (
    SELECT days."on", p.assignment_id, p.status, p.due_on, p.confidence
    FROM unnest(%(on)s::date[], %(before)s::timestamptz[]) AS days("on", before)
    CROSS JOIN LATERAL (
        {COMPUTED.replace("%(before)s", "days.before")} AND a.recommendation_id = ANY(%(of)s)
        AND (%(bodies)s::bigint[] IS NULL OR a.body_id = ANY(%(bodies)s))
    ) p
)
"""  # noqa: S608  # nosec B608 # made of our own texts


def counts_on(
    recommendations: Iterable[Recommendation],
    *,
    days: Sequence[date],
    bodies: Sequence[int] | None = None,
) -> list[Tally]:
    """How many stood in each status on each of the days, by due date; one query.

    Of all bodies, or of these (keys).
    """
    rows = _stood(
        """
        SELECT stood."on", b.kind = 'force', stood.status, stood.due_on, count(*)
        FROM stood
        JOIN recommendations_assignment a ON a.id = stood.assignment_id
        JOIN forces_body b ON b.id = a.body_id
        GROUP BY 1, 2, 3, 4
        ORDER BY 1, 2, 3, 4
        """,
        recommendations,
        days,
        bodies,
    )
    names = ("on", "is_force", "status", "due_on", "count")
    return [Tally(**dict(zip(names, row, strict=True))) for row in rows]


@dataclass(frozen=True, slots=True)
class Share:
    """How many forces stood alike on one recommendation at the end of one London day."""

    on: date
    number: int  # of the recommendation
    status: str
    confidence: str
    count: int


def shares_on(recommendations: Iterable[Recommendation], *, days: Sequence[date]) -> list[Share]:
    """How many forces stood in each status and confidence, by recommendation; one query."""
    rows = _stood(
        """
        SELECT stood."on", m.number, stood.status, stood.confidence, count(*)
        FROM stood
        JOIN recommendations_assignment a ON a.id = stood.assignment_id
        JOIN recommendations_recommendation m ON m.id = a.recommendation_id
        JOIN forces_body b ON b.id = a.body_id
        WHERE b.kind = 'force'
        GROUP BY 1, 2, 3, 4
        ORDER BY 1, 2, 3, 4
        """,
        recommendations,
        days,
        None,
    )
    return [Share(*row) for row in rows]


def steps_of(
    recommendation: Recommendation, *, days: Sequence[date]
) -> dict[int, dict[date, tuple[str, bool]]]:
    """By body (key) and day: the status, and whether it was overdue; one query."""
    rows = _stood(
        """
        SELECT stood."on", a.body_id, stood.status, stood.due_on
        FROM stood JOIN recommendations_assignment a ON a.id = stood.assignment_id
        """,
        [recommendation],
        days,
        None,
    )
    found: dict[int, dict[date, tuple[str, bool]]] = {}
    for on, body_id, status, due_on in rows:
        stood = Tally(on=on, is_force=True, status=status, due_on=due_on, count=1)
        found.setdefault(body_id, {})[on] = (status, stood.is_overdue)
    return found


def _stood(
    select: str,
    recommendations: Iterable[Recommendation],
    days: Sequence[date],
    bodies: Sequence[int] | None,
) -> list[tuple[Any, ...]]:
    parameters: dict[str, Any] = {
        "on": list(days),
        "before": [rules.start_of_day(on + timedelta(days=1)) for on in days],
        "of": [each.pk for each in recommendations],
        "bodies": None if bodies is None else list(bodies),
    }
    with connection.cursor() as cursor:
        cursor.execute(_STOOD + select, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
