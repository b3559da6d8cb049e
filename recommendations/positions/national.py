"""The national picture of one day: every body, every recommendation, every position."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Self

from forces.models import Body
from recommendations.models import Inspection, Recommendation
from recommendations.positions import positions
from recommendations.positions.positions import PastTime, Position
from recommendations.rules import Flag, Status


@dataclass(frozen=True, kw_only=True)
class Count:
    """How some assignments stand, in numbers."""

    total: int
    statuses: dict[Status, int]
    overdue: int
    bodies_overdue: int

    @property
    def implemented(self) -> int:
        return self.statuses[Status.IMPLEMENTED]

    @property
    def percent(self) -> int:
        """Whole percent implemented, rounded down: 429 of 430 is not yet 100%."""
        return 100 * self.implemented // self.total if self.total else 0


def count(of: Iterable[Position]) -> Count:
    counted = list(of)
    late = [each for each in counted if each.is_overdue]
    return Count(
        total=len(counted),
        statuses={status: sum(each.status == status for each in counted) for status in Status},
        overdue=len(late),
        bodies_overdue=len({each.body_id for each in late}),
    )


@dataclass(frozen=True)
class Picture:
    """Three queries, whatever the number of rows."""

    inspection: Inspection
    on: date
    recommendations: list[Recommendation]
    bodies: list[Body]  # forces first, then national bodies; by short name
    positions: list[Position]

    @cached_property
    def forces(self) -> list[Body]:
        return [body for body in self.bodies if body.is_force]

    @cached_property
    def national_bodies(self) -> list[Body]:
        return [body for body in self.bodies if not body.is_force]

    @cached_property
    def force_positions(self) -> list[Position]:
        forces = {body.pk for body in self.forces}
        return [each for each in self.positions if each.body_id in forces]

    @cached_property
    def national_positions(self) -> list[Position]:
        forces = {body.pk for body in self.forces}
        return [each for each in self.positions if each.body_id not in forces]

    @cached_property
    def body(self) -> dict[int, Body]:
        return {body.pk: body for body in self.bodies}

    @cached_property
    def _by_body(self) -> dict[int, dict[int, Position]]:
        found: dict[int, dict[int, Position]] = {}
        for each in self.positions:
            found.setdefault(each.body_id, {})[each.number] = each
        return found

    def of(self, body: Body) -> dict[int, Position]:
        """The body's positions by the number of the recommendation."""
        return self._by_body.get(body.pk, {})

    def only(self, recommendations: Iterable[Recommendation]) -> Self:
        """The picture of these recommendations."""
        shown = list(recommendations)
        numbers = {each.number for each in shown}
        found = [each for each in self.positions if each.number in numbers]
        return replace(self, recommendations=shown, positions=found)

    def flagged(self, flag: Flag) -> list[Position]:
        return [each for each in self.positions if flag in each.flags]


def load(inspection: Inspection, then: PastTime | None = None, *, today: date) -> Picture:
    """As it stands today, or as it stood at a past time."""
    return Picture(
        inspection=inspection,
        on=then.on if then else today,
        recommendations=list(inspection.recommendations.select_related("lead_body")),
        bodies=list(Body.objects.select_related("region", "rocu").order_by("kind", "short_name")),
        positions=positions.at(inspection, then, on=today),
    )
