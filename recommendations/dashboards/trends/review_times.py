"""How long claims waited for their reviews."""

from datetime import date, datetime, timedelta
from statistics import median

from django.db import connection

from recommendations import rules, wording
from recommendations.charts.columns import ColumnChart, column_chart
from recommendations.charts.table import Table
from recommendations.positions.national import Picture

MONTHS = 12

_ANSWERED = """
SELECT (u.submitted_at AT TIME ZONE 'Europe/London')::date,
       (r.reviewed_at AT TIME ZONE 'Europe/London')::date, count(*)
FROM recommendations_review r
JOIN recommendations_update u ON u.id = r.update_id
JOIN recommendations_assignment a ON a.id = u.assignment_id
JOIN recommendations_recommendation m ON m.id = a.recommendation_id
WHERE m.inspection_id = %(inspection)s
  AND r.reviewed_at >= %(since)s AND r.reviewed_at < %(before)s
GROUP BY 1, 2
"""


def review_times(picture: Picture, *, end: datetime) -> tuple[ColumnChart | None, str]:
    """The median of working days by the month of the review; one query."""
    months = _months(picture.on)
    with connection.cursor() as cursor:
        cursor.execute(
            _ANSWERED,
            {
                "inspection": picture.inspection.pk,
                "since": rules.start_of_day(months[0]),
                "before": end,
            },
        )
        answered = cursor.fetchall()
    waits: dict[date, list[int]] = {month: [] for month in months}
    late_by_month = dict.fromkeys(months, 0)
    for claimed_on, reviewed_on, number in answered:
        month = reviewed_on.replace(day=1)
        waits[month] += [rules.working_days_between(claimed_on, reviewed_on)] * number
        claimed_at = rules.start_of_day(claimed_on)
        if rules.is_late_review(claimed_at=claimed_at, on=reviewed_on):
            late_by_month[month] += number
    table = _reviews_table(waits, late_by_month)
    limit = rules.REVIEW_WORKING_DAYS
    late = sum(late_by_month.values())
    every = sum(map(len, waits.values()))
    if not every:
        return None, "No claim was reviewed in the last twelve months"
    message = (
        f"{late:,} of {wording.count(every, 'review')} came after more than {limit} working days"
    )
    chart = column_chart(
        [(f"{month:%b}", [round(median(days)) if days else 0]) for month, days in waits.items()],
        [("review", "Median of working days")],
        title="Working days from claim to review",
        description=f"{message}. The line is at {limit}, after which a review is late.",
        table=table,
        limit=(limit, f"Late after {limit}"),
    )
    return chart, message


def _months(on: date) -> list[date]:
    """The first days of the last twelve months, in order."""
    first = on.replace(day=1)
    found = [first]
    while len(found) < MONTHS:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found[::-1]


def _reviews_table(waits: dict[date, list[int]], late_by_month: dict[date, int]) -> Table:
    limit = rules.REVIEW_WORKING_DAYS
    return Table(
        name="reviews",
        title="Working days from claim to review, by month of the review",
        head=["Month", "Reviews", "Median working days", f"After more than {limit} working days"],
        rows=[
            [
                f"{month:%B %Y}",
                len(days),
                median(days) if days else None,
                late_by_month[month],
            ]
            for month, days in waits.items()
        ],
    )
