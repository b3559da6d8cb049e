"""The export of each page, with the figures that the page shows for the same query."""

from forces.permissions import Permission, may
from recommendations import wording
from recommendations.charts.table import Table
from recommendations.dashboards.changes.changes import changes, changes_table, parse_changes_query
from recommendations.dashboards.heatmap.heatmap import Heatmap, heatmap
from recommendations.dashboards.heatmap.query import (
    SORTS,
    HeatmapQuery,
    filter_choices,
    parse_heatmap_query,
)
from recommendations.dashboards.overview.overview import Overview, overview
from recommendations.dashboards.trends.trends import trends
from recommendations.dashboards.visibility import visibility_of
from recommendations.exports import body_exports
from recommendations.exports import position_tables as tables
from recommendations.exports.export import Drawing, Export
from recommendations.exports.export_request import (
    BuildExport,
    ExportNotFound,
    ExportRequest,
    area_drawings,
    drawings_of,
    tables_of,
)
from recommendations.models import Inspection
from recommendations.positions import positions
from recommendations.rules import Flag, Status


def export_for(page: str, request: ExportRequest) -> Export:
    """Return the export of a page.

    Raises ExportNotFound where the reader has no such page, and Http404 where the force that it
    is about does not exist.
    """
    inspection = Inspection.objects.current()
    build = _EXPORTS.get(page)
    if inspection is None or build is None:
        raise ExportNotFound(page)
    return build(inspection, request)


def _overview(inspection: Inspection, request: ExportRequest) -> Export:
    request.require(Permission.SEE_OVERVIEW)
    as_at = request.past_time
    national = request.national_position(inspection, as_at)
    page = overview(national, visibility=visibility_of(request.reader))
    ages_drawing = Drawing(
        name="ages",
        title=page.ages.message,
        template="stacked_bar",
        words=f"From the left: {page.ages.bar.label}.",
        chart=page.ages.bar,
        width=100,
        height=24,
    )
    return request.export(
        inspection,
        name="overview",
        title="National overview",
        tables=[
            _figures_table(page),
            tables.outlook_table(page.outlook),
            tables.ages_table(page.ages),
            *tables_of(page.burn_up, page.tile_map),
        ],
        drawings=[*drawings_of(page.burn_up, page.tile_map), ages_drawing],
        as_at=as_at,
    )


def _figures_table(page: Overview) -> Table:
    return Table(
        name="figures",
        title="Figures of the forces",
        head=["Figure", "Number", "Of", "Change"],
        rows=[[figure.label, figure.count, figure.total, figure.change] for figure in page.figures],
    )


def _heatmap(inspection: Inspection, request: ExportRequest) -> Export:
    query = parse_heatmap_query(
        request.values, filter_choices=filter_choices(inspection), now=request.now
    ).query
    unfiltered = request.national_position(inspection, query.as_at)
    national = query.narrowed(unfiltered)
    visibility = visibility_of(request.reader)
    before = (
        positions.as_at(inspection, on=query.compare.on, before=query.compare.before)
        if query.compare
        else []
    )
    page = heatmap(unfiltered, query=query, visibility=visibility, before=before)
    body_by_slug = {body.slug: body for body in national.bodies}
    rows = [
        position
        for group in page.groups
        for row in group.rows
        for position in national.of(body_by_slug[row.slug]).values()
    ]
    return request.export(
        inspection,
        name="heatmap",
        title="Progress by force and recommendation",
        tables=[
            _heatmap_table(page),
            tables.positions_table(
                national,
                rows,
                visibility=visibility,
                name="positions",
                title="Every position shown",
            ),
        ],
        filter_=filter_words(query),
        as_at=query.as_at,
    )


def _heatmap_table(page: Heatmap) -> Table:
    return Table(
        name="heatmap",
        title="Status of each recommendation in each organisation",
        head=["Organisation", *(f"R{column.number}" for column in page.columns), "Done", "Overdue"],
        rows=[
            [row.name, *(cell.state or None for cell in row.cells), row.done, row.overdue]
            for group in page.groups
            for row in group.rows
        ],
    )


def filter_words(query: HeatmapQuery) -> str:
    """Return `Status: In progress; Region: South East`, or "" if nothing is filtered out."""
    filters = {
        "Status": str(Status(query.status).label) if query.status else "",
        "Flag": str(Flag(query.flag).label) if query.flag else "",
        "Region": query.region,
        "Regional unit": query.rocu,
        "Lead organisation": query.lead,
        "Theme": query.theme,
        "Name": query.text,
        "Order": SORTS[query.sort] if query.sort else "",
        "Compared with": query.compare.words if query.compare else "",
    }
    return "; ".join(f"{name}: {words}" for name, words in filters.items() if words)


def _trends(inspection: Inspection, request: ExportRequest) -> Export:
    request.require(Permission.SEE_OVERVIEW)
    as_at = request.past_time
    national = request.national_position(inspection, as_at)
    page = trends(national, before=as_at.before if as_at else None)
    forecast_drawings = [
        Drawing(
            name=f"forecasts-{drift.recommendation.number}",
            title=f"{drift.recommendation}: {drift.sentence}",
            template="slope",
            chart=drift.chart,
            width=drift.chart.width,
            height=drift.chart.height,
        )
        for drift in page.forecast_changes
        if drift.chart
    ]
    return request.export(
        inspection,
        name="trends",
        title="Trends",
        tables=page.tables,
        drawings=[
            *drawings_of(*(multiple.chart for multiple in page.multiples)),
            *forecast_drawings,
            *area_drawings("series", page.flags),
            *area_drawings("columns", page.reviews),
            *area_drawings("columns", page.confidence),
        ],
        as_at=as_at,
    )


def _changes(inspection: Inspection, request: ExportRequest) -> Export:
    reader = request.reader
    if not may(reader, Permission.SEE_ALL_DOCUMENTS) and reader.body_id is None:
        raise ExportNotFound("changes")
    query, _ = parse_changes_query(request.values, today=request.today)
    days = f"{wording.day(query.since)} to {wording.day(query.until)}"
    return request.export(
        inspection,
        name="changes",
        title=f"Changes from {days}",
        tables=[changes_table(changes(inspection, query, reader=reader))],
    )


_EXPORTS: dict[str, BuildExport] = {
    "overview": _overview,
    "heatmap": _heatmap,
    "recommendations": body_exports.recommendations,
    "recommendation": body_exports.recommendation,
    "forces": body_exports.forces,
    "force": body_exports.force,
    "region": body_exports.group("region"),
    "rocu": body_exports.group("rocu"),
    "trends": _trends,
    "changes": _changes,
}
