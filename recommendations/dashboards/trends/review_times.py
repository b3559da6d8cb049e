"""How long claims waited for review."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from recommendations import lateness, rules, wording
from recommendations.charts.columns import ColumnChart, column_chart
from recommendations.charts.table import Table
from recommendations.models import Review
from recommendations.positions.national import NationalPosition
from recommendations.working_days import working_days_between

MONTHS = 12


@dataclass
class _Month:
    days: list[int] = field(default_factory=list)  # working days from claim to review
    late: int = 0


def review_times(national: NationalPosition, *, end: datetime) -> tuple[ColumnChart | None, str]:
    """Return the chart of median working days by month of review, and its message; 1 query."""
    months = _months(national, end)
    review_count = sum(len(month.days) for month in months.values())
    if not review_count:
        return None, "No claim was reviewed in the last 12 months"
    limit = lateness.REVIEW_WORKING_DAYS
    late = sum(month.late for month in months.values())
    reviews = wording.count(review_count, "review")
    message = f"{late:,} of {reviews} took more than {limit} working days"
    chart = column_chart(
        [
            (f"{first:%b}", [round(median(month.days)) if month.days else 0])
            for first, month in months.items()
        ],
        [("review", "Median working days")],
        title="Working days from claim to review",
        description=f"{message}. A review is late after {limit} working days (the line).",
        table=_table(months),
        unit="Working days, median",
        limit=(limit, f"Late after {limit}"),
    )
    return chart, message


def _months(national: NationalPosition, end: datetime) -> dict[date, _Month]:
    """Return the reviews of the last twelve months, by the first day of the month."""
    months = {first: _Month() for first in _last_months(national.on)}
    reviews = Review.objects.filter(
        update__assignment__recommendation__inspection=national.inspection,
        reviewed_at__gte=rules.start_of_day(min(months)),
        reviewed_at__lt=end,
    )
    for claimed_at, reviewed_at in reviews.values_list("update__submitted_at", "reviewed_at"):
        reviewed_on = rules.london_day(reviewed_at)
        month = months[reviewed_on.replace(day=1)]
        month.days.append(working_days_between(rules.london_day(claimed_at), reviewed_on))
        month.late += lateness.is_late_review(claimed_at=claimed_at, on=reviewed_on)
    return months


def _last_months(on: date) -> list[date]:
    months = [on.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]


def _table(months: Mapping[date, _Month]) -> Table:
    limit = lateness.REVIEW_WORKING_DAYS
    return Table(
        name="reviews",
        title="Working days from claim to review, by month of the review",
        head=["Month", "Reviews", "Median working days", f"More than {limit} working days"],
        rows=[
            [
                f"{first:%B %Y}",
                len(month.days),
                median(month.days) if month.days else None,
                month.late,
            ]
            for first, month in months.items()
        ],
    )
