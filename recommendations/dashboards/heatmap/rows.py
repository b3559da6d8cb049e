"""The rows and cells of the heatmap."""

from dataclasses import dataclass

from django.urls import reverse

from forces.models import Body
from recommendations.dashboards import labels
from recommendations.dashboards.visibility import Visibility
from recommendations.positions.contact import contacts
from recommendations.positions.national import NationalPosition, count
from recommendations.positions.positions import Position
from recommendations.rules import Status


@dataclass(frozen=True, slots=True)
class HeatmapCell:
    """One position. `status` is empty if the recommendation is not assigned to the organisation."""

    status: str = ""
    letters: str = ""
    after: str = ""  # L: submitted late; X: due date extended
    state: str = ""  # "in progress, overdue"
    words: str = ""  # the same, after the organisation and the number of the recommendation
    href: str = ""
    id: str = ""
    is_overdue: bool = False
    previous: str = ""  # letters of the earlier status, if it has changed; `!` means overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatmapRow:
    slug: str
    name: str
    href: str
    cells: list[HeatmapCell]
    done: int
    overdue: int
    waiting: int  # claims awaiting review
    days_since_contact: int | None  # None: nothing is open, or nothing is assigned


@dataclass(frozen=True)
class RowBuilder:
    """Builds the rows of one heatmap; `before` are earlier positions by assignment, to compare."""

    national: NationalPosition
    visibility: Visibility
    before: dict[int, Position]

    def row(self, body: Body) -> HeatmapRow:
        positions = self.national.of(body)
        contact = contacts(positions.values()).get(body.pk)
        totals = count(positions.values())
        # One URL lookup a row: 430 of them would take longer than everything else.
        base = reverse("force", args=[body.slug])
        may_open = self.visibility.includes(body)
        return HeatmapRow(
            slug=body.slug,
            name=body.short_name,
            href=base,
            cells=[
                self._cell(body, positions.get(number), f"{base}{number}/" if may_open else "")
                for number in (r.number for r in self.national.recommendations)
            ],
            done=totals.implemented,
            overdue=totals.overdue,
            waiting=totals.statuses[Status.EVIDENCE_SUBMITTED],
            days_since_contact=contact.days if contact and contact.open_count else None,
        )

    def _cell(self, body: Body, position: Position | None, href: str) -> HeatmapCell:
        if position is None:
            return HeatmapCell()
        state, previous = labels.describe(position), ""
        earlier = self.before.get(position.assignment_id)
        if earlier and has_changed(earlier, position):
            state = f"{state}; it was {labels.describe(earlier)}"
            previous = labels.letters(earlier) + ("!" if earlier.is_overdue else "")
        return HeatmapCell(
            status=position.status,
            letters=labels.letters(position),
            after=labels.suffix_letters(position),
            state=state,
            words=f"{body.short_name} {position.number}: {state}",
            href=href,
            id=f"cell-{body.slug}-{position.number}",
            is_overdue=position.is_overdue,
            previous=previous,
        )


def has_changed(earlier: Position, later: Position) -> bool:
    """Return whether the status, a return, the overdue flag or the due date has changed."""
    return (earlier.status, earlier.is_returned, earlier.is_overdue, earlier.due_on) != (
        *(later.status, later.is_returned, later.is_overdue, later.due_on),
    )
