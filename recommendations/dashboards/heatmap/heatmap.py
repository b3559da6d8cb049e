"""The heatmap: all forces and recommendations, and the national organisations' own ones."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from django.http import QueryDict
from django.urls import reverse

from forces.models import Body
from recommendations.dashboards import labels
from recommendations.dashboards.ends import ended_note
from recommendations.dashboards.heatmap import sentences
from recommendations.dashboards.heatmap.query import HeatmapQuery
from recommendations.dashboards.heatmap.rows import NOT_ASKED, HeatmapRow, RowBuilder
from recommendations.dashboards.sorting import (
    Column,
    Keys,
    SortHead,
    parse_sort,
    sort_heads,
    sort_rows,
)
from recommendations.dashboards.visibility import Visibility
from recommendations.models import Recommendation
from recommendations.page_urls import page_url
from recommendations.positions.contact import contacts
from recommendations.positions.national import NationalPosition, count
from recommendations.positions.positions import Position
from recommendations.rules import COUNTED, EndingKind, Status

_NAME = Column("Force", "name")
_TOTALS = [
    Column("Done#", "-done"),
    Column("Claims#", "-waiting"),
    Column("Overdue#", "-overdue"),
    Column("Updated#", "-contact"),
]
_ROW_KEYS: Keys = {
    "name": attrgetter("name"),
    "done": attrgetter("done"),
    "waiting": attrgetter("waiting"),
    "overdue": attrgetter("overdue"),
    "contact": attrgetter("days_since_contact"),
}


@dataclass(frozen=True, kw_only=True)
class HeatmapGroup:
    heading: str  # empty: no heading row
    rows: list[HeatmapRow]
    totals: list[str]  # of a group of forces: "3/5" implemented in each column
    done: int = 0
    waiting: int = 0
    overdue: int = 0


@dataclass(frozen=True)
class HeatmapColumn:
    reference: str
    title: str
    href: str
    due_on: date
    total: int  # forces, without those that are not asked or for which it was withdrawn
    done: int
    overdue: int
    is_asked: bool  # of forces


@dataclass(frozen=True, kw_only=True)
class Heatmap:
    query: str  # of its address
    sentence: str  # about the forces and recommendations shown
    matches: str  # "27 forces found"
    note: str  # "36 cells match", "28 cells have changed since the end of 18 November 2026"
    name_head: SortHead
    total_heads: list[SortHead]
    columns: list[HeatmapColumn]
    groups: list[HeatmapGroup]
    key: list["KeyItem"]
    width: int  # of the names and cells, in columns
    forces: list[int]  # primary keys of the forces counted
    done: int
    waiting: int
    overdue: int
    is_empty: bool

    @property
    def has_many_columns(self) -> bool:
        """Whether the columns need narrower names on a phone."""
        return len(self.columns) > 10

    @property
    def forces_counted(self) -> str:
        """Return `43`, or `42 or 43` if it is not the same in every column that is asked."""
        totals = sorted({column.total for column in self.columns if column.is_asked})
        if len(totals) > 2:
            return f"{totals[0]} to {totals[-1]}"
        return " or ".join(map(str, totals))


@dataclass(frozen=True)
class KeyItem:
    status: str
    letters: str
    text: str
    overdue: bool = False


def _key(rows: list[HeatmapRow], endings: Collection[str]) -> list[KeyItem]:
    """Return the states in the rows; `endings` are the kinds of withdrawals in them."""
    kinds = [kind.label.lower() for kind in EndingKind if kind in endings]
    withdrawn = f": {', '.join(kinds)}" if kinds else ""
    states = list(labels.FULL_KEY if any(row.self_assessed for row in rows) else labels.KEY)
    states += [labels.NOT_ASKED_STATE] if any(NOT_ASKED in row.cells for row in rows) else []
    return [
        *(
            KeyItem(
                state.status,
                state.letters,
                state.word + (withdrawn if state.status == Status.WITHDRAWN else ""),
            )
            for state in states
        ),
        KeyItem("in_progress", "IP", "Overdue", overdue=True),
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
    builder = RowBuilder(
        national=shown,
        query=query,
        visibility=visibility,
        contacts=contacts(national.positions),
        before={p.assignment_id: p for p in before} if query.compare else None,
    )
    forces = [body for body in shown.forces if _matches(body, shown, query)]
    national_bodies = [body for body in shown.national_bodies if _matches(body, shown, query)]
    ended = [body for body in shown.ended if body.is_force and _matches(body, shown, query)]
    positions = [p for body in (*forces, *ended) for p in shown.of(body).values()]
    totals = count(positions)
    columns = [_column(item, positions, query) for item in shown.recommendations]
    groups = [*_groups(forces, query, builder), *_national_group(national_bodies, builder)]
    heads = _heads(query)
    return Heatmap(
        query=query.address,
        sentence=sentences.sentence(totals, forces, query) + ended_note(shown, ended),
        matches=sentences.matches(len(forces), len(national_bodies), query),
        note=sentences.note((row for group in groups for row in group.rows), query),
        name_head=heads[0],
        total_heads=heads[1:],
        columns=columns,
        groups=groups,
        key=_key(
            [row for group in groups for row in group.rows],
            {p.ending for body in (*forces, *national_bodies) for p in shown.of(body).values()},
        ),
        width=1 + len(columns),
        forces=[body.pk for body in (*forces, *ended)],
        done=totals.implemented,
        waiting=totals.statuses[Status.EVIDENCE_SUBMITTED],
        overdue=totals.overdue,
        is_empty=not forces and not national_bodies,
    )


def _heads(query: HeatmapQuery) -> list[SortHead]:
    parameters = QueryDict(query.address.removeprefix("?"))
    current, path = query.sort or "name", reverse("heatmap")
    return sort_heads([_NAME, *_TOTALS], query=parameters, current=current, path=path)


def forces_sentence(national: NationalPosition) -> str:
    """Return the first line of the national pages."""
    ended = [body for body in national.ended if body.is_force]
    return sentences.describe(count(national.force_positions)) + ended_note(national, ended)


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
    return any(map(query.matches, positions))


def _groups(forces: list[Body], query: HeatmapQuery, builder: RowBuilder) -> list[HeatmapGroup]:
    groups: dict[str, list[Body]] = {}
    for body in sorted(forces, key=lambda body: _heading(body, query)):
        groups.setdefault(_heading(body, query), []).append(body)
    return [_group(heading, bodies, query, builder) for heading, bodies in groups.items()]


def _group(
    heading: str, bodies: list[Body], query: HeatmapQuery, builder: RowBuilder
) -> HeatmapGroup:
    sort = parse_sort(query.sort, _ROW_KEYS, default="name")
    rows = sort_rows((builder.row(body) for body in bodies), sort, _ROW_KEYS)
    numbers = range(len(builder.national.recommendations))
    return HeatmapGroup(
        heading=heading,
        rows=rows,
        totals=[_done_of([row.cells[number].status for row in rows]) for number in numbers],
        done=sum(row.done for row in rows),
        waiting=sum(row.waiting for row in rows),
        overdue=sum(row.overdue for row in rows),
    )


def _national_group(bodies: list[Body], builder: RowBuilder) -> list[HeatmapGroup]:
    """Return the last group, of the national organisations; none if there are none."""
    heading = "National organisations: their own recommendations"
    rows = [builder.row(body) for body in bodies]
    return [HeatmapGroup(heading=heading, rows=rows, totals=[])] if rows else []


def _done_of(statuses: list[str]) -> str:
    counted = [status for status in statuses if status in COUNTED]
    return f"{counted.count(Status.IMPLEMENTED)}/{len(counted)}" if any(statuses) else "\u2013"


def _heading(body: Body, query: HeatmapQuery) -> str:
    """Return the heading of the body's group; "" if the order has no groups."""
    group = {"region": body.region, "rocu": body.rocu}.get(query.sort)
    return group.name if group else ""


def _column(
    recommendation: Recommendation, positions: list[Position], query: HeatmapQuery
) -> HeatmapColumn:
    totals = count(p for p in positions if p.reference == recommendation.reference)
    return HeatmapColumn(
        reference=recommendation.reference,
        title=recommendation.title,
        href=page_url("recommendation", recommendation.reference, past=query.as_at),
        due_on=recommendation.due_on,
        total=totals.total,
        done=totals.implemented,
        overdue=totals.overdue,
        is_asked=recommendation.asks_forces or totals.total > 0,
    )
