"""Tile maps: a tile for each force, at its approximate place in England and Wales."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

from forces.models import Body
from recommendations import wording
from recommendations.page_urls import page_url
from recommendations.positions.national import Count
from recommendations.positions.past_time import AsAt

TILE_WIDTH, TILE_HEIGHT, GAP, CORNER_SIZE = 48, 38, 3, 10
BAND_COUNT = 4
MAX_NAME_LENGTH = 4
NOT_ASKED = "NA"  # as in the heatmap

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

_TILE = """\
<a class="app-tilemap__tile app-tilemap__tile--band-{}" id="{}" href="{}" aria-label="{}">
      <title>{}</title>
      <rect class="app-tilemap__square" x="{}" y="{}" width="{}" height="{}"/>
      <text class="app-tilemap__name" x="{}" y="{}">{}</text>
      <text class="app-tilemap__value" x="{}" y="{}">{}{}</text>
      {}
    </a>"""
_GAINED = '<tspan class="app-tilemap__gained" dx="2">{}</tspan>'
_CORNER = '<polygon class="app-tilemap__flag" points="{}"/>'


@dataclass(frozen=True, kw_only=True)
class Tile:
    id: str
    href: str
    label: str  # begins with the visible text
    force: str
    title: str  # shown by the browser: the force's name and its figures
    x: int
    y: int
    middle_x: int
    name_y: int
    value_y: int
    name: str
    value: int | None  # how many are implemented; None: it is not asked to do anything
    gained: str  # "+1" since a week ago; empty if it is the same
    band: int  # 0 (none implemented) to 4 (nearly all)
    corner: str  # points of the orange corner; empty if nothing is overdue

    def svg(self) -> SafeString:
        """Return the drawing: a map has 43, which a template draws too slowly."""
        gained = format_html(_GAINED, self.gained) if self.gained else ""
        corner = format_html(_CORNER, self.corner) if self.corner else ""
        middle_x = self.middle_x
        shown = NOT_ASKED if self.value is None else self.value
        return format_html(
            _TILE,
            *(self.band, self.id, self.href, self.label, self.title, self.x, self.y),
            *(TILE_WIDTH, TILE_HEIGHT, middle_x, self.name_y, self.name),
            *(middle_x, self.value_y, shown, gained, corner),
        )


@dataclass(frozen=True, kw_only=True)
class TileMap:
    id: str
    title: str
    description: str
    width: int
    height: int
    total: int  # that most of the forces have; 0 if none has any
    key: list[tuple[int, str]]  # band and numbers: (1, "1 to 3")
    tiles: list[Tile]


def tile_map(
    forces: list[Body],
    *,
    count_of: Callable[[Body], Count],
    past: AsAt | None = None,
    before: Mapping[int, int] | None = None,
    chart_id: str = "tile-map",
) -> TileMap | None:
    """Return tiles in reading order, north to south; None without forces.

    The tiles link to the forces at `past`. `before` are the numbers implemented a week ago, by
    the force's primary key.
    """
    placed = sorted(forces, key=lambda body: (body.tile_row or 0, body.tile_column or 0))
    if not placed:
        return None
    left = min(body.tile_column or 0 for body in placed)
    top = min(body.tile_row or 0 for body in placed)
    counts = {body.pk: count_of(body) for body in placed}
    earlier = before or {}
    tiles = [
        _tile(
            body,
            counts[body.pk],
            earlier.get(body.pk),
            href=page_url("force", body.slug, past=past),
            left=left,
            top=top,
            chart_id=chart_id,
        )
        for body in placed
    ]
    totals = Counter(count.total for count in counts.values() if count.total)
    total = max(totals, key=totals.__getitem__, default=0)
    return TileMap(
        id=chart_id,
        title="Recommendations implemented by each force",
        description="A tile for each force, at its approximate place. The number shows how many "
        "recommendations it has implemented. An orange corner means that something is overdue.",
        width=max(tile.x for tile in tiles) + TILE_WIDTH + 1,
        height=max(tile.y for tile in tiles) + TILE_HEIGHT + 1,
        total=total,
        key=_key(total),
        tiles=tiles,
    )


def short_name(body: Body) -> str:
    return SHORT_NAMES.get(body.slug) or body.short_name.upper()[:MAX_NAME_LENGTH].rstrip()


def _tile(
    body: Body,
    count: Count,
    before: int | None,
    *,
    href: str,
    left: int,
    top: int,
    chart_id: str,
) -> Tile:
    x = 1 + ((body.tile_column or 0) - left) * (TILE_WIDTH + GAP)
    y = 1 + ((body.tile_row or 0) - top) * (TILE_HEIGHT + GAP)
    name = short_name(body)
    late = f", {wording.count(count.overdue, 'recommendation')} overdue" if count.overdue else ""
    gained = 0 if before is None else count.implemented - before
    change = f", {abs(gained)} {'more' if gained > 0 else 'fewer'} than a week ago"
    value = count.implemented if count.total else None
    shown = NOT_ASKED if value is None else f"{value}"
    done = f"{count.implemented} of {count.total} implemented" if count.total else "not asked"
    title = f"{body.short_name}, {done}{late}{change if gained else ''}"
    shown_gain = f"{gained:+d}" if gained else ""
    end = x + TILE_WIDTH
    return Tile(
        id=f"{chart_id}-{body.slug}",
        href=href,
        label=f"{name} {shown}{f' {shown_gain}' if gained else ''}: {title}",
        force=body.short_name,
        title=title,
        x=x,
        y=y,
        middle_x=x + TILE_WIDTH // 2,
        name_y=y + 15,
        value_y=y + 32,
        name=name,
        value=value,
        gained=shown_gain,
        band=_band(count.implemented, count.total),
        corner=f"{end - CORNER_SIZE},{y} {end},{y} {end},{y + CORNER_SIZE}"
        if count.overdue
        else "",
    )


def _band(implemented: int, total: int) -> int:
    """Return 0 if none is implemented, and 4 only if nearly all are."""
    if not implemented:
        return 0
    return min(BAND_COUNT, 1 + int(BAND_COUNT * (implemented - 1) / max(total - 1, 1)))


def _key(total: int) -> list[tuple[int, str]]:
    """Return the shades of forces that have `total` recommendations, each with its numbers."""
    numbers: dict[int, list[int]] = {}
    for number in range(total + 1):
        numbers.setdefault(_band(number, total), []).append(number)
    return [
        (band, f"{row[0]}" if len(row) == 1 else f"{row[0]} to {row[-1]}")
        for band, row in numbers.items()
    ]
