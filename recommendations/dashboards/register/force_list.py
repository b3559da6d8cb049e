"""The list of forces and national organisations, with their figures and ten statuses."""

from dataclasses import dataclass
from functools import cache

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from forces.models import Body
from recommendations import wording
from recommendations.charts.tile_map import TileMap, tile_map
from recommendations.dashboards import labels
from recommendations.dashboards.sorting import Column, Keys, sort_rows
from recommendations.page_urls import page_url
from recommendations.positions.contact import Contact, contacts
from recommendations.positions.national import NationalPosition, count
from recommendations.positions.positions import Position
from recommendations.rules import COUNTED, Flag, Status

FORCE_KEYS: Keys = {
    "name": lambda row: row.name,
    "done": lambda row: row.done,
    "claims": lambda row: row.claims,
    "overdue": lambda row: (row.overdue, row.longest_overdue),
    "at_risk": lambda row: row.at_risk,
    "stale": lambda row: row.stale,
    "heard": lambda row: row.heard,
}
_EMPTY_CELL = SafeString('<td class="app-letters-cell"></td>')
FORCE_COLUMNS = [
    Column("Force", "name"),
    Column("Done#", "done"),
    Column("Claims waiting#", "claims"),
    Column("Overdue#", "overdue"),
    Column("At risk#", "at_risk"),
    Column("Stale#", "stale"),
    Column("Days since last update#", "heard"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFigures:
    """One organisation's figures."""

    name: str
    href: str
    done: int
    total: int
    self_assessed: int  # of those that are done
    claims: int  # waiting for review
    overdue: int
    longest_overdue: int  # days
    at_risk: int
    stale: int
    heard: int | None  # days since the last update; None if nothing is open
    letters: SafeString  # a cell for each recommendation, in their order


@dataclass(frozen=True, kw_only=True)
class ForceList:
    sentence: str
    tile_map: TileMap | None
    references: list[str]  # of the recommendations
    forces: list[BodyFigures]
    national_bodies: list[BodyFigures]
    ended: list[tuple[str, str]]  # names and addresses of organisations that have ended


def force_list(national: NationalPosition, *, region: str = "", sort: str = "name") -> ForceList:
    """Return the list, with the forces of one region if given; no query."""
    heard = contacts(national.positions)
    shown = [b for b in national.forces if not region or (b.region and b.region.name == region)]
    overdue = len({p.body_id for p in national.force_positions if p.is_overdue})
    have = "has" if overdue == 1 else "have"
    asked = wording.count(len(national.asked_forces), "force")
    return ForceList(
        sentence=f"{overdue} of {asked} {have} an overdue recommendation.",
        tile_map=tile_map(
            shown,
            count_of=lambda body: count(national.of(body).values()),
            past=national.past,
        ),
        references=[recommendation.reference for recommendation in national.recommendations],
        forces=sort_rows((body_figures(b, national, heard) for b in shown), sort, FORCE_KEYS),
        national_bodies=[body_figures(b, national, heard) for b in national.national_bodies],
        ended=[
            (body.short_name, page_url("force", body.slug, past=national.past))
            for body in national.ended
        ],
    )


def body_figures(body: Body, national: NationalPosition, heard: dict[int, Contact]) -> BodyFigures:
    positions = national.of(body)
    rows = list(positions.values())
    flags = {p.reference: p.flags for p in rows}
    overdue = [p for p in rows if Flag.OVERDUE in flags[p.reference]]
    contact = heard.get(body.pk)
    return BodyFigures(
        name=body.short_name,
        href=page_url("force", body.slug, past=national.past),
        done=sum(p.status == Status.IMPLEMENTED for p in rows),
        total=sum(p.status in COUNTED for p in rows),
        self_assessed=sum(p.is_self_assessed for p in rows),
        claims=sum(p.status == Status.EVIDENCE_SUBMITTED for p in rows),
        overdue=len(overdue),
        longest_overdue=max((p.days_overdue for p in overdue), default=0),
        at_risk=sum(Flag.AT_RISK in row for row in flags.values()),
        stale=sum(Flag.STALE in row for row in flags.values()),
        heard=contact.days if contact and contact.open_count else None,
        letters=_cells(national, positions, {p.reference for p in overdue}),
    )


def _cells(
    national: NationalPosition, positions: dict[str, Position], overdue: set[str]
) -> SafeString:
    """Return the ten cells of a row: 500 of them in a template would be most of the page's time."""
    cells = (
        _cell(
            labels.state_of(positions[r.reference]),
            is_overdue=r.reference in overdue,
        )
        if r.reference in positions
        else _EMPTY_CELL
        for r in national.recommendations
    )
    return mark_safe("".join(cells))  # noqa: S308  # nosec B308 B703 # from `_cell`


@cache
def _cell(state: labels.State, *, is_overdue: bool) -> SafeString:
    return format_html(
        '<td class="app-letters-cell"><span class="app-letters app-cell--{}{}">{}</span></td>',
        state.status.replace("_", "-"),
        " app-cell--overdue" if is_overdue else "",
        state.letters,
    )
