"""A region, or a regional organised crime unit: its forces beside the country."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from django.urls import reverse
from django.utils.text import slugify

from forces.models import Body
from recommendations.charts.line import LineChart
from recommendations.charts.tile_map import TileMap, tile_map
from recommendations.dashboards.heatmap.heatmap import Heatmap, heatmap
from recommendations.dashboards.heatmap.query import HeatmapQuery
from recommendations.dashboards.history import burn_up, history
from recommendations.dashboards.visibility import Papers
from recommendations.positions.national import Count, Picture, count
from recommendations.positions.positions import Position
from recommendations.rules import Flag, Status

REGION, ROCU = "region", "rocu"
KINDS = {REGION: "region", ROCU: "regional organised crime unit"}


@dataclass(frozen=True)
class Beside:
    """One figure of a force or a group, beside the medians of its group and of the country."""

    label: str
    own: str
    group: str
    country: str


@dataclass(frozen=True, kw_only=True)
class GroupPage:
    kind: str
    name: str
    sentence: str
    medians: list[Beside]
    burn_up_message: str
    burn_up: LineChart | None
    tile_map: TileMap | None
    heatmap: Heatmap
    heatmap_url: str


_FIGURES: dict[str, Callable[[list[Position]], int]] = {
    "Implemented": lambda of: sum(each.status == Status.IMPLEMENTED for each in of),
    "Overdue": lambda of: sum(each.is_overdue for each in of),
    "Awaiting review": lambda of: sum(each.status == Status.EVIDENCE_SUBMITTED for each in of),
    "Stale": lambda of: sum(Flag.STALE in each.flags for each in of),
}


def group_of(picture: Picture, kind: str, slug: str) -> list[Body]:
    """The forces of a region or unit; none where there is no such group."""
    return [body for body in picture.forces if slugify(group_name(body, kind)) == slug]


def group_name(body: Body, kind: str) -> str:
    group = body.region if kind == REGION else body.rocu
    return group.name if group else ""


def group_url(name: str, kind: str) -> str:
    return reverse(kind, args=[slugify(name)])


def group_page(picture: Picture, kind: str, forces: list[Body], *, papers: Papers) -> GroupPage:
    """One query on top of the picture's three. Raises IndexError without forces."""
    name = group_name(forces[0], kind)
    of_group = [each for body in forces for each in picture.of(body).values()]
    since = min(picture.inspection.published_on, picture.on)
    keys = [body.pk for body in forces]
    past = history(
        picture.recommendations, on=picture.on, since=since, with_weeks=False, bodies=keys
    )
    message, chart = burn_up(past, of_group, since=since, chart_id="burn-up")
    query = HeatmapQuery(region=name) if kind == REGION else HeatmapQuery(rocu=name)
    return GroupPage(
        kind=KINDS[kind],
        name=name,
        sentence=_sentence(name, len(forces), count(of_group)),
        medians=_group_medians(picture, forces),
        burn_up_message=message,
        burn_up=chart,
        tile_map=tile_map(forces, count_of=lambda body: count(picture.of(body).values())),
        heatmap=heatmap(picture, query=query, papers=papers),
        heatmap_url=f"{reverse('heatmap')}{query.address}",
    )


def beside(body: Body, picture: Picture) -> list[Beside]:
    """A force's figures, its region's medians and the country's. No order of merit."""
    region = [each for each in picture.forces if each.region_id == body.region_id]
    return [
        Beside(
            label=label,
            own=str(figure(list(picture.of(body).values()))),
            group=_median(picture, region, figure),
            country=_median(picture, picture.forces, figure),
        )
        for label, figure in _FIGURES.items()
    ]


def own_burn_up(picture: Picture, body: Body) -> tuple[str, LineChart | None]:
    """A body's own way against its plan; one query."""
    since = min(picture.inspection.published_on, picture.on)
    past = history(
        picture.recommendations, on=picture.on, since=since, with_weeks=False, bodies=[body.pk]
    )
    return burn_up(past, list(picture.of(body).values()), since=since, chart_id="burn-up")


def _group_medians(picture: Picture, forces: list[Body]) -> list[Beside]:
    """`own` is the sum over the group's forces."""
    return [
        Beside(
            label=label,
            own=f"{sum(figure(list(picture.of(body).values())) for body in forces):,}",
            group=_median(picture, forces, figure),
            country=_median(picture, picture.forces, figure),
        )
        for label, figure in _FIGURES.items()
    ]


def _median(picture: Picture, forces: list[Body], figure: Callable[[list[Position]], int]) -> str:
    values = [figure(list(picture.of(body).values())) for body in forces]
    return f"{median(values):g}" if values else ""


def _sentence(name: str, forces: int, of: Count) -> str:
    late = "1 is overdue" if of.overdue == 1 else f"{of.overdue:,} are overdue"
    who = "The only force" if forces == 1 else f"The {forces} forces"
    have = "has" if forces == 1 else "have"
    return (
        f"{who} of {name} {have} implemented {of.implemented:,} of "
        f"{of.total:,} recommendations ({of.percent}%). {late}."
    )
