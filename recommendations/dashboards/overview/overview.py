"""The national overview: main figures, charts, recent changes, waiting reviews."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.safestring import SafeString

from recommendations import lateness, rules, wording
from recommendations.charts.line import LineChart
from recommendations.charts.sparkline import sparkline
from recommendations.charts.tile_map import TileMap, tile_map
from recommendations.dashboards.changes.latest import Change, latest_changes
from recommendations.dashboards.heatmap.heatmap import forces_sentence
from recommendations.dashboards.history import History, burn_up, history
from recommendations.dashboards.overview.movements import Movement, movements
from recommendations.dashboards.overview.overdue_ages import Ages, overdue_by_age
from recommendations.dashboards.past_time import AsAt
from recommendations.dashboards.visibility import Visibility
from recommendations.positions import positions
from recommendations.positions.contact import quiet_bodies
from recommendations.positions.national import Count, NationalPosition, count
from recommendations.positions.outlook import Outlook, outlook
from recommendations.positions.positions import Position
from recommendations.positions.weekly_figures import WeeklyFigure, weekly_figures
from recommendations.rules import Status

MAX_REVIEWS = 5
MAX_QUIET_BODIES = 5


@dataclass(frozen=True, kw_only=True)
class OverviewFigure:
    """A figure's raw values, and the parameters of components/figure.html made from them."""

    label: str
    count: int
    total: int | None = None
    change: str = ""
    note: str = ""
    href: str = ""
    kind: str = ""
    sparkline: SafeString | None = None

    @property
    def number(self) -> str:
        return f"{self.count:,}"

    @property
    def of(self) -> str:
        return "" if self.total is None else f"{self.total:,}"


@dataclass(frozen=True, kw_only=True)
class WaitingReview:
    body: str
    recommendation: str
    href: str
    claimed_on: date
    waited: str
    is_late: bool
    review_days_late: int  # working days
    review_url: str  # empty if the reader does not review claims


@dataclass(frozen=True, kw_only=True)
class QuietBody:
    """An organisation that has gone quiet (`recommendations/positions/contact.py`)."""

    name: str
    href: str
    days: int  # since the last contact
    last_update_on: date | None  # None: it has sent nothing yet
    open: str  # "4 open recommendations"
    silent: str  # "61 days"


@dataclass(frozen=True, kw_only=True)
class Overview:
    query: str  # of its address
    sentence: str
    outlook: Outlook  # the headline
    national_bodies_sentence: str
    figures: list[OverviewFigure]
    burn_up_message: str
    burn_up: LineChart | None
    tile_map: TileMap | None
    ages: Ages
    movements: list[Movement]
    changes: list[Change]
    reviews: list[WaitingReview]
    quiet: list[QuietBody]
    has_no_updates: bool


def overview(
    national: NationalPosition, *, visibility: Visibility, as_at: AsAt | None = None
) -> Overview:
    """Return the overview; 7 queries besides the 3 of the national position."""
    since = min(national.inspection.published_on, national.on)
    past = history(national.recommendations, on=national.on, since=since)
    message, chart = burn_up(past, national.force_positions, since=since, chart_id="burn-up")
    end = rules.start_of_day(national.on + timedelta(days=1))
    waiting = _waiting_claims(national)
    before = positions.as_at(national.inspection, on=rules.week_before(national.on))
    return Overview(
        query=f"?as_at={as_at}" if as_at else "",
        sentence=forces_sentence(national),
        outlook=outlook(national.force_positions),
        national_bodies_sentence=national_bodies_sentence(count(national.national_positions)),
        figures=_figures(national, past, waiting, before=before),
        burn_up_message=message,
        burn_up=chart,
        tile_map=tile_map(national.forces, count_of=lambda body: count(national.of(body).values())),
        ages=overdue_by_age(national.force_positions),
        movements=movements(national, before=before),
        changes=latest_changes(national.inspection, visibility=visibility, before=end),
        reviews=[_review(claim, national, visibility) for claim in waiting[:MAX_REVIEWS]],
        quiet=_quiet_bodies(national),
        has_no_updates=all(p.latest_update_id is None for p in national.positions),
    )


def national_bodies_sentence(count: Count) -> str:
    """Return a sentence about the national organisations, or "" if they have no recommendations."""
    if not count.total:
        return ""
    return (
        f"National organisations: {count.implemented:,} of "
        f"{wording.count(count.total, 'recommendation')} of their own implemented, "
        f"{count.overdue:,} overdue."
    )


def _waiting_claims(national: NationalPosition) -> list[Position]:
    """Return the claims awaiting review of all organisations, the oldest first."""
    waiting = [p for p in national.positions if p.status == Status.EVIDENCE_SUBMITTED]
    return sorted(waiting, key=lambda claim: (claim.heard_at, claim.assignment_id))


def _figures(
    national: NationalPosition, past: History, waiting: list[Position], *, before: list[Position]
) -> list[OverviewFigure]:
    week_ago = [position for position in before if national.body[position.body_id].is_force]
    totals = count(national.force_positions)
    claims = [claim for claim in waiting if national.body[claim.body_id].is_force]
    notes: dict[Status | None, str] = {None: f"in {wording.count(totals.bodies_overdue, 'force')}"}
    if claims:
        days = (national.on - rules.london_day(claims[0].heard_at)).days
        notes[Status.EVIDENCE_SUBMITTED] = f"oldest {wording.count(days, 'day')}"
    return [
        _figure(
            figure,
            past,
            total=totals.total if figure.status == Status.IMPLEMENTED else None,
            note=notes.get(figure.status, ""),
        )
        for figure in weekly_figures(national.force_positions, week_ago=week_ago)
    ]


def _figure(figure: WeeklyFigure, past: History, *, total: int | None, note: str) -> OverviewFigure:
    """Return the figure with its weekly history."""
    status = figure.status
    values = [past.in_status(status, on) if status else past.overdue(on) for on in past.weeks]
    line = sparkline(figure.name, values) if len(values) > 1 else None
    query = f"status={status}" if status else "flag=overdue&sort=most_overdue"
    return OverviewFigure(
        label=figure.name,
        count=figure.count,
        total=total,
        change="" if figure.change is None else f"{figure.change_text} since last week",
        note=note,
        kind="" if status else "overdue",
        href=f"{reverse('heatmap')}?{query}",
        sparkline=line.svg() if line else None,
    )


def _review(claim: Position, national: NationalPosition, visibility: Visibility) -> WaitingReview:
    body = national.body[claim.body_id]
    claimed_on = rules.london_day(claim.heard_at)
    return WaitingReview(
        body=body.short_name,
        recommendation=next(str(r) for r in national.recommendations if r.number == claim.number),
        href=visibility.link(body, claim.number),
        claimed_on=claimed_on,
        waited=wording.count((national.on - claimed_on).days, "day"),
        is_late=lateness.has_late_review(claim, on=national.on),
        review_days_late=lateness.review_days_late(claimed_at=claim.heard_at, on=national.on),
        review_url=visibility.review_url(claim),
    )


def _quiet_bodies(national: NationalPosition) -> list[QuietBody]:
    """Return the organisations that have been quiet for longest."""
    return [
        QuietBody(
            name=national.body[contact.body_id].short_name,
            href=reverse("force", args=[national.body[contact.body_id].slug]),
            days=contact.days,
            last_update_on=contact.last_update_on,
            open=wording.count(contact.open_count, "open recommendation"),
            silent=wording.count(contact.days, "day"),
        )
        for contact in quiet_bodies(national.positions)[:MAX_QUIET_BODIES]
    ]
