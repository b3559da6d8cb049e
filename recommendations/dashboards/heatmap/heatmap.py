"""The heatmap: all forces and recommendations, and the national organisations' own ones."""

from collections.abc import Iterable
from dataclasses import dataclass

from forces.models import Body
from recommendations import wording
from recommendations.dashboards import labels
from recommendations.dashboards.heatmap.query import HeatmapQuery
from recommendations.dashboards.heatmap.rows import HeatmapRow, RowBuilder
from recommendations.dashboards.visibility import Visibility
from recommendations.models import Recommendation
from recommendations.positions.national import NationalPosition, count
from recommendations.positions.positions import Position
from recommendations.rules import Flag, Status


@dataclass(frozen=True)
class HeatmapGroup:
    heading: str  # empty: no heading row
    rows: list[HeatmapRow]


@dataclass(frozen=True)
class HeatmapColumn:
    number: int
    title: str
    href: str
    done: int
    overdue: int


@dataclass(frozen=True, kw_only=True)
class Heatmap:
    query: str  # of its address
    sentence: str
    matches: str  # "27 forces found"
    changes: str  # "12 cells have changed since the end of 1 October 2026"
    columns: list[HeatmapColumn]
    groups: list[HeatmapGroup]
    width: int  # of a row, in columns
    done: int
    overdue: int
    is_empty: bool


@dataclass(frozen=True)
class KeyItem:
    status: str
    letters: str
    text: str
    overdue: bool = False


KEY = [
    *(KeyItem(status, letters, Status(status).label) for status, letters in labels.LETTERS.items()),
    KeyItem("in_progress", labels.RETURNED_LETTERS, "In progress, claim returned"),
    KeyItem("in_progress", "IP", "Orange corner: overdue", overdue=True),
    KeyItem("evidence_submitted", f"EV {labels.LATE}", "Submitted after the due date"),
    KeyItem("in_progress", f"IP {labels.EXTENDED}", "Due date extended"),
]


def heatmap(
    national: NationalPosition,
    *,
    query: HeatmapQuery,
    visibility: Visibility,
    before: Iterable[Position] = (),
) -> Heatmap:
    """Return the rows and columns that match the query, with totals of the forces shown.

    `before` are the positions on the day that the query compares with.
    """
    shown = query.narrowed(national)
    builder = RowBuilder(shown, visibility, {p.assignment_id: p for p in before})
    forces = [body for body in shown.forces if _matches(body, shown, query)]
    national_bodies = [body for body in shown.national_bodies if _matches(body, shown, query)]
    keys = {body.pk for body in forces}
    positions = [p for p in shown.force_positions if p.body_id in keys]
    totals = count(positions)
    columns = [_column(recommendation, positions) for recommendation in shown.recommendations]
    groups = _groups(_sorted(forces, shown, query), query, builder)
    if national_bodies:
        rows = [builder.row(body) for body in national_bodies]
        groups.append(HeatmapGroup("National organisations: their own recommendations", rows))
    return Heatmap(
        query=query.address,
        sentence=forces_sentence(national),
        matches=_describe_matches(len(forces), len(national_bodies), query),
        changes=_describe_changes(groups, query),
        columns=columns,
        groups=groups,
        width=len(columns) + 3,
        done=totals.implemented,
        overdue=totals.overdue,
        is_empty=not forces and not national_bodies,
    )


def forces_sentence(national: NationalPosition) -> str:
    """Return the first line of the national pages."""
    forces = count(national.force_positions)
    if not forces.total:
        return "No recommendations had been assigned to forces by then."
    are = "is" if forces.implemented == 1 else "are"
    return (
        f"{forces.implemented:,} of {forces.total:,} force recommendations {are} implemented "
        f"({forces.percent}%). {wording.are(forces.overdue, 'overdue')}."
    )


def _matches(body: Body, national: NationalPosition, query: HeatmapQuery) -> bool:
    if query.region and (body.region is None or body.region.name != query.region):
        return False
    if query.rocu and (body.rocu is None or body.rocu.name != query.rocu):
        return False
    text = query.text.casefold()
    if text and text not in f"{body.short_name} {body.name}".casefold():
        return False
    positions = national.of(body).values()
    if not positions:
        return body.is_force and not (query.status or query.flag)
    return any(
        (not query.status or position.status == query.status)
        and (not query.flag or Flag(query.flag) in position.flags)
        for position in positions
    )


def _sorted(forces: list[Body], national: NationalPosition, query: HeatmapQuery) -> list[Body]:
    if query.sort == "most_overdue":
        return sorted(forces, key=lambda body: -count(national.of(body).values()).overdue)
    if query.sort == "least_done":
        return sorted(forces, key=lambda body: count(national.of(body).values()).implemented)
    return forces


def _groups(forces: list[Body], query: HeatmapQuery, builder: RowBuilder) -> list[HeatmapGroup]:
    groups: dict[str, list[HeatmapRow]] = {}
    for body in sorted(forces, key=lambda body: _heading(body, query)):
        groups.setdefault(_heading(body, query), []).append(builder.row(body))
    return [HeatmapGroup(heading, rows) for heading, rows in groups.items()]


def _heading(body: Body, query: HeatmapQuery) -> str:
    """Return the heading of the body's group; "" if the order has no groups."""
    group = {"region": body.region, "rocu": body.rocu}.get(query.sort)
    return group.name if group else ""


def _column(recommendation: Recommendation, positions: list[Position]) -> HeatmapColumn:
    totals = count(p for p in positions if p.number == recommendation.number)
    return HeatmapColumn(
        number=recommendation.number,
        title=recommendation.title,
        href=recommendation.get_absolute_url(),
        done=totals.implemented,
        overdue=totals.overdue,
    )


def _describe_changes(groups: list[HeatmapGroup], query: HeatmapQuery) -> str:
    if query.compare is None:
        return ""
    cells = (cell for group in groups for row in group.rows for cell in row.cells)
    changed = sum(bool(cell.previous) for cell in cells)
    have = "has" if changed == 1 else "have"
    return f"{wording.count(changed, 'cell')} {have} changed since {query.compare.words}."


def _describe_matches(forces: int, national_bodies: int, query: HeatmapQuery) -> str:
    text = wording.count(forces, "force")
    if national_bodies:
        text = f"{text} and {wording.count(national_bodies, 'national organisation')}"
    return f"{text} found" if query.is_filtering else text
