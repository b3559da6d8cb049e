"""The row of each force on the page of a recommendation."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.safestring import SafeString

from forces.models import Body
from recommendations import rules, wording
from recommendations.charts.ladder import Ladder, ladder
from recommendations.dashboards import labels
from recommendations.dashboards.sorting import Column, Keys
from recommendations.dashboards.visibility import Visibility
from recommendations.models import Recommendation
from recommendations.positions.counts import statuses_by_body
from recommendations.positions.positions import Position

LADDER_MONTHS = 12


ROW_KEYS: Keys = {
    "force": lambda row: row.force,
    "status": lambda row: list(labels.STATES).index(row.state.status),
    "due": lambda row: row.due_on,
    "days": lambda row: row.days_left,
    "heard": lambda row: row.last_update_on,
    "forecast": lambda row: row.forecast_on,
}


ROW_COLUMNS = [
    Column("Force", "force"),
    Column("Status", "status"),
    Column("Flags"),
    Column("Due", "due"),
    Column("Days left#", "days"),
    Column("Last update", "heard"),
    Column("Forecast", "forecast"),
    Column("Last 12 months"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceRow:
    """One force's position on the recommendation, in the table."""

    force: str
    force_href: str
    href: str  # of the assignment; empty if the reader may not open it
    state: labels.State
    state_css: str  # the classes of its letters
    flags: list[labels.FlagLabel]
    is_late: bool  # the claim was submitted after the due date
    due_on: date
    due: str  # "31 Dec", as all texts of days
    first_due: str  # if the due date was changed
    is_overdue: bool
    days_overdue: int
    days_left: int | None  # negative if overdue; None if there is nothing left to do
    days_left_text: str
    last_update_on: date | None
    last_update: str
    forecast_on: date | None  # None also if the reader may not see it
    forecast: str
    ladder: SafeString | None


def force_row(
    body: Body,
    position: Position,
    visibility: Visibility,
    chart: Ladder | None,
    *,
    base: str,
    time: str,
) -> ForceRow:
    """Return the row; `base` is the address of the list of forces, `time` a query."""
    force_url = f"{base}{body.slug}/"
    may_open = visibility.includes(body)
    state = labels.state_of(position)
    is_overdue = position.is_overdue
    has_update = position.latest_update_id is not None
    is_open = position.status in rules.OPEN
    corner = " app-cell--overdue" if is_overdue else ""
    days_left = rules.days_until_due(position.due_on, on=position.on) if is_open else None
    last_update_on = rules.london_day(position.heard_at) if has_update else None
    forecast_on = position.forecast_on if may_open and is_open else None
    return ForceRow(
        force=body.short_name,
        force_href=force_url + time,
        href=f"{force_url}{position.reference}/{time}" if may_open else "",
        state=state,
        state_css=f"app-letters app-cell--{state.status.replace('_', '-')}{corner}",
        flags=labels.flags(position),
        is_late=position.is_late,
        due_on=position.due_on,
        due=_short_day(position.due_on, today=position.on),
        first_due=_short_day(position.original_due_on, today=position.on)
        if position.is_extended
        else "",
        is_overdue=is_overdue,
        days_overdue=position.days_overdue,
        days_left=days_left,
        days_left_text="" if days_left is None else f"{days_left:,}",
        last_update_on=last_update_on,
        last_update=_short_day(last_update_on, today=position.on),
        forecast_on=forecast_on,
        forecast=_short_day(forecast_on, today=position.on),
        ladder=chart.svg() if chart else None,
    )


def _short_day(on: date | None, *, today: date) -> str:
    return wording.short_day(on, today=today) if on else ""


def force_ladders(on: date, recommendation: Recommendation) -> dict[int, Ladder]:
    """Return the chart of each organisation's last twelve months, by primary key; 1 query."""
    days = month_ends(on)
    return {
        body_id: ladder([(day, *statuses[day]) for day in days if day in statuses])
        for body_id, statuses in statuses_by_body(recommendation, days=days).items()
    }


def month_ends(on: date) -> list[date]:
    """Return the ends of the last eleven months, and the day itself."""
    days = [on]
    while len(days) < LADDER_MONTHS:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]
