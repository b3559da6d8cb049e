"""Loads the regions, regional units and organisations of the register."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, TypeVar

from django.db import models
from django.db.models import F

from forces.models import Body, Region, Rocu
from forces.refusal import Refusal
from recommendations.register.facts import REVIEWING_DEPARTMENT, BodyFacts, Register

_Model = TypeVar("_Model", bound=models.Model)


@dataclass(kw_only=True)
class LoadCounts:
    """The number of rows of one kind that were added, changed and left as they were."""

    kind: str
    added: int = 0
    changed: int = 0
    left: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kind}: {self.added} added, {self.changed} changed, "
            f"{self.left} left as they were"
        )


@dataclass
class LoadReport:
    """The result of a load. `differences` are sentences on what the load did not change."""

    tallies: list[LoadCounts] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def wrote(self) -> bool:
        return any(tally.added or tally.changed for tally in self.tallies)


def load_bodies(register: Register, report: LoadReport) -> dict[str, Body]:
    """Add and update organisations from the files; return all of them by slug."""
    regions = _load_names(Region, "Regions", (body.region for body in register.bodies), report)
    rocus = _load_names(
        Rocu, "Regional organised crime units", (body.rocu for body in register.bodies), report
    )
    for kind, facts in (
        ("Forces", register.forces),
        ("National organisations", register.national_bodies),
        ("Local policing bodies", register.local_policing_bodies),
    ):
        tally = LoadCounts(kind=kind)
        stored = {body.slug: body for body in Body.objects.all()}  # with the forces just added
        rows = [_differing_body(body, stored, regions, rocus, tally) for body in facts]
        _write_bodies([row for row in rows if row is not None])
        report.tallies.append(tally)
    return {body.slug: body for body in Body.objects.all()}


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
) -> Body | None:
    """Return the row to write, or None if the stored one is the same."""
    values: dict[str, Any] = asdict(facts)
    values["region_id"] = regions[facts.region].pk if facts.region else None
    values["rocu_id"] = rocus[facts.rocu].pk if facts.rocu else None
    values["force_id"] = stored[facts.force].pk if facts.force else None
    del values["region"], values["rocu"], values["force"]
    values["reviews_claims"] = facts.slug == REVIEWING_DEPARTMENT
    existing = stored.get(facts.slug)
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
            *(column.name for column in fields(BodyFacts) if column.name != "slug"),
            "reviews_claims",
        ],
    )
