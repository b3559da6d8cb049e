"""Tile maps: a tile for each force, at its approximate place in England and Wales."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse

from forces.models import Body
from recommendations import wording
from recommendations.positions.national import Count

TILE_SIZE, GAP, CORNER_SIZE = 56, 4, 14
BAND_COUNT = 4
MAX_NAME_LENGTH = 4

# Usual short names, for forces whose first letters would not be clear.
SHORT_NAMES = {
    "avon-and-somerset": "A & S",
    "bedfordshire": "BEDS",
    "city-of-london": "CITY",
    "devon-and-cornwall": "D & C",
    "dyfed-powys": "DYFED",
    "essex": "ESSEX",
    "gloucestershire": "GLOS",
    "greater-manchester": "GMP",
    "gwent": "GWENT",
    "hampshire": "HANTS",
    "metropolitan": "MPS",
    "north-wales": "N WAL",
    "north-yorkshire": "N YORK",
    "northamptonshire": "NHANT",
    "northumbria": "NBRIA",
    "south-wales": "S WAL",
    "south-yorkshire": "S YORK",
    "sussex": "SUSX",
    "thames-valley": "TVP",
    "west-mercia": "W MER",
    "west-midlands": "W MID",
    "west-yorkshire": "W YORK",
}


@dataclass(frozen=True, kw_only=True)
class Tile:
    id: str
    href: str
    label: str  # begins with the visible text
    force: str
    x: int
    y: int
    middle_x: int
    name_y: int
    value_y: int
    name: str
    value: int
    band: int  # 0 (none implemented) to 4 (nearly all)
    corner: str  # points of the orange corner; empty if nothing is overdue


@dataclass(frozen=True, kw_only=True)
class TileMap:
    id: str
    title: str
    description: str
    width: int
    height: int
    side: int
    tiles: list[Tile]


def tile_map(
    forces: list[Body], *, count_of: Callable[[Body], Count], chart_id: str = "tile-map"
) -> TileMap | None:
    """Return tiles in reading order, north to south; None without forces."""
    placed = sorted(forces, key=lambda body: (body.tile_row or 0, body.tile_column or 0))
    if not placed:
        return None
    left = min(body.tile_column or 0 for body in placed)
    top = min(body.tile_row or 0 for body in placed)
    tiles = [_tile(body, count_of(body), left=left, top=top, chart_id=chart_id) for body in placed]
    return TileMap(
        id=chart_id,
        title="Recommendations implemented by each force",
        description="A tile for each force, at its approximate place. The number shows how many "
        "recommendations it has implemented. An orange corner means that something is overdue.",
        width=max(tile.x for tile in tiles) + TILE_SIZE + 2,
        height=max(tile.y for tile in tiles) + TILE_SIZE + 2,
        side=TILE_SIZE,
        tiles=tiles,
    )


def short_name(body: Body) -> str:
    return SHORT_NAMES.get(body.slug) or body.short_name.upper()[:MAX_NAME_LENGTH].rstrip()


def _tile(body: Body, count: Count, *, left: int, top: int, chart_id: str) -> Tile:
    x = 1 + ((body.tile_column or 0) - left) * (TILE_SIZE + GAP)
    y = 1 + ((body.tile_row or 0) - top) * (TILE_SIZE + GAP)
    name = short_name(body)
    late = f", {wording.count(count.overdue, 'recommendation')} overdue" if count.overdue else ""
    end = x + TILE_SIZE
    return Tile(
        id=f"{chart_id}-{body.slug}",
        href=reverse("force", args=[body.slug]),
        label=f"{name} {count.implemented}: {body.short_name}, {count.implemented} of "
        f"{count.total} implemented{late}",
        force=body.short_name,
        x=x,
        y=y,
        middle_x=x + TILE_SIZE // 2,
        name_y=y + 22,
        value_y=y + 44,
        name=name,
        value=count.implemented,
        band=_band(count),
        corner=f"{end - CORNER_SIZE},{y} {end},{y} {end},{y + CORNER_SIZE}"
        if count.overdue
        else "",
    )


def _band(count: Count) -> int:
    """Return 0 if none is implemented, and 4 only if nearly all are."""
    if not count.implemented:
        return 0
    return min(BAND_COUNT, 1 + int(BAND_COUNT * (count.implemented - 1) / max(count.total - 1, 1)))
