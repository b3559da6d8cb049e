"""Checks forces.csv and national_bodies.csv."""

import re

from forces.models import Body
from recommendations.register.csv_table import CsvRow, CsvTable, quoted
from recommendations.register.facts import BodyFacts

FORCE_COLUMNS = (
    "slug",
    "name",
    "short_name",
    "ons_code",
    "country",
    "region",
    "rocu",
    "police_uk_slug",
    "tile_col",
    "tile_row",
)
NATIONAL_COLUMNS = ("slug", "name", "kind")
NATIONAL_OPTIONAL = ("short_name",)

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")
_ONS_CODE = re.compile(r"[EW]\d{8}\Z", re.ASCII)


def check_forces(table: CsvTable) -> tuple[BodyFacts, ...]:
    """Return the territorial forces; no two may have the same tile on the map."""
    rows = table.rows()
    for columns in (
        ("slug",),
        ("name",),
        ("short_name",),
        ("ons_code",),
        ("police_uk_slug",),
        ("tile_col", "tile_row"),
    ):
        table.unique(rows, *columns)
    return tuple(_force(row) for row in rows)


def check_national_bodies(
    table: CsvTable, *, forces: tuple[BodyFacts, ...]
) -> tuple[BodyFacts, ...]:
    """Return the national bodies; none may have the slug or name of a force."""
    rows = table.rows()
    for column in ("slug", "name", "short_name"):
        table.unique(rows, column)
    force_values = {
        "slug": {force.slug for force in forces},
        "name": {force.name for force in forces},
        "short_name": {force.short_name for force in forces},
    }
    for row in rows:
        for column, values in force_values.items():
            if row.cells.get(column) in values:
                row.problem(
                    column, f"{quoted(row.cells[column])} is already a force in forces.csv."
                )
    return tuple(_national_body(row) for row in rows)


def _force(row: CsvRow) -> BodyFacts:
    return BodyFacts(
        slug=_slug(row, "slug"),
        kind=Body.Kind.FORCE,
        name=row.text("name", max_length=120),
        short_name=row.text("short_name", max_length=60),
        ons_code=_ons_code(row),
        country=row.choice("country", ("England", "Wales")),
        region=row.text("region", max_length=80),
        rocu=row.text("rocu", max_length=80),
        police_uk_slug=_slug(row, "police_uk_slug"),
        tile_column=row.number_in("tile_col", minimum=0),
        tile_row=row.number_in("tile_row", minimum=0),
    )


def _national_body(row: CsvRow) -> BodyFacts:
    name = row.text("name", max_length=120)
    return BodyFacts(
        slug=_slug(row, "slug"),
        kind=Body.Kind.NATIONAL,
        name=name,
        short_name=row.text("short_name", max_length=60, required=False) or name[:60],
        description=row.text("kind", max_length=60),
    )


def _slug(row: CsvRow, column: str) -> str:
    value = row.text(column, max_length=60)
    if value and not _SLUG.match(value):
        row.problem(column, f"{quoted(value)} can only contain small letters, digits and hyphens.")
    return value


def _ons_code(row: CsvRow) -> str:
    value = row.text("ons_code")
    if value and not _ONS_CODE.match(value):
        row.problem(
            "ons_code", f"{quoted(value)} is not a police force area code such as E23000032."
        )
    return value
