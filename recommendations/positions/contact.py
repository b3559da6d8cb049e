"""The last contact with each organisation, and which of them have gone quiet.

The last contact is the last update on any recommendation of the organisation, open or not; without
an update it is the day on which it got its first recommendation. An organisation has gone quiet if
it has something open and its last contact was STALE_DAYS ago or longer.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recommendations import rules
from recommendations.positions.positions import Position


@dataclass(frozen=True, kw_only=True)
class Contact:
    """The last contact with one organisation, in London days."""

    body_id: int
    on: date  # the day of the position
    last_update_on: date | None  # None: it has sent nothing yet
    counted_from: date  # the last update, or the day of its first recommendation
    open_count: int

    @property
    def days(self) -> int:
        return (self.on - self.counted_from).days

    @property
    def is_quiet(self) -> bool:
        return self.open_count > 0 and self.days >= rules.STALE_DAYS


def contacts(positions: Iterable[Position]) -> dict[int, Contact]:
    """Return the last contact with every organisation that has positions, by its primary key."""
    by_body: dict[int, list[Position]] = {}
    for position in positions:
        by_body.setdefault(position.body_id, []).append(position)
    return {body_id: _contact(body_id, rows) for body_id, rows in by_body.items()}


def quiet_bodies(positions: Iterable[Position]) -> list[Contact]:
    """Return the organisations that have gone quiet, the longest first."""
    quiet = [contact for contact in contacts(positions).values() if contact.is_quiet]
    return sorted(quiet, key=lambda contact: (-contact.days, contact.body_id))


def _contact(body_id: int, positions: list[Position]) -> Contact:
    updates = [rules.london_day(p.heard_at) for p in positions if p.latest_update_id is not None]
    last_update_on = max(updates, default=None)
    assigned_on = min(rules.london_day(p.heard_at) for p in positions)
    return Contact(
        body_id=body_id,
        on=positions[0].on,
        last_update_on=last_update_on,
        counted_from=last_update_on or assigned_on,
        open_count=sum(p.status in rules.OPEN for p in positions),
    )
