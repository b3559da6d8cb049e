"""Loads the regions, regional units and organisations of the register."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any, TypeVar

from django.db import models
from django.db.models import F

from forces.models import Body, BodyName, Region, Rocu
from forces.refusal import Refusal
from recommendations.actions.load_names import load_former_names
from recommendations.register.facts import REVIEWING_DEPARTMENT, BodyFacts, Register
from recommendations.register.load_report import LoadCounts, LoadReport

_Model = TypeVar("_Model", bound=models.Model)


def load_bodies(
    register: Register, report: LoadReport, *, at: datetime
) -> tuple[dict[str, Body], list[BodyName]]:
    """Add and update organisations from the files; return all of them by slug, and new names."""
    regions = _load_names(Region, "Regions", (body.region for body in register.bodies), report)
    rocus = _load_names(
        Rocu, "Regional organised crime units", (body.rocu for body in register.bodies), report
    )
    named = set(BodyName.objects.values_list("body__slug", flat=True))
    for kind, facts in (
        ("Forces", register.forces),
        ("National organisations", register.national_bodies),
        ("Local policing bodies", register.local_policing_bodies),
    ):
        tally = LoadCounts(kind=kind)
        stored = {body.slug: body for body in Body.objects.all()}  # with the forces just added
        rows = [
            _differing_body(body, stored, regions, rocus, tally, report, named=named)
            for body in facts
        ]
        _write_bodies([row for row in rows if row is not None])
        report.tallies.append(tally)
    bodies = {body.slug: body for body in Body.objects.all()}
    return bodies, load_former_names(register.bodies, bodies, report, at=at)


def _load_names(
    model: type[_Model], kind: str, names: Iterable[str | None], report: LoadReport
) -> dict[str, _Model]:
    manager = model._default_manager
    unique_names = sorted({name for name in names if name})
    stored = set(manager.filter(name__in=unique_names).values_list("name", flat=True))
    manager.bulk_create([model(name=name) for name in unique_names if name not in stored])
    added = len(unique_names) - len(stored)
    report.tallies.append(LoadCounts(kind=kind, added=added, left=len(stored)))
    return {row.name: row for row in manager.all()}  # type: ignore[attr-defined]


def _differing_body(
    facts: BodyFacts,
    stored: Mapping[str, Body],
    regions: Mapping[str, Region],
    rocus: Mapping[str, Rocu],
    tally: LoadCounts,
    report: LoadReport,
    *,
    named: set[str],
) -> Body | None:
    """Return the row to write, or None if the stored one is the same.

    The names of an organisation with recorded names (`named`) are changed in the service only.
    """
    values: dict[str, Any] = asdict(facts)
    values["region_id"] = regions[facts.region].pk if facts.region else None
    values["rocu_id"] = rocus[facts.rocu].pk if facts.rocu else None
    values["force_id"] = stored[facts.force].pk if facts.force else None
    del values["region"], values["rocu"], values["force"], values["former_names"]
    values["reviews_claims"] = facts.slug == REVIEWING_DEPARTMENT
    existing = stored.get(facts.slug)
    if existing and facts.slug in named:
        if (existing.name, existing.short_name) != (facts.name, facts.short_name):
            report.differences.append(
                f"{facts.slug}: called {existing.name} ({existing.short_name}) here and "
                f"{facts.name} ({facts.short_name}) in the file. Its names have dates, so change "
                "them on the page of its names."
            )
        values |= {"name": existing.name, "short_name": existing.short_name}
    if existing is None:
        _refuse_second_policing_body(facts, stored)
        tally.added += 1
    elif all(getattr(existing, name) == value for name, value in values.items()):
        tally.left += 1
        return None
    else:
        tally.changed += 1
    return Body(**values)


def _refuse_second_policing_body(facts: BodyFacts, stored: Mapping[str, Body]) -> None:
    """Raise Refusal if the force has a local policing body with another slug."""
    force = stored[facts.force] if facts.force else None
    for body in stored.values():
        if force is not None and body.force_id == force.pk:
            raise Refusal(
                f"{force.name} already has a local policing body, {body.slug}, so {facts.slug} "
                "was not added. Use the same slug for the new name."
            )


def _write_bodies(rows: list[Body]) -> None:
    # Two forces may exchange their tiles: move all away first, so that no tile is used twice.
    slugs = [row.slug for row in rows]
    Body.objects.forces().filter(slug__in=slugs).update(tile_column=F("tile_column") + 10_000)
    Body.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["slug"],
        update_fields=[
            *(
                column.name
                for column in fields(BodyFacts)
                if column.name not in ("slug", "former_names")
            ),
            "reviews_claims",
        ],
    )
