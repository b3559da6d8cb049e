"""The export of the heatmap, with the filters and the past time of the page."""

from recommendations.charts.table import Table
from recommendations.dashboards.heatmap.filter_words import filter_words
from recommendations.dashboards.heatmap.heatmap import Heatmap, heatmap
from recommendations.dashboards.heatmap.query import filter_choices, parse_heatmap_query
from recommendations.dashboards.heatmap.rows import NOT_ASKED, HeatmapCell
from recommendations.dashboards.labels import NOT_ASKED_STATE, STATES
from recommendations.exports.export import Export
from recommendations.exports.export_request import ExportRequest
from recommendations.exports.position_tables import positions_table
from recommendations.positions import positions
from recommendations.positions.national import load
from recommendations.rules import EndingKind


def heatmap_export(request: ExportRequest) -> Export:
    """Return the statuses shown as a table, and each position shown as a row."""
    choices = filter_choices(request.inspection, request.past_time)
    query = parse_heatmap_query(request.values, filter_choices=choices, now=request.now).query
    unfiltered = load(request.inspection, query.as_at, today=request.today)
    national = query.narrowed(unfiltered)
    before = (
        positions.as_at(request.inspection, on=query.compare.on, before=query.compare.before)
        if query.compare
        else []
    )
    page = heatmap(unfiltered, query=query, visibility=request.visibility, before=before)
    body_by_slug = {body.slug: body for body in national.bodies}
    rows = [
        position
        for group in page.groups
        for row in group.rows
        for position in national.of(body_by_slug[row.slug]).values()
    ]
    # No row shows organisations that have ended, but the totals count what did not move.
    rows += [
        position
        for body in national.ended
        if body.pk in page.forces
        for position in national.of(body).values()
        if position.ending != EndingKind.MOVED
    ]
    every_position = positions_table(
        national,
        rows,
        visibility=request.visibility,
        name="positions",
        title="Every position shown or counted",
    )
    return request.export(
        "heatmap",
        "Progress by force and recommendation",
        [_heatmap_table(page), every_position],
        filter_="; ".join(filter_words(query, leads=choices.leads).values()),
        past=query.as_at,
    )


def _heatmap_table(page: Heatmap) -> Table:
    """Return the statuses in columns of their own, then the totals, then the rest in words."""
    numbers = [f"R{column.reference}" for column in page.columns]
    totals = ["Done", "Claims awaiting review", "Overdue", "Days since last update"]
    heatmap_rows = [row for group in page.groups for row in group.rows]
    return Table(
        name="heatmap",
        title="Status of each recommendation in each organisation",
        head=["Organisation", *numbers, *totals, *(f"{number} details" for number in numbers)],
        rows=[
            [
                row.name,
                *(_status_word(cell) for cell in row.cells),
                *(row.done, row.waiting, row.overdue, row.days_since_contact),
                *(cell.state.partition(", ")[2] or None for cell in row.cells),
            ]
            for row in heatmap_rows
        ],
        paths=[row.href for row in heatmap_rows],
    )


def _status_word(cell: HeatmapCell) -> str | None:
    """Return the status, `Not asked`, or None if the recommendation is not assigned."""
    if cell.status:
        return STATES[cell.status].word
    return NOT_ASKED_STATE.word if cell is NOT_ASKED else None
