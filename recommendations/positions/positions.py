"""The position of assignments today and at any past time.

A position follows from the append-only rows alone. One SQL statement computes it for any set of
assignments at any instant. The same statement stores today's position on the assignments.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection

from forces.models import Body
from recommendations import lateness, rules, update_rules
from recommendations.models import Inspection
from recommendations.positions.past_time import AsAt
from recommendations.rules import Flag, Status

POSITIONS_SQL = """
SELECT a.id AS assignment_id,
       CASE WHEN w.withdrawn_at IS NOT NULL THEN 'withdrawn'
            WHEN u.id IS NULL THEN 'not_started'
            WHEN u.status <> 'implemented' THEN u.status
            WHEN r.decision = 'accepted' THEN 'implemented'
            WHEN r.decision = 'returned' THEN 'in_progress'
            ELSE 'evidence_submitted' END AS status,
       coalesce(d.to_due_on, a.original_due_on) AS due_on,
       coalesce(d.number, 0) AS due_date_changes_count,
       coalesce(u.confidence, '') AS confidence,
       u.forecast_on AS forecast_on,
       coalesce(w.withdrawn_at IS NULL AND u.status = 'implemented' AND r.decision = 'returned',
                false) AS is_returned,
       coalesce(w.withdrawn_at IS NULL AND u.status = 'implemented' AND r.decision = 'accepted'
                AND a.body_id IN (SELECT b.id FROM forces_body b WHERE b.reviews_claims)
                AND r.confirmed_at IS NULL, false) AS is_self_assessed,
       coalesce(e.kind, '') AS ending,
       coalesce((SELECT CASE WHEN n.inspection_id = o.inspection_id THEN n.reference
                             ELSE i.slug || '/' || n.reference END
                 FROM recommendations_recommendation n
                 JOIN recommendations_inspection i ON i.id = n.inspection_id
                 JOIN recommendations_recommendation o ON o.id = a.recommendation_id
                 WHERE n.id = e.superseded_by_id), '') AS superseded_by,
       coalesce(u.number - (SELECT c.number FROM recommendations_update c
                            WHERE c.id = u.confirms_id), 0) AS no_change_count,
       u.id AS latest_update_id,
       coalesce(u.submitted_at, a.assigned_at) AS heard_at,
       -- A subquery, not a join: it is not computed where the column is not selected.
       (SELECT c.submitted_at FROM recommendations_update c
        WHERE c.assignment_id = a.id AND c.status = 'implemented' AND c.submitted_at < %(before)s
        ORDER BY c.number LIMIT 1) AS first_claimed_at,
       greatest(a.assigned_at, u.submitted_at, r.decided_at, r.confirmed_at, d.decided_at,
                w.withdrawn_at, e.recorded_at) AS changed_at
FROM recommendations_assignment a
LEFT JOIN LATERAL (
    SELECT * FROM recommendations_update u
    WHERE u.assignment_id = a.id AND u.submitted_at < %(before)s
    ORDER BY u.number DESC LIMIT 1
) u ON true
LEFT JOIN LATERAL (
    SELECT coalesce(c.decision, r.decision) AS decision,
           coalesce(c.corrected_at, r.reviewed_at) AS decided_at,
           (SELECT max(s.reviewed_at) FROM recommendations_secondreview s
            WHERE s.review_id = r.id AND s.reviewed_at < %(before)s
              AND s.reviewed_at >= coalesce(c.corrected_at, r.reviewed_at)) AS confirmed_at
    FROM recommendations_review r
    LEFT JOIN LATERAL (
        SELECT * FROM recommendations_reviewcorrection c
        WHERE c.review_id = r.id AND c.corrected_at < %(before)s
        ORDER BY c.number DESC LIMIT 1
    ) c ON true
    WHERE r.update_id = u.id AND r.reviewed_at < %(before)s
    LIMIT 1  -- at most one exists; the limit keeps the query plan to index look-ups
) r ON true
LEFT JOIN LATERAL (
    SELECT * FROM recommendations_duedatechange d
    WHERE d.assignment_id = a.id AND d.decided_at < %(before)s
    ORDER BY d.number DESC LIMIT 1
) d ON true
LEFT JOIN recommendations_withdrawal w
    ON w.assignment_id = a.id AND w.withdrawn_at < %(before)s
LEFT JOIN LATERAL (
    SELECT * FROM recommendations_ending e
    WHERE e.withdrawal_id = w.id AND e.recorded_at < %(before)s
    ORDER BY e.number DESC LIMIT 1
) e ON true
WHERE a.assigned_at < %(before)s
"""

_STATE_COLUMNS = (
    "status",
    "due_on",
    "due_date_changes_count",
    "confidence",
    "forecast_on",
    "is_returned",
    "is_self_assessed",
    "ending",
    "superseded_by",
    "no_change_count",
    "latest_update_id",
    "heard_at",
    "first_claimed_at",
    "changed_at",
)
_TODAY_SQL = f"""
SELECT a.id, a.body_id, m.reference, a.body_id = m.lead_body_id, a.original_due_on,
       {", ".join(f"a.{column}" for column in _STATE_COLUMNS)}
FROM recommendations_assignment a
JOIN recommendations_recommendation m ON m.id = a.recommendation_id
WHERE m.inspection_id = %(inspection)s
  AND (%(body)s::bigint IS NULL OR a.body_id = %(body)s)
  AND (%(reference)s::text IS NULL OR m.reference = %(reference)s)
ORDER BY a.body_id, m.number, m.part
"""  # noqa: S608  # nosec B608 # built from constants only
_PAST_SQL = f"""
SELECT p.assignment_id, a.body_id, m.reference, a.body_id = m.lead_body_id, a.original_due_on,
       {", ".join(f"p.{column}" for column in _STATE_COLUMNS)}
FROM ({POSITIONS_SQL}) p
JOIN recommendations_assignment a ON a.id = p.assignment_id
JOIN recommendations_recommendation m ON m.id = a.recommendation_id
WHERE m.inspection_id = %(inspection)s
  AND (%(body)s::bigint IS NULL OR a.body_id = %(body)s)
ORDER BY a.body_id, m.number, m.part
"""  # noqa: S608  # nosec B608 # built from constants only


class Position(NamedTuple):
    """The position of one assignment at the end of the London day `on`, or now if that is today.

    A tuple, because a page makes hundreds. The fields before `on` are the columns of a statement.
    """

    assignment_id: int
    body_id: int
    reference: str  # of the recommendation
    is_lead: bool  # leads the recommendation today
    original_due_on: date
    status: Status
    due_on: date
    due_date_changes_count: int
    confidence: str
    forecast_on: date | None
    is_returned: bool  # the latest update is a claim that was returned
    is_self_assessed: bool  # accepted by the department that made the claim, and nobody else
    ending: str  # an EndingKind; empty if it is not withdrawn, or nobody has said why
    superseded_by: str  # a reference: 7, or slug/7 of another inspection; or empty
    no_change_count: int  # updates in a row, up to the latest, that said "no change"
    latest_update_id: int | None
    heard_at: datetime
    first_claimed_at: datetime | None
    changed_at: datetime
    on: date

    @property
    def flags(self) -> frozenset[Flag]:
        return rules.flags(self, on=self.on)

    def has(self, flag: Flag) -> bool:
        return rules.FLAG_RULES[flag].applies(self, on=self.on)

    @property
    def is_overdue(self) -> bool:
        return rules.is_overdue(self, on=self.on)

    @property
    def days_overdue(self) -> int:
        return rules.days_overdue(self, on=self.on)

    @property
    def is_late(self) -> bool:
        return lateness.is_late(self)

    @property
    def days_late(self) -> int:
        return lateness.days_late(self)

    @property
    def has_many_no_changes(self) -> bool:
        return update_rules.has_many_no_changes(self)

    @property
    def is_extended(self) -> bool:
        return self.due_date_changes_count > 0


def at(
    inspection: Inspection, past: AsAt | None, *, on: date, body: Body | None = None
) -> list[Position]:
    """Return the positions at a past time, or if that is None today's (`on` is today); 1 query."""
    if past is None:
        return today(inspection, on=on, body=body)
    return as_at(inspection, on=past.on, before=past.before, body=body)


def today(
    inspection: Inspection, *, on: date, body: Body | None = None, reference: str | None = None
) -> list[Position]:
    """Return today's positions, which are stored on the assignments; `on` is today. 1 query.

    `body` and `reference` limit them to one organisation and one recommendation.
    """
    parameters: dict[str, Any] = {
        "inspection": inspection.pk,
        "body": body.pk if body else None,
        "reference": reference,
    }
    return _positions(_TODAY_SQL, parameters, on=on)


def as_at(
    inspection: Inspection, *, on: date, body: Body | None = None, before: datetime | None = None
) -> list[Position]:
    """Return the positions at the end of a London day, computed from the history; 1 query.

    `before` is an instant of that day: rows recorded at or after it do not count. Assignments made
    later are left out.
    """
    parameters: dict[str, Any] = {
        "before": before or rules.start_of_day(on + timedelta(days=1)),
        "inspection": inspection.pk,
        "body": body.pk if body else None,
    }
    return _positions(_PAST_SQL, parameters, on=on)


def _positions(sql: str, parameters: dict[str, Any], *, on: date) -> list[Position]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [Position._make((*row, on)) for row in cursor.fetchall()]


def refresh(assignment_ids: Iterable[int]) -> None:
    """Update the stored position of these assignments from their history, in one statement.

    The caller holds the rows' locks, in the transaction that wrote the history.
    """
    sql = f"""
        UPDATE recommendations_assignment a
        SET {", ".join(f"{column} = p.{column}" for column in _STATE_COLUMNS)}
        FROM ({POSITIONS_SQL} AND a.id = ANY(%(ids)s)) p
        WHERE a.id = p.assignment_id
    """  # noqa: S608  # nosec B608 # built from constants only
    with connection.cursor() as cursor:
        cursor.execute(sql, {"before": "infinity", "ids": list(assignment_ids)})


def mismatched_ids() -> list[int]:
    """Return the ids of assignments whose stored position differs from the computed one."""
    sql = f"""
        SELECT a.id FROM recommendations_assignment a
        LEFT JOIN ({POSITIONS_SQL}) p ON p.assignment_id = a.id
        WHERE ({", ".join(f"a.{column}" for column in _STATE_COLUMNS)})
              IS DISTINCT FROM ({", ".join(f"p.{column}" for column in _STATE_COLUMNS)})
        ORDER BY a.id
    """  # noqa: S608  # nosec B608 # built from constants only
    with connection.cursor() as cursor:
        cursor.execute(sql, {"before": "infinity"})
        return [row[0] for row in cursor.fetchall()]
