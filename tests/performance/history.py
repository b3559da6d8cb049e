"""Creates many inspections and ten years of weekly updates by SQL, without triggers."""

from django.core.management import call_command
from django.db import connection

WEEKS = 520
_UPDATES = """
INSERT INTO recommendations_update (
    assignment_id, number, token, submitted_at, submitted_by_id, status, confidence, account,
    next_steps, blockers, forecast_on
)
SELECT a.id, n, gen_random_uuid(), now() - interval '3 days' - (%(weeks)s - n) * interval '1 week',
       (SELECT min(id) FROM forces_user),
       CASE WHEN {is_claim} THEN 'implemented' ELSE 'in_progress' END, 'amber',
       'Work continues in week ' || n || '.', 'Continue.', '',
       CASE WHEN {is_claim} THEN NULL ELSE current_date + 60 END
FROM recommendations_assignment a
JOIN recommendations_recommendation r ON r.id = a.recommendation_id
CROSS JOIN generate_series(1, %(weeks)s) n
WHERE (r.inspection_id = %(current)s) = %(of_current)s
"""
_IS_CLAIM = "n = %(weeks)s AND %(of_current)s AND a.id %% 10 = 0"  # one in ten of the last week
_COPIES = """
WITH inspections AS (
    INSERT INTO recommendations_inspection (slug, title, publisher, published_on, is_synthetic,
                                            revision)
    SELECT 'bench-' || n, 'Bench ' || n, 'HMICFRS', date '2001-01-01', true, 0
    FROM generate_series(1, %(copies)s) n
    RETURNING id
), recommendations AS (
    INSERT INTO recommendations_recommendation ({columns}, inspection_id)
    SELECT {of_recommendation}, i.id FROM recommendations_recommendation r, inspections i
    WHERE r.inspection_id = %(current)s
    RETURNING id, number
)
INSERT INTO recommendations_assignment ({assignment}, recommendation_id)
SELECT {of_assignment}, m.id
FROM recommendations_assignment a
JOIN recommendations_recommendation r ON r.id = a.recommendation_id
JOIN recommendations m ON m.number = r.number
WHERE r.inspection_id = %(current)s
"""


def create_ten_years(*, assignments: int) -> int:
    """Give the demonstration data 520 weeks of updates, and add inspections up to this size.

    One in ten of the last updates in the current inspection is a claim. Assignments of other
    inspections have one update each: ten years of all of them would be 220 million rows. Returns
    the number of updates.
    """
    from recommendations.models import Assignment, Inspection, Update

    current = Inspection.objects.current()
    assert current is not None
    current_size = Assignment.objects.filter(recommendation__inspection=current).count()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # skip the triggers
        for table in ("reviewcorrection", "reviewhold", "review", "evidence", "update"):
            cursor.execute(f"DELETE FROM recommendations_{table}")
        values = {"weeks": WEEKS, "current": current.pk, "of_current": True}
        updates = _UPDATES.format(is_claim=_IS_CLAIM)
        cursor.execute(updates, values)
        copies = assignments // current_size - 1
        if copies > 0:
            cursor.execute(_copies(), {"copies": copies, "current": current.pk})
            cursor.execute(updates, {**values, "weeks": 1, "of_current": False})
        cursor.execute("SET session_replication_role = DEFAULT")
    _refresh_positions()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    call_command("flag_overdue", verbosity=0)
    return Update.objects.count()


def _copies() -> str:
    recommendation = _columns("recommendations_recommendation", "inspection_id")
    assignment = _columns("recommendations_assignment", "recommendation_id")
    return _COPIES.format(
        columns=", ".join(recommendation),
        of_recommendation=", ".join(f"r.{name}" for name in recommendation),
        assignment=", ".join(assignment),
        of_assignment=", ".join(f"a.{name}" for name in assignment),
    )


def _columns(table: str, *excluded: str) -> list[str]:
    with connection.cursor() as cursor:
        columns = connection.introspection.get_table_description(cursor, table)
    return [column.name for column in columns if column.name not in {"id", *excluded}]


def _refresh_positions() -> None:
    from recommendations.models import Assignment
    from recommendations.positions import positions

    positions.refresh(Assignment.objects.values_list("pk", flat=True))
