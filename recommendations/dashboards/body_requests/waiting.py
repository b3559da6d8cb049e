"""Who waits for which organisation: the longest waits first, with loops and medians."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import Any

from forces.models import Body, User
from forces.permissions import may_see_request
from recommendations import wording
from recommendations.charts.table import Table, Value
from recommendations.charts.waiting_matrix import WaitingMatrix, waiting_matrix
from recommendations.dashboards.body_requests.loops import loops
from recommendations.dashboards.body_requests.rows import RequestRow, counts_of, request_url
from recommendations.dashboards.sorting import Column, Keys
from recommendations.page_urls import page_url
from recommendations.positions.national import NationalPosition
from recommendations.references import reference_cell, reference_key

DAYS_NOTE = (
    "Calendar days on which it was the turn of the organisation that is asked, up to the day shown."
)
NATIONAL = "National organisations"
ROW_KEYS: Keys = {
    "asker": lambda row: row.asker,
    "asked": lambda row: row.asked,
    "recommendation": lambda row: reference_key(row.reference),
    "days": lambda row: row.days,
    "due": lambda row: row.due_on,
}
COLUMNS = [
    Column("Waits", "asker"),
    Column("For", "asked"),
    Column("Days#", "-days"),
    Column("Recommendation", "recommendation"),
    Column("Due", "due"),
    Column("Request"),
]


@dataclass(frozen=True, kw_only=True)
class WaitingRow:
    """A request on which it is the turn of the organisation that is asked.

    `kind`, `text` and `href` are empty for readers of other organisations.
    """

    asker: str
    asker_href: str
    asked: str
    asked_href: str
    reference: str
    days: int
    due_on: date
    is_late: bool
    is_answered: bool
    kind: str
    text: str
    href: str


@dataclass(frozen=True, kw_only=True)
class Median:
    """The waiting days of the requests of one recommendation or theme."""

    label: str
    waiting: int
    median_waiting: float | None
    total: int
    median_all: float


@dataclass(frozen=True, kw_only=True)
class WaitingPage:
    sentence: str
    rows: list[WaitingRow]
    loops: list[str]
    matrix: WaitingMatrix | None
    by_recommendation: list[Median]
    by_theme: list[Median]


def waiting_page(
    national: NationalPosition, requests: Sequence[RequestRow], *, reader: User, body: Body | None
) -> WaitingPage:
    """Return the page of all organisations, or of those requests that concern one; no query."""
    own = [row for row in requests if body is None or body.pk in (row.asker_id, row.asked_id)]
    waiting = [row for row in own if row.is_waiting]
    names = national.body
    chains = [
        loop
        for loop in loops(
            (row.asker_id, row.asked_id)
            for row in requests
            if row.is_waiting and row.asker_id != row.asked_id
        )
        if body is None or body.pk in loop
    ]
    return WaitingPage(
        sentence=_sentence(waiting, own, names, body),
        rows=[_row(row, national, reader) for row in waiting],
        loops=[loop_sentence([names[key].short_name for key in loop]) for loop in chains],
        matrix=_matrix(waiting, national, body),
        by_recommendation=medians(
            own, key=lambda row: f"R{row.reference} {row.title}", order=_by_reference
        ),
        by_theme=medians(own, key=lambda row: row.theme, order=lambda row: row.theme),
    )


def loop_sentence(names: Sequence[str]) -> str:
    """Return `Kent waits for Essex, Essex for the NCA, the NCA for Kent`."""
    pairs = zip(names, (*names[1:], names[0]), strict=True)
    (first, second), *others = pairs
    return ", ".join(
        [f"{first} waits for {second}", *(f"{waiting} for {asked}" for waiting, asked in others)]
    )


def _sentence(
    waiting: list[RequestRow],
    own: list[RequestRow],
    names: Mapping[int, Body],
    body: Body | None,
) -> str:
    if body is not None:
        counts = counts_of(own, body)
        return (
            f"{body.short_name} waits for {wording.count(counts.waiting, 'answer')}. "
            f"{wording.count(counts.to_answer, 'request')} to it "
            f"{'waits' if counts.to_answer == 1 else 'wait'}, {counts.late} of them late."
        )
    if not waiting:
        return "Nobody waits for another organisation."
    longest = max(waiting, key=lambda row: row.days)
    late = sum(row.is_late for row in waiting)
    wait = "request waits" if len(waiting) == 1 else "requests wait"
    return (
        f"{len(waiting)} {wait} for another organisation, {late} of them late. The longest wait "
        f"is that of {names[longest.asker_id].short_name} for "
        f"{names[longest.asked_id].short_name}: {wording.count(longest.days, 'day')}."
    )


def _row(row: RequestRow, national: NationalPosition, reader: User) -> WaitingRow:
    asker, asked = national.body[row.asker_id], national.body[row.asked_id]
    may_read = may_see_request(reader, asker, asked)
    return WaitingRow(
        asker=asker.short_name,
        asker_href=page_url("waiting_of", asker.slug, past=national.past),
        asked=asked.short_name,
        asked_href=page_url("waiting_of", asked.slug, past=national.past),
        reference=row.reference,
        days=row.days,
        due_on=row.state.due_on,
        is_late=row.is_late,
        is_answered=row.state.answered_on is not None,
        kind=row.kind if may_read else "",
        text=row.text if may_read else "",
        href=request_url(row) if may_read and national.past is None else "",
    )


def _matrix(
    waiting: Iterable[RequestRow], national: NationalPosition, body: Body | None
) -> WaitingMatrix | None:
    if body is not None:
        return None  # two lists of names say the same
    longest: dict[tuple[int, int], int] = {}
    for row in waiting:
        pair = row.asker_id, row.asked_id
        longest[pair] = max(row.days, longest.get(pair, 0))
    groups = {b.pk: b.region.name if b.region else NATIONAL for b in national.bodies}
    ordered = sorted(national.bodies, key=lambda b: (not b.is_force, groups[b.pk], b.short_name))
    return waiting_matrix(
        longest,
        {b.pk: b.short_name for b in national.bodies},
        groups,
        order=[b.pk for b in ordered],
        chart_id="who-waits",
        title="Who waits (rows), and for which organisation (columns), by region",
    )


def _by_reference(row: RequestRow) -> Any:
    return reference_key(row.reference)


def medians(
    rows: Iterable[RequestRow],
    *,
    key: Callable[[RequestRow], str],
    order: Callable[[RequestRow], Any],
) -> list[Median]:
    """Return the medians of the groups that `key` names, in the order of `order`."""
    groups: dict[str, list[RequestRow]] = {}
    for row in sorted(rows, key=order):
        groups.setdefault(key(row), []).append(row)
    return [
        Median(
            label=label,
            waiting=sum(row.is_waiting for row in members),
            median_waiting=median_days(row for row in members if row.is_waiting),
            total=len(members),
            median_all=median_days(members) or 0,
        )
        for label, members in groups.items()
    ]


def median_days(rows: Iterable[RequestRow]) -> float | None:
    days = [row.days for row in rows]
    return median(days) if days else None


def waiting_table(page: WaitingPage) -> Table:
    """Return the requests that wait as a table to download, without their texts."""
    rows: list[list[Value]] = [
        [
            row.asker, row.asked, reference_cell(row.reference), row.days, row.due_on,
            "Yes" if row.is_late else None, "Yes" if row.is_answered else None,
        ]
        for row in sorted(page.rows, key=lambda row: -row.days)
    ]  # fmt: skip
    return Table(
        name="waiting",
        title="Waiting for each other",
        head=["Waits", "For", "Recommendation", "Days", "Due", "Late", "Accepted"],
        rows=rows,
        notes=[DAYS_NOTE],
    )


def medians_table(page: WaitingPage) -> Table:
    return Table(
        name="medians",
        title="Median waiting days",
        head=["By", "Of", "Waiting", "Median days, waiting", "Requests", "Median days, all"],
        rows=[
            [by, item.label, item.waiting, item.median_waiting, item.total, item.median_all]
            for by, items in (
                ("Recommendation", page.by_recommendation),
                ("Theme", page.by_theme),
            )
            for item in items
        ],
        notes=[DAYS_NOTE],
    )
