"""Positions and figures as tables to download."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.text import capfirst

from forces.models import Body
from recommendations import rules, wording
from recommendations.charts.line import LineChart
from recommendations.charts.table import Table, Value
from recommendations.charts.tile_map import TileMap
from recommendations.dashboards import labels
from recommendations.dashboards.overview.overdue_ages import Ages
from recommendations.dashboards.register.group import ComparisonRow
from recommendations.dashboards.visibility import Visibility
from recommendations.exports.export import ASK_NOTE
from recommendations.models import Aspect, Recommendation, with_checks
from recommendations.positions.national import NationalPosition, count
from recommendations.positions.outlook import Outlook
from recommendations.positions.positions import Position
from recommendations.references import reference_cell
from recommendations.rules import Confidence, Flag, Status

VISIBILITY_NOTE = (
    "Confidence, forecast and “no change” are given for organisations whose updates you have "
    "permission to see."
)
_BODY_HEAD = ["Organisation", "Region", "Regional unit"]
TEXT_HEAD = [
    *("Number", "Recommendation", "Text", "Report's own words"),
    *(str(aspect.label) for aspect in Aspect),
    *("Sources", "Due", "Due in the report's words"),
    *("What forces are asked to do", "When that counts as done"),
]
_STATUSES = [str(status.label) for status in Status]
POSITION_HEAD = [
    *_BODY_HEAD,
    "Number",
    "Recommendation",
    "Status",
    "Returned",
    "Self-assessed",
    "Why withdrawn",
    *(str(flag.label) for flag in Flag),
    "Days overdue",
    "Due",
    "Original due date",
    "Due date changes",
    "Sent late",
    "Days late",
    "Last update",
    "Confidence",
    "Forecast",
    "No change in a row",
]


def positions_table(
    national: NationalPosition,
    positions: Iterable[Position],
    *,
    visibility: Visibility,
    name: str,
    title: str,
) -> Table:
    titles = {r.reference: r.title for r in national.recommendations}
    shown = [(p, national.body[p.body_id]) for p in positions]
    bases = {body.pk: body_path(body) for _, body in shown}
    return Table(
        name=name,
        title=title,
        head=POSITION_HEAD,
        rows=[_row(p, body, titles, visibility) for p, body in shown],
        notes=[VISIBILITY_NOTE],
        paths=[
            f"{bases[body.pk]}{p.reference}/" if visibility.includes(body) else ""
            for p, body in shown
        ],
    )


def body_path(body: Body) -> str:
    """Return the path of the organisation's page, which those of its assignments begin with."""
    return reverse("force", args=[body.slug])


def _row(
    position: Position, body: Body, titles: dict[str, str], visibility: Visibility
) -> list[Value]:
    may_see = visibility.includes(body)
    has_update = position.latest_update_id is not None
    confidence = position.confidence if may_see else ""
    return [
        *_body_cells(body),
        reference_cell(position.reference),
        titles.get(position.reference),
        str(Status(position.status).label),
        "Yes" if position.is_returned else "No",
        "Yes" if position.is_self_assessed else "No",
        _ending(position),
        *("Yes" if flag in position.flags else "No" for flag in Flag),
        position.days_overdue,
        position.due_on,
        position.original_due_on,
        position.due_date_changes_count,
        "Yes" if position.is_late else "No",
        position.days_late,
        rules.london_day(position.heard_at) if has_update else None,
        str(Confidence(confidence).label) if confidence else None,
        position.forecast_on if may_see else None,
        position.no_change_count if may_see else None,
    ]


def _ending(position: Position) -> str | None:
    """Return `Superseded by R7`; None if it is not withdrawn, or nobody has said why."""
    if not position.ending:
        return None
    return capfirst(labels.describe_ending(position.ending, position.superseded_by))


def _body_cells(body: Body) -> list[Value]:
    return [
        body.name,
        body.region.name if body.region else None,
        body.rocu.name if body.rocu else None,
    ]


def bodies_table(
    national: NationalPosition, bodies: Iterable[Body], *, name: str, title: str
) -> Table:
    rows: list[list[Value]] = []
    shown = list(bodies)
    for body in shown:
        positions = list(national.of(body).values())
        counts = count(positions)
        statuses = [counts.statuses[status] for status in Status]
        stale = sum(Flag.STALE in position.flags for position in positions)
        own = counts.self_assessed
        ended = _end_cells(body, national)
        rows.append([*_body_cells(body), *statuses, own, counts.overdue, stale, *ended])
    numbers = (*_STATUSES, "Of these self-assessed", "Overdue", "Stale")
    head = [*_BODY_HEAD, *numbers, "Ended on", "Its work is with"]
    return Table(name=name, title=title, head=head, rows=rows, paths=[*map(body_path, shown)])


def _end_cells(body: Body, national: NationalPosition) -> list[Value]:
    """Return its last cells: empty on the days on which it exists."""
    if body.ended_at is None or national.exists(body):
        return [None, None]
    return [rules.london_day(body.ended_at), str(body.succeeded_by or "")]


def recommendations_table(national: NationalPosition) -> Table:
    rows: list[list[Value]] = []
    for recommendation in national.recommendations:
        counts = count(
            p for p in national.force_positions if p.reference == recommendation.reference
        )
        rows.append(
            [
                reference_cell(recommendation.reference),
                recommendation.title,
                str(recommendation.lead_body),
                recommendation.due_on,
                *(counts.statuses[status] for status in Status),
                counts.overdue,
            ]
        )
    return Table(
        name="recommendations",
        title="Recommendations: number of forces by status",
        head=["Number", "Recommendation", "Lead organisation", "Due", *_STATUSES, "Overdue"],
        rows=rows,
        paths=[r.get_absolute_url() for r in national.recommendations],
    )


def texts_table(recommendations: Iterable[Recommendation]) -> Table:
    """Return the texts, how sure they are, and what forces are asked to do; 1 query."""
    rows: list[list[Value]] = [
        [
            reference_cell(row.reference),
            row.title,
            row.text,
            "Yes" if row.text_is_verbatim else "No",
            *(str(row.certainty(aspect).label) for aspect in Aspect),
            row.text_sources or None,
            row.due_on,
            row.due_words or None,
            row.force_ask or None,
            row.force_done_when or None,
        ]
        for row in with_checks(recommendations)
    ]
    return Table(
        name="texts",
        title="Texts and what forces are asked to do",
        head=TEXT_HEAD,
        rows=rows,
        notes=[ASK_NOTE],
    )


def line_table(chart: LineChart) -> Table:
    return Table(
        name=chart.id,
        title=chart.title,
        head=["By the end of", "Plan", "Implemented"],
        rows=[[row.on, row.planned, row.done] for row in chart.rows],
        notes=["The plan is the original due dates. Future days have no implemented figure."],
    )


def outlook_table(outlook: Outlook) -> Table:
    due = f"Due on {wording.day(outlook.due_on)}" if outlook.due_on else "Due"
    return Table(
        name="outlook",
        title=outlook.text,
        head=["What is left", "Recommendations of forces"],
        rows=[
            ["Open", outlook.open_count],
            ["Overdue", outlook.overdue],
            ["Claims awaiting review", outlook.waiting],
            [due, outlook.due_count],
            ["Of these, forecast later", outlook.forecast_late],
            ["Of these, without a forecast", outlook.without_forecast],
        ],
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


def comparison_table(rows: Iterable[ComparisonRow], *, title: str) -> Table:
    return Table(
        name="comparison",
        title=title,
        head=["Figure", "Own figure", "Median of the region or unit", "Median of all forces"],
        rows=[[row.label, row.own, row.group, row.country] for row in rows],
    )
