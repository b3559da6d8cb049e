"""Creates ten years of weekly updates, and many other inspections, by SQL and without triggers."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

WEEKS = 520
_FILLED = (
    *("recommendations_assignment", "recommendations_update", "recommendations_flagepisode"),
    "recommendations_updatesearch",
)
# The texts of the demonstration, so that words are as frequent as in real updates.
_TEXTS = """
DROP TABLE IF EXISTS bench_text;
CREATE TEMPORARY TABLE bench_text AS
SELECT row_number() OVER (ORDER BY account, next_steps, blockers) - 1 AS number,
       account, next_steps, blockers,
       to_tsvector('english_without_accents',
                   account || ' ' || next_steps || ' ' || blockers || ' ') AS words
FROM (SELECT DISTINCT account, next_steps, blockers FROM recommendations_update) t
"""
_UPDATES = """
INSERT INTO recommendations_update (
    assignment_id, number, token, submitted_at, submitted_by_id, status, confidence, account,
    next_steps, blockers, forecast_on
)
SELECT a.id, n, gen_random_uuid(),
       now() - interval '3 days' - (%(updates)s - n) * interval '{weeks} weeks' / %(updates)s,
       (SELECT min(id) FROM forces_user),
       CASE WHEN {is_claim} THEN 'implemented' ELSE 'in_progress' END, 'amber',
       t.account, t.next_steps, t.blockers,
       CASE WHEN {is_claim} THEN NULL ELSE current_date + 60 END
FROM recommendations_assignment a
JOIN recommendations_recommendation r ON r.id = a.recommendation_id
CROSS JOIN generate_series(1, %(updates)s) n
JOIN bench_text t ON t.number = (a.id * 7919 + n) %% (SELECT count(*) FROM bench_text)
WHERE (r.inspection_id = %(current)s) = %(of_current)s
ORDER BY n, a.id  -- as they are submitted
"""
_WORDS = """
INSERT INTO recommendations_updatesearch (update_id, inspection_id, body_id, submitted_at, words)
SELECT u.id, r.inspection_id, a.body_id, u.submitted_at, t.words
FROM recommendations_update u
JOIN recommendations_assignment a ON a.id = u.assignment_id
JOIN recommendations_recommendation r ON r.id = a.recommendation_id
JOIN bench_text t ON t.number = (a.id * 7919 + u.number) %% (SELECT count(*) FROM bench_text)
WHERE (r.inspection_id = %(current)s) = %(of_current)s
ORDER BY u.id
"""
_IS_CLAIM = "n = %(updates)s AND %(of_current)s AND a.id %% 10 = 0"  # one in ten of the last week
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
    RETURNING id, reference
)
INSERT INTO recommendations_assignment ({assignment}, recommendation_id)
SELECT {of_assignment}, m.id
FROM recommendations_assignment a
JOIN recommendations_recommendation r ON r.id = a.recommendation_id
JOIN recommendations m ON m.reference = r.reference
WHERE r.inspection_id = %(current)s
"""


def create_ten_years(*, updates: int = WEEKS) -> int:
    """Replace the updates by so many of each assignment, in ten years. Return their number.

    One in ten of the last updates is a claim.
    """
    values = {**_values(of_current=True), "updates": updates}
    with connection.cursor() as cursor, _bulk_load(cursor):
        cursor.execute(_TEXTS)
        for table in ("reviewcorrection", "reviewhold", "review", "evidence", "updatesearch"):
            cursor.execute(f"DELETE FROM recommendations_{table}")
        cursor.execute("DELETE FROM recommendations_update")
        _insert_updates(cursor, values)
    return _complete()


def create_other_inspections(*, assignments: int) -> int:
    """Copy the inspection until there are so many assignments. Return the number of updates.

    The copies have one update an assignment: ten years of all would be 220 million rows.
    """
    from recommendations.models import Assignment

    values = _values(of_current=False)
    current = Assignment.objects.filter(recommendation__inspection=values["current"]).count()
    with connection.cursor() as cursor, _bulk_load(cursor):
        copies = assignments // current - 1
        cursor.execute(_copies(), {"copies": copies, "current": values["current"]})
        _insert_updates(cursor, {**values, "updates": 1})
    return _complete()


def _insert_updates(cursor, values: dict[str, Any]) -> None:
    """Insert the updates, and the words that a trigger would have added."""
    cursor.execute(_UPDATES.format(is_claim=_IS_CLAIM, weeks=WEEKS), values)
    cursor.execute(_WORDS, values)


def _values(*, of_current: bool) -> dict[str, Any]:
    from recommendations.models import Inspection

    current = Inspection.objects.current()
    assert current is not None
    return {"current": current.pk, "of_current": of_current}


@contextmanager
def _bulk_load(cursor) -> Iterator[None]:
    """Skip the triggers, and create the indexes of the filled tables again afterwards."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND NOT EXISTS "
        "(SELECT FROM pg_constraint WHERE conname = indexname)",
        [list(_FILLED)],
    )
    indexes = cursor.fetchall()
    cursor.execute("SET session_replication_role = replica; SET maintenance_work_mem = '256MB'")
    for name, _ in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, definition in indexes:
        cursor.execute(definition)
    cursor.execute("SET session_replication_role = DEFAULT")


def _complete() -> int:
    """Store the positions, flags and dashboards that follow. Return the number of updates."""
    from recommendations.models import Assignment, Update
    from recommendations.positions import positions
    from recommendations.positions.flag_episodes import settle
    from recommendations.rules import CLOSED, london_day

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        positions.refresh(Assignment.objects.values_list("pk", flat=True))
        cursor.execute("VACUUM ANALYZE recommendations_assignment")
    settle(Assignment.objects.exclude(status__in=CLOSED), on=london_day(timezone.now()))
    call_command("render_dashboards", verbosity=0, stdout=io.StringIO())
    return Update.objects.count()


def _copies() -> str:
    recommendation = _columns("recommendations_recommendation", "inspection_id", "reference")
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
