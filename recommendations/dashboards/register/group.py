"""The page of a region or regional organised crime unit, and comparisons with medians."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median

from django.urls import reverse
from django.utils.text import slugify

from forces.models import Body
from recommendations import wording
from recommendations.charts.line import LineChart
from recommendations.charts.tile_map import TileMap, tile_map
from recommendations.dashboards.ends import ended_note
from recommendations.dashboards.heatmap.heatmap import Heatmap, heatmap
from recommendations.dashboards.heatmap.query import HeatmapQuery
from recommendations.dashboards.history import burn_up, history
from recommendations.dashboards.page_downloads import PageDownloads, page_downloads
from recommendations.dashboards.visibility import Visibility
from recommendations.page_urls import page_url
from recommendations.positions.national import Count, NationalPosition, count
from recommendations.positions.past_time import AsAt
from recommendations.positions.positions import Position
from recommendations.rules import Flag, Status

REGION, ROCU = "region", "rocu"
KINDS = {REGION: "region", ROCU: "regional organised crime unit"}


@dataclass(frozen=True)
class ComparisonRow:
    """One figure of a force or group, with the medians of its group and of all forces."""

    label: str
    own: str
    group: str
    country: str
    values: tuple[float, float, float]  # the same three


@dataclass(frozen=True, kw_only=True)
class GroupPage:
    kind: str
    name: str
    sentence: str
    medians: list[ComparisonRow]
    burn_up_message: str
    burn_up: LineChart | None
    tile_map: TileMap | None
    heatmap: Heatmap
    heatmap_url: str
    past_day: AsAt | None

    def downloads(self, kind: str, slug: str) -> PageDownloads:
        """Return the links to files; `kind` and `slug` are those of the page's address."""
        charts = [chart for chart in (self.burn_up, self.tile_map) if chart]
        tables = [("comparison", "Compared with other forces"), ("positions", "Every position")]
        tables += [(chart.id, chart.title) for chart in charts]
        return page_downloads(kind, of=slug, past=self.past_day, tables=tables, drawings=charts)


_FIGURES: dict[str, Callable[[Iterable[Position]], int]] = {
    "Implemented": lambda positions: sum(p.status == Status.IMPLEMENTED for p in positions),
    "Overdue": lambda positions: sum(p.is_overdue for p in positions),
    "Awaiting review": lambda positions: sum(
        p.status == Status.EVIDENCE_SUBMITTED for p in positions
    ),
    "Stale": lambda positions: sum(p.has(Flag.STALE) for p in positions),
}


def group_of(national: NationalPosition, kind: str, slug: str) -> list[Body]:
    """Return the forces of a region or unit; empty if there is no such group."""
    return [body for body in national.forces if slugify(group_name(body, kind)) == slug]


def group_name(body: Body, kind: str) -> str:
    group = body.region if kind == REGION else body.rocu
    return group.name if group else ""


def group_url(name: str, kind: str, *, past: AsAt | None) -> str:
    return page_url(kind, slugify(name), past=past)


def group_page(
    national: NationalPosition, kind: str, forces: list[Body], *, visibility: Visibility
) -> GroupPage:
    """Return the page of a group of at least one force; 1 query."""
    name = group_name(forces[0], kind)
    ended = [body for body in national.ended if body.is_force and group_name(body, kind) == name]
    message, chart = group_burn_up(national, [*forces, *ended])
    query = HeatmapQuery(region=name) if kind == REGION else HeatmapQuery(rocu=name)
    query = query.at(national.past)
    positions = [p for body in (*forces, *ended) for p in national.of(body).values()]
    return GroupPage(
        kind=KINDS[kind],
        name=name,
        sentence=_sentence(name, len(forces), count(positions)) + ended_note(national, ended),
        medians=_comparison(national, own=forces, group=forces),
        burn_up_message=message,
        burn_up=chart,
        tile_map=tile_map(
            forces, count_of=lambda body: count(national.of(body).values()), past=national.past
        ),
        heatmap=heatmap(national, query=query, visibility=visibility),
        heatmap_url=reverse("heatmap") + query.address,
        past_day=national.past,
    )


def comparison(body: Body, national: NationalPosition) -> list[ComparisonRow]:
    """Return a force's figures with the medians of its region and of all forces."""
    region = [force for force in national.forces if force.region_id == body.region_id]
    return _comparison(national, own=[body], group=region)


def own_burn_up(national: NationalPosition, body: Body) -> tuple[str, LineChart | None]:
    """Return the message and the burn-up chart of one organisation; 1 query."""
    return group_burn_up(national, [body])


def group_burn_up(national: NationalPosition, bodies: list[Body]) -> tuple[str, LineChart | None]:
    """Return the message and the burn-up chart of some organisations; 1 query."""
    since = min(national.inspection.published_on, national.on)
    past = history(
        national.recommendations,
        on=national.on,
        since=since,
        with_weeks=False,
        bodies=[body.pk for body in bodies],
    )
    positions = [p for body in bodies for p in national.of(body).values()]
    return burn_up(past, positions, since=since, chart_id="burn-up")


def _comparison(
    national: NationalPosition, *, own: list[Body], group: list[Body]
) -> list[ComparisonRow]:
    """Return the sums of the `own` organisations with the medians of the group.

    Forces that are not asked to do anything are not in the medians.
    """

    def values(bodies: list[Body], figure: Callable[[Iterable[Position]], int]) -> list[int]:
        return [figure(national.of(body).values()) for body in bodies]

    rows = []
    for label, figure in _FIGURES.items():
        total = sum(values(own, figure))
        middle = _median(values([body for body in group if national.of(body)], figure))
        country = _median(values(national.asked_forces, figure))
        rows.append(
            ComparisonRow(
                label=label,
                own=f"{total:,}",
                group=f"{middle:g}",
                country=f"{country:g}",
                values=(total, middle, country),
            )
        )
    return rows


def _median(values: list[int]) -> float:
    return median(values) if values else 0


def _sentence(name: str, forces: int, totals: Count) -> str:
    subject = (
        f"The only force in {name} has" if forces == 1 else f"The {forces} forces in {name} have"
    )
    return (
        f"{subject} implemented {totals.implemented:,} of "
        f"{totals.total:,} recommendations ({totals.percent}%)"
        f"{wording.self_assessed(totals.self_assessed)}"
        f"{wording.not_counting(totals.withdrawn)}. "
        f"{wording.are(totals.overdue, 'overdue')}."
    )
