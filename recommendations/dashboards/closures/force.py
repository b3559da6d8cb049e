"""What one force has reported about the lines that it closed, exactly. For it and for analysts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from forces.models import Body
from recommendations.charts.table import Table, Value
from recommendations.dashboards.closures.published import MARKING, intervals_of
from recommendations.models import CHECK_DAYS, Closure, Inspection
from recommendations.survival import Estimate, survival

MONTHS = 12  # that can be reported and corrected
_COUNTS = ["closed", *(f"{name}_{day}" for day in CHECK_DAYS for name in ("checked", "reopened"))]


@dataclass(frozen=True, kw_only=True)
class MonthRow:
    """The counts of one kind of closure in a month, with the reasons of its corrections."""

    label: str
    counts: list[int | None]
    reasons: list[str]


@dataclass(frozen=True, kw_only=True)
class ReportedMonth:
    month: date
    href: str  # of its form; empty if it is too long ago
    rows: list[MonthRow]


@dataclass(frozen=True, kw_only=True)
class ForceClosures:
    body: Body
    months: list[ReportedMonth]  # newest first
    estimates: list[Estimate]


def kind_label(row: Closure) -> str:
    order = "with an order" if row.has_order else "without an order"
    return f"{Closure.Kind(row.kind).label.partition(':')[0]}, {order}"


def months_to(on: date) -> list[date]:
    """Return the first days of the last twelve months, newest first."""
    months = [on.replace(day=1)]
    while len(months) < MONTHS:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months


def force_closures(inspection: Inspection, body: Body, *, on: date) -> ForceClosures:
    """Return every month that was reported or can be; 1 query."""
    rows = list(inspection.closures.filter(body=body).order_by("kind", "-has_order", "number"))
    latest = {(row.month, row.kind, row.has_order): row for row in rows}
    open_months = months_to(on)
    months = sorted({*open_months, *(row.month for row in rows)}, reverse=True)
    return ForceClosures(
        body=body,
        months=[
            ReportedMonth(
                month=month,
                href=reverse("closures_report", args=[body.slug, f"{month:%Y-%m}"])
                if month in open_months
                else "",
                rows=[_row(row, rows) for row in latest.values() if row.month == month],
            )
            for month in months
        ],
        estimates=survival(interval for interval, _ in intervals_of(latest.values())),
    )


def _row(latest: Closure, rows: Iterable[Closure]) -> MonthRow:
    key = (latest.month, latest.kind, latest.has_order)
    return MonthRow(
        label=kind_label(latest),
        counts=_counts(latest),
        reasons=[
            row.get_reason_display()
            for row in rows
            if row.reason and (row.month, row.kind, row.has_order) == key
        ],
    )


def _counts(row: Closure) -> list[int | None]:
    return [getattr(row, name) for name in _COUNTS]


def forces_table(inspection: Inspection) -> Table:
    """Return what every force has reported, for analysts; 1 query."""
    rows = inspection.closures.current().select_related("body")
    cells: list[list[Value]] = [
        [row.body.short_name, row.month, kind_label(row), *_counts(row), MARKING]
        for row in sorted(rows, key=lambda row: (row.body.short_name, row.month, row.kind))
    ]
    head = ["Force", "Month", "Kind", "Closed"]
    for day in CHECK_DAYS:
        head += [f"Checked after {day} days", f"Reopened within {day} days"]
    return Table(
        name="by-force",
        title="Closures reported by each force",
        head=[*head, "Marking"],
        rows=cells,
        notes=[MARKING],
    )
