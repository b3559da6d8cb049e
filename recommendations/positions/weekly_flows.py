"""The weeks that a projection is made from: numbers of positions, claims and reviews of forces."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from recommendations import rules
from recommendations.models import Inspection, Review
from recommendations.positions.positions import POSITIONS_SQL
from recommendations.projection import FlowWeek
from recommendations.rules import CLAIMED, OPEN, Status

_WEEKS_SQL = f"""
WITH position AS MATERIALIZED (
    SELECT days."on", p.assignment_id, p.status,
           coalesce(p.forecast_on <= days."on" + %(horizon_days)s, false) AS is_foretold
    FROM unnest(%(days)s::date[], %(ends)s::timestamptz[]) AS days("on", before)
    CROSS JOIN LATERAL (
        {POSITIONS_SQL.replace("%(before)s", "days.before")}
        AND a.recommendation_id IN (SELECT m.id FROM recommendations_recommendation m
                                    WHERE m.inspection_id = %(inspection)s)
        AND a.body_id = ANY(%(forces)s)
    ) p
), step AS (
    SELECT *, lag(status) OVER week = ANY(%(open)s) AND status = ANY(%(claimed)s) AS is_claimed,
           lag(is_foretold) OVER week AS was_foretold
    FROM position WINDOW week AS (PARTITION BY assignment_id ORDER BY "on")
)
SELECT "on",
       count(*) FILTER (WHERE status = %(implemented)s) AS done,
       count(*) FILTER (WHERE status = %(waiting)s) AS waiting,
       count(*) FILTER (WHERE status = ANY(%(open)s) AND is_foretold) AS foretold,
       count(*) FILTER (WHERE status = ANY(%(open)s) AND NOT is_foretold) AS others,
       count(*) FILTER (WHERE is_claimed AND was_foretold) AS foretold_claims,
       count(*) FILTER (WHERE is_claimed AND NOT was_foretold) AS other_claims
FROM step GROUP BY 1 ORDER BY 1
"""  # noqa: S608  # nosec B608 # built from constants only


def weeks_up_to(
    inspection: Inspection,
    *,
    on: date,
    before: datetime,
    forces: Sequence[int],
    weeks: int,
    horizon: int,
) -> list[FlowWeek]:
    """Return the last `weeks` weeks with assignments; 2 queries.

    The last one ends on the day `on` with what was recorded `before` an instant. `horizon`: how
    many weeks ahead a forecast counts as foretold. The claim of a week counts if it was still
    waiting or was accepted at its end.
    """
    days = [on - timedelta(weeks=number) for number in range(weeks, -1, -1)]
    parameters: dict[str, Any] = {
        "days": days,
        "ends": [*(rules.start_of_day(day + timedelta(days=1)) for day in days[:-1]), before],
        "inspection": inspection.pk,
        "forces": list(forces),
        "horizon_days": 7 * horizon,
        "open": list(OPEN),
        "claimed": list(CLAIMED),
        "implemented": Status.IMPLEMENTED,
        "waiting": Status.EVIDENCE_SUBMITTED,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WEEKS_SQL, parameters)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    reviews = _reviews(inspection, days=days, before=before, forces=forces)
    return [
        FlowWeek(
            **row,
            reviews=len(reviews[row["on"]]),
            accepted=sum(is_accepted for is_accepted, _ in reviews[row["on"]]),
            reviewers=frozenset(reviewer for _, reviewer in reviews[row["on"]]),
        )
        for row in rows
    ]


def _reviews(
    inspection: Inspection, *, days: Sequence[date], before: datetime, forces: Sequence[int]
) -> dict[date, list[tuple[bool, int]]]:
    """Return whether each review accepted, and who made it, by the last day of the week."""
    found = Review.objects.filter(
        update__assignment__recommendation__inspection=inspection,
        update__assignment__body__in=forces,
        reviewed_at__gte=rules.start_of_day(days[0] - timedelta(days=6)),
        reviewed_at__lt=before,
    ).values_list("reviewed_at", "decision", "reviewed_by")
    reviews: dict[date, list[tuple[bool, int]]] = defaultdict(list)
    for reviewed_at, decision, reviewer in found:
        weeks = (days[-1] - rules.london_day(reviewed_at)).days // 7
        is_accepted = decision == Review.Decision.ACCEPTED
        reviews[days[-1] - timedelta(weeks=weeks)].append((is_accepted, reviewer))
    return reviews
