"""Positions and figures as tables to take away."""

from collections.abc import Iterable

from forces.models import Body
from recommendations import rules
from recommendations.charts.line import LineChart
from recommendations.charts.table import Table, Value
from recommendations.charts.tile_map import TileMap
from recommendations.dashboards.overview.overdue_ages import Ages
from recommendations.dashboards.register.group import Beside
from recommendations.dashboards.visibility import Papers
from recommendations.positions.national import Picture, count
from recommendations.positions.positions import Position
from recommendations.rules import Confidence, Flag, Status

PAPERS_NOTE = "Confidence and forecast are told of the bodies whose papers the asker may read."
_HEAD = [
    "Body",
    "Region",
    "Regional unit",
    "Number",
    "Recommendation",
    "Status",
    *(str(flag.label) for flag in Flag),
    "Days overdue",
    "Due",
    "Original due date",
    "Due date changes",
    "Sent late",
    "Last update",
    "Confidence",
    "Forecast",
]


def positions_table(
    picture: Picture, shown: Iterable[Position], *, papers: Papers, name: str, title: str
) -> Table:
    """One row for each assignment."""
    titles = {each.number: each.title for each in picture.recommendations}
    rows = [_row(each, picture.body[each.body_id], titles, papers) for each in shown]
    return Table(name=name, title=title, head=_HEAD, rows=rows, notes=[PAPERS_NOTE])


def _row(position: Position, body: Body, titles: dict[int, str], papers: Papers) -> list[Value]:
    reads = papers.include(body)
    is_heard = position.latest_update_id is not None
    confidence = position.confidence if reads else ""
    return [
        body.name,
        body.region.name if body.region else None,
        body.rocu.name if body.rocu else None,
        position.number,
        titles.get(position.number),
        str(Status(position.status).label),
        *("Yes" if flag in position.flags else "No" for flag in Flag),
        position.days_overdue,
        position.due_on,
        position.original_due_on,
        position.due_date_changes_count,
        "Yes" if position.is_late else "No",
        rules.london_day(position.heard_at) if is_heard else None,
        str(Confidence(confidence).label) if confidence else None,
        position.forecast_on if reads else None,
    ]


def bodies_table(picture: Picture, bodies: Iterable[Body], *, name: str, title: str) -> Table:
    """One row for each body, with its counts."""
    rows: list[list[Value]] = []
    for body in bodies:
        of_body = list(picture.of(body).values())
        counted = count(of_body)
        stale = sum(Flag.STALE in each.flags for each in of_body)
        rows.append(
            [
                body.name,
                body.region.name if body.region else None,
                body.rocu.name if body.rocu else None,
                *(counted.statuses[status] for status in Status),
                counted.overdue,
                stale,
            ]
        )
    statuses = [str(status.label) for status in Status]
    head = ["Body", "Region", "Regional unit", *statuses, "Overdue", "Stale"]
    return Table(name=name, title=title, head=head, rows=rows)


def recommendations_table(picture: Picture) -> Table:
    rows: list[list[Value]] = []
    for each in picture.recommendations:
        counted = count(p for p in picture.force_positions if p.number == each.number)
        lead = str(each.lead_body)
        statuses = [counted.statuses[status] for status in Status]
        rows.append([each.number, each.title, lead, each.due_on, *statuses, counted.overdue])
    statuses_ = [str(status.label) for status in Status]
    return Table(
        name="recommendations",
        title="Recommendations: how many forces stand where",
        head=["Number", "Recommendation", "Lead body", "Due", *statuses_, "Overdue"],
        rows=rows,
    )


def line_table(chart: LineChart) -> Table:
    return Table(
        name=chart.id,
        title=chart.title,
        head=["By the end of", "Plan", "Implemented"],
        rows=[[row.on, row.planned, row.done] for row in chart.rows],
        notes=["The plan is the original due dates. Days to come have no implemented figure."],
    )


def ages_table(ages: Ages) -> Table:
    return Table(
        name="ages",
        title="Overdue recommendations of forces, by how long",
        head=["Overdue for", "Recommendations"],
        rows=[[band.label, band.count] for band in ages.bands],
    )


def tiles_table(chart: TileMap) -> Table:
    return Table(
        name=chart.id,
        title=chart.title,
        head=["Force", "Implemented", "Has something overdue"],
        rows=[[tile.force, tile.value, "Yes" if tile.corner else "No"] for tile in chart.tiles],
    )


def beside_table(rows: Iterable[Beside], *, own: str, group: str) -> Table:
    return Table(
        name="beside",
        title="Figures beside medians",
        head=["Figure", own, group, "Median of all forces"],
        rows=[[row.label, row.own, row.group, row.country] for row in rows],
    )
