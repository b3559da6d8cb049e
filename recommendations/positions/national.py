"""The national position: every organisation, recommendation and position at one time."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Self

from django.db.models import QuerySet

from forces.models import Body
from forces.names import bodies_on
from recommendations.models import Inspection, Recommendation
from recommendations.positions import positions
from recommendations.positions.asks import set_asks_of
from recommendations.positions.past_time import AsAt
from recommendations.positions.positions import Position
from recommendations.rules import COUNTED, EndingKind, Status


@dataclass(frozen=True, kw_only=True)
class Count:
    """Numbers of assignments by status, and of overdue ones. Moved ones count for the successor."""

    total: int  # without withdrawn ones
    statuses: dict[Status, int]
    overdue: int
    bodies_overdue: int
    self_assessed: int  # of the implemented ones

    @property
    def implemented(self) -> int:
        return self.statuses[Status.IMPLEMENTED]

    @property
    def withdrawn(self) -> int:
        return self.statuses[Status.WITHDRAWN]

    @property
    def percent(self) -> int:
        """Whole percent implemented, rounded half up, but 100 only if it is all of them."""
        if not self.total or self.implemented == self.total:
            return 100 if self.total else 0
        return min((200 * self.implemented + self.total) // (2 * self.total), 99)


def count(positions: Iterable[Position]) -> Count:
    counted = [position for position in positions if position.ending != EndingKind.MOVED]
    statuses = Counter(position.status for position in counted)
    overdue = [position for position in counted if position.is_overdue]
    return Count(
        total=sum(statuses[status] for status in COUNTED),
        statuses={status: statuses[status] for status in Status},
        overdue=len(overdue),
        self_assessed=sum(position.is_self_assessed for position in counted),
        bodies_overdue=len({position.body_id for position in overdue}),
    )


@dataclass(frozen=True)
class NationalPosition:
    """All organisations, recommendations and positions at one time; 3 queries, 4 at a past one.

    What organisations that have ended had implemented counts, but they are not listed.
    """

    inspection: Inspection
    on: date
    recommendations: list[Recommendation]  # with what they asked of forces on the day
    # With their names of the day, also those that have ended; forces first, then by short name.
    bodies: list[Body]
    positions: list[Position]
    past: AsAt | None = None  # None: today

    def exists(self, body: Body) -> bool:
        return body.exists_before(self.past.before if self.past else None)

    @cached_property
    def existing(self) -> list[Body]:
        return [body for body in self.bodies if self.exists(body)]

    @cached_property
    def ended(self) -> list[Body]:
        return [body for body in self.bodies if not self.exists(body)]

    @cached_property
    def forces(self) -> list[Body]:
        return [body for body in self.existing if body.is_force]

    @cached_property
    def forces_ever(self) -> list[Body]:
        """Those of `forces`, and those that have ended: for sums over time."""
        return [body for body in self.bodies if body.is_force]

    @cached_property
    def asked_forces(self) -> list[Body]:
        """The forces that the inspection asks to do something."""
        return [body for body in self.forces if self.of(body)]

    @cached_property
    def national_bodies(self) -> list[Body]:
        return [body for body in self.existing if not body.is_force]

    @cached_property
    def force_positions(self) -> list[Position]:
        return [p for p in self.positions if self.body[p.body_id].is_force]

    @cached_property
    def national_positions(self) -> list[Position]:
        return [p for p in self.positions if not self.body[p.body_id].is_force]

    @cached_property
    def body(self) -> dict[int, Body]:
        return {body.pk: body for body in self.bodies}

    @cached_property
    def _by_body(self) -> dict[int, dict[str, Position]]:
        by_body: dict[int, dict[str, Position]] = {}
        for position in self.positions:
            by_body.setdefault(position.body_id, {})[position.reference] = position
        return by_body

    def of(self, body: Body) -> dict[str, Position]:
        return self._by_body.get(body.pk, {})

    def only(self, recommendations: Iterable[Recommendation]) -> Self:
        selected = list(recommendations)
        references = {recommendation.reference for recommendation in selected}
        shown = [position for position in self.positions if position.reference in references]
        return replace(self, recommendations=selected, positions=shown)


def load(inspection: Inspection, past: AsAt | None = None, *, today: date) -> NationalPosition:
    bodies = Body.objects.assignable().select_related("region", "rocu", "succeeded_by")
    rows = positions.at(inspection, past, on=today)
    return _national_position(inspection, past, bodies, rows, today=today)


def load_recommendation(
    inspection: Inspection, reference: str, past: AsAt | None = None, *, today: date
) -> NationalPosition:
    """Return the national position with the positions of one recommendation only.

    Regions and regional units are not loaded with the organisations.
    """
    if past is None:
        rows = positions.today(inspection, on=today, reference=reference)
    else:
        rows = positions.as_at(inspection, on=past.on, before=past.before)
        rows = [position for position in rows if position.reference == reference]
    return _national_position(inspection, past, Body.objects.assignable(), rows, today=today)


def _national_position(
    inspection: Inspection,
    past: AsAt | None,
    bodies: QuerySet[Body],
    rows: list[Position],
    *,
    today: date,
) -> NationalPosition:
    recommendations = list(inspection.recommendations.select_related("lead_body"))
    named = list(bodies_on(past.on if past else None, bodies))
    if past:
        by_key = {body.pk: body for body in named}
        for recommendation in recommendations:
            recommendation.lead_body = by_key[recommendation.lead_body_id]
        set_asks_of(past, recommendations)
    return NationalPosition(
        inspection=inspection,
        on=past.on if past else today,
        recommendations=recommendations,
        bodies=named,
        positions=rows,
        past=past,
    )
