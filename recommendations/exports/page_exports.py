"""The offer of each page: the same figures as the page shows for the same address."""

from forces.permissions import Permission, may
from recommendations import wording
from recommendations.charts.table import Table
from recommendations.dashboards.changes.changes import asked_changes, changes, changes_table
from recommendations.dashboards.heatmap.heatmap import Heatmap, heatmap
from recommendations.dashboards.heatmap.query import SORTS, HeatmapQuery, asked_of, known
from recommendations.dashboards.overview.overview import Overview, overview
from recommendations.dashboards.trends.trends import trends
from recommendations.dashboards.visibility import papers_of
from recommendations.exports import body_exports
from recommendations.exports import position_tables as tables
from recommendations.exports.export import Drawing, Offer
from recommendations.exports.export_request import (
    Asked,
    Make,
    NotOffered,
    drawings_of,
    need,
    plotted,
    tables_of,
    today,
)
from recommendations.models import Inspection
from recommendations.positions import positions
from recommendations.rules import Flag, Status


def offer_of(page: str, asked: Asked) -> Offer:
    """Raises NotOffered; Http404 where what the page is about does not exist."""
    inspection = Inspection.objects.current()
    make = _OFFERS.get(page)
    if inspection is None or make is None:
        raise NotOffered(page)
    return make(inspection, asked)


def _overview(inspection: Inspection, asked: Asked) -> Offer:
    need(asked, Permission.SEE_OVERVIEW)
    then = asked.then
    picture = asked.picture(inspection, then)
    shown = overview(picture, papers=papers_of(asked.reader))
    made = [
        _figures_table(shown),
        tables.ages_table(shown.ages),
        *tables_of(shown.burn_up, shown.tile_map),
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
            [figure.label, figure.count, figure.total, figure.change] for figure in shown.figures
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
                *(cell.state or None for cell in row.cells),
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


def _trends(inspection: Inspection, asked: Asked) -> Offer:
    need(asked, Permission.SEE_OVERVIEW)
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
    drawings += plotted("series", shown.flags)
    drawings += plotted("columns", shown.reviews) + plotted("columns", shown.confidence)
    return Offer(
        name="trends",
        title="Trends",
        inspection=inspection,
        position=asked.position(then),
        filter="",
        tables=shown.tables,
        drawings=drawings,
    )


def _changes(inspection: Inspection, asked: Asked) -> Offer:
    reader = asked.reader
    if not may(reader, Permission.SEE_PAPERS_OF_EVERY_BODY) and reader.body_id is None:
        raise NotOffered("changes")
    query, _ = asked_changes(asked.values, today=asked.today)
    found = changes(inspection, query, reader=reader)
    days = f"{wording.day(query.since)} to {wording.day(query.until)}"
    return today(asked, inspection, "changes", f"What changed from {days}")(
        [changes_table(found)], []
    )


_OFFERS: dict[str, Make] = {
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
