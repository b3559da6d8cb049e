"""The status of single assignments at the end of given days, from the statement of a position."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db import connection

from recommendations.positions.positions import POSITIONS_SQL
from recommendations.rules import start_of_day

_SQL = f"""
SELECT days.assignment_id, days."on", p.status, p.is_returned, p.is_self_assessed,
       p.ending, p.superseded_by
FROM unnest(%(ids)s::bigint[], %(days)s::date[], %(ends)s::timestamptz[])
     AS days(assignment_id, "on", before)
CROSS JOIN LATERAL (
    {POSITIONS_SQL.replace("%(before)s", "days.before")} AND a.id = days.assignment_id
) p
"""  # noqa: S608  # nosec B608 # built from constants only


class DayStatus(NamedTuple):
    """The part of a position that decides how its status is shown."""

    status: str
    is_returned: bool
    is_self_assessed: bool
    ending: str
    superseded_by: str


def statuses_at_end_of(
    days: Collection[tuple[int, date]],
) -> dict[tuple[int, date], DayStatus]:
    """Return the status for (assignment, London day); one query.

    An assignment made later has none.
    """
    ordered = list(days)
    parameters: dict[str, Any] = {
        "ids": [assignment_id for assignment_id, _ in ordered],
        "days": [on for _, on in ordered],
        "ends": [start_of_day(on + timedelta(days=1)) for _, on in ordered],
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, parameters)
        return {(row[0], row[1]): DayStatus._make(row[2:]) for row in cursor.fetchall()}
