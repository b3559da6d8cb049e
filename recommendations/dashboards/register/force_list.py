"""The list of forces and national organisations, with their figures and ten statuses."""

from dataclasses import dataclass

from django.urls import reverse

from forces.models import Body
from recommendations import wording
from recommendations.charts.tile_map import TileMap, tile_map
from recommendations.dashboards import labels
from recommendations.dashboards.sorting import Column, Keys, sort_rows
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
FORCE_COLUMNS = [
    Column("Force", "name"),
    Column("Done#", "done"),
    Column("Claims waiting#", "claims"),
    Column("Overdue#", "overdue"),
    Column("At risk#", "at_risk"),
    Column("Stale#", "stale"),
    Column("Days since last update#", "heard"),
]


@dataclass(frozen=True, slots=True)
class Letters:
    """A status in a cell of the list. `css` are its classes."""

    css: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyFigures:
    """One organisation's figures."""

    name: str
    href: str
    done: int
    total: int
    claims: int  # waiting for review
    overdue: int
    longest_overdue: int  # days
    at_risk: int
    stale: int
    heard: int | None  # days since the last update; None if nothing is open
    letters: list[Letters]  # in the order of the recommendations


@dataclass(frozen=True, kw_only=True)
class ForceList:
    sentence: str
    tile_map: TileMap | None
    numbers: list[int]  # of the recommendations
    forces: list[BodyFigures]
    national_bodies: list[BodyFigures]


def force_list(national: NationalPosition, *, region: str = "", sort: str = "name") -> ForceList:
    """Return the list, with the forces of one region if given; no query."""
    heard = contacts(national.positions)
    shown = [b for b in national.forces if not region or (b.region and b.region.name == region)]
    overdue = len({p.body_id for p in national.force_positions if p.is_overdue})
    have = "has" if overdue == 1 else "have"
    return ForceList(
        sentence=f"{overdue} of {wording.count(len(national.forces), 'force')} {have} an overdue "
        "recommendation.",
        tile_map=tile_map(shown, count_of=lambda body: count(national.of(body).values())),
        numbers=[recommendation.number for recommendation in national.recommendations],
        forces=sort_rows((body_figures(b, national, heard) for b in shown), sort, FORCE_KEYS),
        national_bodies=[body_figures(b, national, heard) for b in national.national_bodies],
    )


def body_figures(body: Body, national: NationalPosition, heard: dict[int, Contact]) -> BodyFigures:
    positions = national.of(body)
    rows, flags = list(positions.values()), [p.flags for p in positions.values()]
    contact = heard.get(body.pk)
    return BodyFigures(
        name=body.short_name,
        href=reverse("force", args=[body.slug]),
        done=sum(p.status == Status.IMPLEMENTED for p in rows),
        total=sum(p.status in COUNTED for p in rows),
        claims=sum(p.status == Status.EVIDENCE_SUBMITTED for p in rows),
        overdue=sum(Flag.OVERDUE in row for row in flags),
        longest_overdue=max((p.days_overdue for p in rows), default=0),
        at_risk=sum(Flag.AT_RISK in row for row in flags),
        stale=sum(Flag.STALE in row for row in flags),
        heard=contact.days if contact and contact.open_count else None,
        letters=[_letters(positions.get(r.number)) for r in national.recommendations],
    )


def _letters(position: Position | None) -> Letters:
    if position is None:
        return Letters("app-letters app-letters--none", "")
    overdue = " app-cell--overdue" if position.is_overdue else ""
    status = position.status.replace("_", "-")
    return Letters(f"app-letters app-cell--{status}{overdue}", labels.letters(position))
