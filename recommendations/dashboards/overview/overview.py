"""The national picture in ten seconds."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse
from django.utils.safestring import SafeString

from recommendations import rules, wording
from recommendations.charts.line import LineChart
from recommendations.charts.sparkline import sparkline
from recommendations.charts.tile_map import TileMap, tile_map
from recommendations.dashboards.changes.latest import Change, latest_changes
from recommendations.dashboards.heatmap.heatmap import sentence
from recommendations.dashboards.history import History, burn_up, history
from recommendations.dashboards.overview.movements import Movement, movements
from recommendations.dashboards.overview.overdue_ages import Ages, overdue_by_age
from recommendations.dashboards.past_time import AsAt
from recommendations.dashboards.visibility import Papers
from recommendations.positions import positions
from recommendations.positions.national import Count, Picture, count
from recommendations.positions.positions import Position
from recommendations.rules import Flag, Status

SHOWN = 5  # oldest reviews, quietest bodies


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One figure: its values, and the parameters of components/figure.html made from them."""

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


@dataclass(frozen=True, kw_only=True)
class QuietBody:
    name: str
    href: str
    stale: str  # "4 recommendations"
    silent: str  # "61 days"


@dataclass(frozen=True, kw_only=True)
class Overview:
    on: date
    query: str  # of its address
    sentence: str
    national_sentence: str
    figures: list[Figure]
    burn_up_message: str
    burn_up: LineChart | None
    tile_map: TileMap | None
    ages: Ages
    movements: list[Movement]
    changes: list[Change]
    reviews: list[WaitingReview]
    reviews_count: int
    quiet: list[QuietBody]
    is_silent: bool  # no body has sent an update yet


def overview(picture: Picture, *, papers: Papers, as_at: AsAt | None = None) -> Overview:
    """Seven queries on top of the picture's three, whatever the number of rows."""
    since = min(picture.inspection.published_on, picture.on)
    past = history(picture.recommendations, on=picture.on, since=since)
    message, chart = burn_up(past, picture.force_positions, since=since, chart_id="burn-up")
    end = rules.start_of_day(picture.on + timedelta(days=1))
    waiting = _waiting(picture)
    week_ago = picture.on - timedelta(days=7)
    return Overview(
        on=picture.on,
        query=f"?as_at={as_at}" if as_at else "",
        sentence=sentence(picture),
        national_sentence=national_sentence(count(picture.national_positions)),
        figures=_figures(picture, past, waiting),
        burn_up_message=message,
        burn_up=chart,
        tile_map=tile_map(picture.forces, count_of=lambda body: count(picture.of(body).values())),
        ages=overdue_by_age(picture.force_positions),
        movements=movements(picture, before=positions.as_at(picture.inspection, on=week_ago)),
        changes=latest_changes(picture.inspection, papers=papers, before=end),
        reviews=[_review(each, picture, papers) for each in waiting[:SHOWN]],
        reviews_count=len(waiting),
        quiet=_quiet(picture),
        is_silent=all(each.latest_update_id is None for each in picture.positions),
    )


def national_sentence(national: Count) -> str:
    if not national.total:
        return ""
    return (
        f"National bodies: {national.implemented:,} of "
        f"{wording.count(national.total, 'recommendation')} of their own implemented, "
        f"{national.overdue:,} overdue."
    )


def _waiting(picture: Picture) -> list[Position]:
    """Claims without an answer, the oldest first; of the forces and of the national bodies."""
    waiting = [each for each in picture.positions if each.status == Status.EVIDENCE_SUBMITTED]
    return sorted(waiting, key=lambda each: (each.heard_at, each.assignment_id))


def _figures(picture: Picture, past: History, waiting: list[Position]) -> list[Figure]:
    now = count(picture.force_positions)
    ids = {body.pk for body in picture.forces}
    claims = [each for each in waiting if each.body_id in ids]
    oldest = (picture.on - rules.london_day(claims[0].heard_at)).days if claims else None
    return [
        _figure(past, Status.IMPLEMENTED, "Implemented", now.implemented, total=now.total),
        _figure(
            past,
            None,
            "Overdue",
            now.overdue,
            note=f"in {wording.count(now.bodies_overdue, 'force')}",
            kind="overdue",
            query="flag=overdue&sort=most_overdue",
        ),
        _figure(
            past,
            Status.EVIDENCE_SUBMITTED,
            "Evidence awaiting review",
            now.statuses[Status.EVIDENCE_SUBMITTED],
            note="" if oldest is None else f"oldest {wording.count(oldest, 'day')}",
        ),
        _figure(past, Status.NOT_STARTED, "Not started", now.statuses[Status.NOT_STARTED]),
    ]


def _figure(
    past: History,
    status: Status | None,
    label: str,
    number: int,
    *,
    total: int | None = None,
    note: str = "",
    kind: str = "",
    query: str = "",
) -> Figure:
    """`status` None counts what is overdue."""
    weeks = past.weeks
    values = [past.in_status(status, on) if status else past.overdue(on) for on in weeks]
    line = sparkline(label, values) if len(values) > 1 else None
    return Figure(
        label=label,
        count=number,
        total=total,
        change=_change_words(values),
        note=note,
        kind=kind,
        href=f"{reverse('heatmap')}?{query or f'status={status}'}",
        sparkline=line.svg() if line else None,
    )


def _change_words(values: list[int]) -> str:
    if len(values) < 2:
        return ""
    change = values[-1] - values[-2]
    if change == 0:
        return "no change since last week"
    return f"{'up' if change > 0 else 'down'} {abs(change):,} since last week"


def _review(position: Position, picture: Picture, papers: Papers) -> WaitingReview:
    body = picture.body[position.body_id]
    title = next(str(r) for r in picture.recommendations if r.number == position.number)
    claimed_on = rules.london_day(position.heard_at)
    return WaitingReview(
        body=body.short_name,
        recommendation=title,
        href=papers.link(body, position.number),
        claimed_on=claimed_on,
        waited=wording.count((picture.on - claimed_on).days, "day"),
        is_late=rules.has_late_review(position, on=picture.on),
    )


def _quiet(picture: Picture) -> list[QuietBody]:
    """The bodies with the most stale recommendations; the longest silence decides a tie."""
    stale: dict[int, list[Position]] = {}
    for each in picture.flagged(Flag.STALE):
        stale.setdefault(each.body_id, []).append(each)
    oldest = {pk: min(each.heard_at for each in of_body) for pk, of_body in stale.items()}
    ranked = sorted(stale, key=lambda pk: (-len(stale[pk]), oldest[pk], pk))[:SHOWN]
    return [
        QuietBody(
            name=picture.body[pk].short_name,
            href=reverse("force", args=[picture.body[pk].slug]),
            stale=wording.count(len(stale[pk]), "recommendation"),
            silent=wording.count((picture.on - rules.london_day(oldest[pk])).days, "day"),
        )
        for pk in ranked
    ]
