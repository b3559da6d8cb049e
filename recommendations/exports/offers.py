"""The offer of each page: the same figures as the page shows for the same address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.shortcuts import get_object_or_404

from forces.models import Body, User
from forces.permissions import Permission, may
from recommendations import positions, rules, wording
from recommendations.dashboards import position_tables as tables
from recommendations.dashboards.as_at import AsAt, asked_time
from recommendations.dashboards.changes import asked_changes, changes, changes_table
from recommendations.dashboards.charts.columns import ColumnChart
from recommendations.dashboards.charts.line import LineChart
from recommendations.dashboards.charts.series import SeriesChart
from recommendations.dashboards.charts.tile_map import TileMap, tile_map
from recommendations.dashboards.force_page import force_page
from recommendations.dashboards.group_page import (
    KINDS,
    beside,
    group_of,
    group_page,
    own_burn_up,
)
from recommendations.dashboards.heatmap import Heatmap, heatmap
from recommendations.dashboards.heatmap_query import SORTS, HeatmapQuery, asked_of, known
from recommendations.dashboards.obstacles import causes_table
from recommendations.dashboards.overview import Overview, overview
from recommendations.dashboards.papers import papers_of
from recommendations.dashboards.picture import Picture, count, load
from recommendations.dashboards.recommendation_page import recommendation_page
from recommendations.dashboards.tables import Table
from recommendations.dashboards.trends import trends
from recommendations.exports.offer import Drawing, Offer
from recommendations.models import Inspection
from recommendations.rules import Flag, Status


class NotOffered(LookupError):
    """There is no such page, or it is not this reader's."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks, with what query, and when."""

    reader: User
    values: Mapping[str, str]
    now: datetime

    @property
    def today(self) -> date:
        return rules.london_day(self.now)

    @property
    def then(self) -> AsAt | None:
        return asked_time(self.values.get("as_at", ""), now=self.now)[0]

    @property
    def of(self) -> str:
        """Which force, recommendation or group the page is about."""
        return self.values.get("of", "")

    def picture(self, inspection: Inspection, then: AsAt | None) -> Picture:
        if then is None:
            return load(inspection, on=self.today, today=self.today)
        return load(inspection, on=then.on, today=self.today, before=then.before)

    def position(self, then: AsAt | None) -> str:
        if then:
            return f"Position at {then.words}"
        return f"Position at {wording.clock(self.now)} on {wording.day(self.today)}"


def offer_of(page: str, asked: Asked) -> Offer:
    """Raises NotOffered; Http404 where what the page is about does not exist."""
    inspection = Inspection.objects.current()
    make = _OFFERS.get(page)
    if inspection is None or make is None:
        raise NotOffered(page)
    return make(inspection, asked)


def _overview(inspection: Inspection, asked: Asked) -> Offer:
    _need(asked, Permission.SEE_OVERVIEW)
    then = asked.then
    picture = asked.picture(inspection, then)
    shown = overview(picture, papers=papers_of(asked.reader))
    made = [
        _figures_table(shown),
        tables.ages_table(shown.ages),
        *_tables_of(shown.burn_up, shown.tile_map),
    ]
    return Offer(
        name="overview",
        title="National overview",
        inspection=inspection,
        position=asked.position(then),
        filter="",
        tables=made,
        drawings=[
            *drawings_of(shown.burn_up, shown.tile_map),
            Drawing(
                name="ages",
                title=shown.ages.message,
                template="stacked_bar",
                words=f"From the left: {shown.ages.bar.label}.",
                chart=shown.ages.bar,
                width=100,
                height=24,
            ),
        ],
    )


def _figures_table(shown: Overview) -> Table:
    return Table(
        name="figures",
        title="Figures of the forces",
        head=["Figure", "Number", "Of", "Change"],
        rows=[
            [f.label, int(f.number.replace(",", "")), f.of.replace(",", "") or None, f.change]
            for f in shown.figures
        ],
    )


def _heatmap(inspection: Inspection, asked: Asked) -> Offer:
    query = asked_of(asked.values, known=known(inspection), now=asked.now).query
    whole = asked.picture(inspection, query.as_at)
    picture = query.narrowed(whole)
    papers = papers_of(asked.reader)
    before = (
        positions.as_at(inspection, on=query.compare.on, before=query.compare.before)
        if query.compare
        else []
    )
    shown = heatmap(whole, query=query, papers=papers, before=before)
    slugs = [row.slug for group in shown.groups for row in group.rows]
    by_slug = {body.slug: body for body in picture.bodies}
    rows = [each for slug in slugs for each in picture.of(by_slug[slug]).values()]
    return Offer(
        name="heatmap",
        title="Progress by force and recommendation",
        inspection=inspection,
        position=asked.position(query.as_at),
        filter=filter_words(query),
        tables=[
            _matrix(shown),
            tables.positions_table(
                picture, rows, papers=papers, name="positions", title="Every position shown"
            ),
        ],
    )


def _matrix(shown: Heatmap) -> Table:
    return Table(
        name="heatmap",
        title="Status of each recommendation in each body",
        head=["Body", *(f"R{column.number}" for column in shown.columns), "Done", "Overdue"],
        rows=[
            [
                row.name,
                *(cell.words.split(": ", 1)[-1] or None for cell in row.cells),
                row.done,
                row.overdue,
            ]
            for group in shown.groups
            for row in group.rows
        ],
    )


def filter_words(query: HeatmapQuery) -> str:
    """`Status: In progress; Region: South East`; nothing where nothing is left out."""
    said = {
        "Status": str(Status(query.status).label) if query.status else "",
        "Flag": str(Flag(query.flag).label) if query.flag else "",
        "Region": query.region,
        "Regional unit": query.rocu,
        "Lead body": query.lead,
        "Theme": query.theme,
        "Name": query.text,
        "Order": SORTS[query.sort] if query.sort else "",
        "Compared with": query.compare.words if query.compare else "",
    }
    return "; ".join(f"{name}: {words}" for name, words in said.items() if words)


def _recommendations(inspection: Inspection, asked: Asked) -> Offer:
    picture = asked.picture(inspection, None)
    return _today(asked, inspection, "recommendations", "Recommendations")(
        [tables.recommendations_table(picture)], []
    )


def _recommendation(inspection: Inspection, asked: Asked) -> Offer:
    picture = asked.picture(inspection, None)
    found = next((r for r in picture.recommendations if str(r.number) == asked.of), None)
    if found is None:
        raise NotOffered(asked.of)
    papers = papers_of(asked.reader)
    page = recommendation_page(picture, found, papers=papers)
    rows = [each for each in picture.positions if each.number == found.number]
    made = [
        tables.positions_table(
            picture, rows, papers=papers, name="forces", title=f"{found}: every body"
        ),
        *_tables_of(page.burn_up),
        causes_table(page.obstacles),
    ]
    name = f"recommendation-{found.number}"
    return _today(asked, inspection, name, str(found))(made, drawings_of(page.burn_up))


def _forces(inspection: Inspection, asked: Asked) -> Offer:
    picture = asked.picture(inspection, None)
    region = asked.values.get("region", "")
    shown = [b for b in picture.bodies if not region or (b.region and b.region.name == region)]
    table = tables.bodies_table(picture, shown, name="forces", title="Forces and national bodies")
    filter_ = f"Region: {region}" if region else ""
    chart = tile_map(
        [b for b in shown if b.is_force], count_of=lambda b: count(picture.of(b).values())
    )
    return _today(asked, inspection, "forces", "Forces", filter_)([table], drawings_of(chart))


def _force(inspection: Inspection, asked: Asked) -> Offer:
    body = get_object_or_404(Body.objects.select_related("region", "rocu"), slug=asked.of)
    picture = asked.picture(inspection, None)
    papers = papers_of(asked.reader)
    of_body = list(picture.of(body).values())
    page = force_page(body, of_body, picture.recommendations, papers=papers, may_update=False)
    made = [
        tables.positions_table(
            picture, of_body, papers=papers, name="rows", title=f"{page.body.name}: every row"
        )
    ]
    if body.is_force:
        made.append(
            tables.beside_table(
                beside(body, picture), own=body.short_name, group="Median of its region"
            )
        )
    _, chart = own_burn_up(picture, body)
    made += _tables_of(chart)
    return _today(asked, inspection, body.slug, body.name)(made, drawings_of(chart))


def _group(kind: str) -> "_Make":
    def make(inspection: Inspection, asked: Asked) -> Offer:
        picture = asked.picture(inspection, None)
        members = group_of(picture, kind, asked.of)
        if not members:
            raise NotOffered(asked.of)
        papers = papers_of(asked.reader)
        page = group_page(picture, kind, members, papers=papers)
        rows = [each for body in members for each in picture.of(body).values()]
        made = [
            tables.positions_table(
                picture, rows, papers=papers, name="positions", title=f"{page.name}: every position"
            ),
            tables.beside_table(page.medians, own="All of them", group="Median of these"),
            *_tables_of(page.burn_up, page.tile_map),
        ]
        title = f"{page.name} {KINDS[kind]}"
        drawings = drawings_of(page.burn_up, page.tile_map)
        return _today(asked, inspection, asked.of, title)(made, drawings)

    return make


def _trends(inspection: Inspection, asked: Asked) -> Offer:
    _need(asked, Permission.SEE_OVERVIEW)
    then = asked.then
    shown = trends(asked.picture(inspection, then), before=then.before if then else None)
    drawings = [
        *drawings_of(*(each.chart for each in shown.multiples)),
        *(
            Drawing(
                name=f"forecasts-{each.recommendation.number}",
                title=f"{each.recommendation}: {each.sentence}",
                template="slope",
                chart=each.chart,
                width=each.chart.width,
                height=each.chart.height,
            )
            for each in shown.drifts
            if each.chart
        ),
    ]
    drawings += _plotted("series", shown.flags)
    drawings += _plotted("columns", shown.reviews) + _plotted("columns", shown.confidence)
    return Offer(
        name="trends",
        title="Trends",
        inspection=inspection,
        position=asked.position(then),
        filter="",
        tables=shown.tables,
        drawings=drawings,
    )


def _plotted(template: str, chart: SeriesChart | ColumnChart | None) -> list[Drawing]:
    if chart is None:
        return []
    return [
        Drawing(
            name=chart.id,
            title=chart.title,
            template=template,
            chart=chart,
            width=chart.area.width,
            height=chart.area.height,
            words=_key_words(chart),
        )
    ]


def _key_words(chart: SeriesChart | ColumnChart) -> str:
    names = [label for _, label in chart.names] if isinstance(chart, ColumnChart) else []
    return f"From the bottom: {', '.join(names)}." if len(names) > 1 else ""


def _changes(inspection: Inspection, asked: Asked) -> Offer:
    reader = asked.reader
    if not may(reader, Permission.SEE_PAPERS_OF_EVERY_BODY) and reader.body_id is None:
        raise NotOffered("changes")
    query, _ = asked_changes(asked.values, today=asked.today)
    found = changes(inspection, query, reader=reader)
    days = f"{wording.day(query.since)} to {wording.day(query.until)}"
    return _today(asked, inspection, "changes", f"What changed from {days}")(
        [changes_table(found)], []
    )


def _need(asked: Asked, permission: Permission) -> None:
    if not may(asked.reader, permission):
        raise NotOffered(permission)


def _today(
    asked: Asked, inspection: Inspection, name: str, title: str, filter_: str = ""
) -> Callable[[list[Table], list[Drawing]], Offer]:
    return lambda made, drawings: Offer(
        name=name,
        title=title,
        inspection=inspection,
        position=asked.position(None),
        filter=filter_,
        tables=made,
        drawings=drawings,
    )


def _tables_of(*charts: LineChart | TileMap | None) -> list[Table]:
    made = []
    for chart in charts:
        if isinstance(chart, LineChart):
            made.append(tables.line_table(chart))
        elif isinstance(chart, TileMap):
            made.append(tables.tiles_table(chart))
    return made


def drawings_of(*charts: LineChart | TileMap | None) -> list[Drawing]:
    return [
        Drawing(
            name=chart.id,
            title=chart.title,
            template="line" if isinstance(chart, LineChart) else "tile_map",
            chart=chart,
            width=chart.width,
            height=chart.height,
        )
        for chart in charts
        if chart
    ]


_Make = Callable[[Inspection, Asked], Offer]
_OFFERS: dict[str, _Make] = {
    "overview": _overview,
    "heatmap": _heatmap,
    "recommendations": _recommendations,
    "recommendation": _recommendation,
    "forces": _forces,
    "force": _force,
    "region": _group("region"),
    "rocu": _group("rocu"),
    "trends": _trends,
    "changes": _changes,
}
