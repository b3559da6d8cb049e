"""The figures of the forces at the top of the overview, each with its change and twelve weeks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.safestring import SafeString

from recommendations import lateness, rules, wording
from recommendations.charts.sparkline import sparkline
from recommendations.dashboards.history import History, planned_days
from recommendations.models import FlagEpisode
from recommendations.page_urls import page_url
from recommendations.positions.national import NationalPosition, count
from recommendations.positions.positions import Position
from recommendations.positions.weekly_figures import WeeklyFigure, at_risk_figure, weekly_figures
from recommendations.rules import Flag, Status

AT_RISK_PLACE = 3  # among the figures
_OVERDUE_FILTERS = {"flag": Flag.OVERDUE.value, "sort": "-overdue"}  # of the heatmap


@dataclass(frozen=True, kw_only=True)
class OverviewFigure:
    """A figure's raw values, and the parameters of components/strip.html made from them."""

    label: str
    count: int
    total: int | None = None
    change: str  # "up 2"; empty if there is no earlier figure
    change_count: int | None  # 2
    since: str  # "since 19 Nov"
    rest: str  # "21 forces"
    href: str
    sparkline: SafeString | None = None

    @property
    def number(self) -> str:
        return f"{self.count:,}"

    @property
    def of(self) -> str:
        return "" if self.total is None else f"{self.total:,}"

    @property
    def note(self) -> str:
        since = self.since if self.change else ""
        return "; ".join(part for part in (since, self.rest) if part)

    @property
    def change_text(self) -> str:
        """Return `up 2 since 19 Nov`, for files."""
        return f"{self.change} {self.since}" if self.change else ""


def overview_figures(
    national: NationalPosition, past: History, *, before: list[Position]
) -> list[OverviewFigure]:
    """Return the weekly figures and, among them, what is at risk; 1 query."""
    rows = national.force_positions
    week_ago = [position for position in before if national.body[position.body_id].is_force]
    figures = [
        _figure(
            figure,
            [
                past.in_status(figure.status, on) if figure.status else past.overdue(on)
                for on in past.weeks
            ],
            national=national,
            total=count(rows).total if figure.status == Status.IMPLEMENTED else None,
            rest=_rest(figure.status, rows, on=national.on),
            filters={"status": figure.status} if figure.status else _OVERDUE_FILTERS,
        )
        for figure in weekly_figures(rows, week_ago=week_ago)
    ]
    at_risk = at_risk_figure(rows, week_ago=week_ago)
    figure = _figure(
        at_risk,
        _at_risk_by_week(national, past.weeks, now=at_risk.count),
        national=national,
        total=None,
        rest=wording.count(at_risk.bodies_count, "force"),
        filters={"flag": Flag.AT_RISK},
    )
    return [*figures[:AT_RISK_PLACE], figure, *figures[AT_RISK_PLACE:]]


def _figure(
    figure: WeeklyFigure,
    values: list[int],
    *,
    national: NationalPosition,
    total: int | None,
    rest: str,
    filters: dict[str, str],
) -> OverviewFigure:
    since = rules.week_before(national.on)
    line = sparkline(figure.name, values) if len(values) > 1 else None
    return OverviewFigure(
        label=figure.name,
        count=figure.count,
        total=total,
        change="" if figure.change is None else figure.change_text,
        change_count=figure.change,
        since=f"since {wording.short_day(since, today=national.on)}",
        rest=rest,
        href=page_url("heatmap", past=national.past, **filters),
        sparkline=line.svg() if line else None,
    )


def _rest(status: Status | None, rows: list[Position], *, on: date) -> str:
    """Return what else there is to know about a figure; `status` is None for the overdue ones."""
    if status is None:
        return _in_forces(position for position in rows if position.is_overdue)
    if status == Status.IMPLEMENTED:
        due = sum(rules.is_due_by(due_on, on=on) for due_on in planned_days(rows))
        return f"{due:,} {'was' if due == 1 else 'were'} due"
    if status == Status.EVIDENCE_SUBMITTED:
        late = sum(lateness.has_late_review(position, on=on) for position in rows)
        return f"{wording.count(late, 'late review')}"
    return _in_forces(position for position in rows if position.status == status)


def _in_forces(rows: Iterable[Position]) -> str:
    return wording.count(len({position.body_id for position in rows}), "force")


def _at_risk_by_week(national: NationalPosition, weeks: list[date], *, now: int) -> list[int]:
    """Return how many were at risk at the end of each week, the last from the positions."""
    if not weeks:
        return []
    episodes = list(
        FlagEpisode.objects.filter(
            Q(cleared_on=None) | Q(cleared_on__gt=weeks[0]),
            flag=Flag.AT_RISK,
            assignment__recommendation__inspection=national.inspection,
            assignment__body__in=national.forces_ever,
        ).values_list("raised_on", "cleared_on")
    )
    counts = [
        sum(
            raised_on <= on and (not cleared_on or on < cleared_on)
            for raised_on, cleared_on in episodes
        )
        for on in weeks[:-1]
    ]
    return [*counts, now]
