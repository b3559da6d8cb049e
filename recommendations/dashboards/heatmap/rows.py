"""The rows and cells of the heatmap."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

from forces.models import Body
from recommendations.dashboards import labels
from recommendations.dashboards.heatmap.query import HeatmapQuery
from recommendations.dashboards.visibility import Visibility
from recommendations.page_urls import url_query
from recommendations.positions.contact import Contact
from recommendations.positions.national import NationalPosition, count
from recommendations.positions.positions import Position
from recommendations.rules import Status

_LONG_WORD = re.compile(r"(\w{7,})(shire)")  # is broken on a phone: Nottingham-shire


@dataclass(frozen=True, slots=True)
class HeatmapCell:
    """One position. `status` is empty if the organisation does not have the recommendation.

    `state` then says whether it is not asked to do anything, or the recommendation is not assigned.
    """

    status: str = ""
    letters: str = ""
    after: str = ""  # L: submitted late; X: due date extended
    state: str = "not assigned"  # "in progress, overdue"
    words: str = ""  # the same, after the organisation and the number of the recommendation
    href: str = ""
    classes: str = "app-cell app-cell--none"
    is_overdue: bool = False
    is_match: bool = True  # has the status and flag of the query
    is_changed: bool = False
    before: str = ""  # of a changed cell: the earlier letters and an arrow; empty if they are equal


NOT_ASKED = HeatmapCell(
    letters=labels.NOT_ASKED_LETTERS,
    state=labels.NOT_ASKED.lower(),
    classes="app-cell app-cell--not-asked",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatmapRow:
    slug: str
    name: str
    label: str  # the name, with soft hyphens
    href: str
    cells: list[HeatmapCell]
    total: int
    done: int
    self_assessed: int  # of those that are done
    overdue: int
    waiting: int  # claims awaiting review
    days_since_contact: int | None  # None: nothing is open, or nothing is assigned


@dataclass(frozen=True)
class RowBuilder:
    """Builds the rows of one heatmap.

    `before` are earlier positions by assignment, to compare; None if nothing is compared.
    """

    national: NationalPosition
    query: HeatmapQuery
    visibility: Visibility
    contacts: Mapping[int, Contact]
    before: Mapping[int, Position] | None

    def row(self, body: Body) -> HeatmapRow:
        positions = self.national.of(body)
        contact = self.contacts.get(body.pk)
        totals = count(positions.values())
        # One URL lookup a row: 430 of them would take longer than everything else.
        base = reverse("force", args=[body.slug])
        time = url_query(past=self.query.as_at)
        may_open = self.visibility.includes(body)
        return HeatmapRow(
            slug=body.slug,
            name=body.short_name,
            label=_LONG_WORD.sub("\\1\u00ad\\2", body.short_name),
            href=f"{base}{time}",
            cells=[
                self._cell(body, position, f"{base}{position.reference}/{time}" if may_open else "")
                if (position := positions.get(recommendation.reference))
                else (NOT_ASKED if body.is_force else HeatmapCell())
                for recommendation in self.national.recommendations
            ],
            total=totals.total,
            done=totals.implemented,
            self_assessed=totals.self_assessed,
            overdue=totals.overdue,
            waiting=totals.statuses[Status.EVIDENCE_SUBMITTED],
            days_since_contact=contact.days if contact and contact.open_count else None,
        )

    def _cell(self, body: Body, position: Position, href: str) -> HeatmapCell:
        state, letters = labels.describe(position), labels.letters(position)
        earlier = self.before.get(position.assignment_id) if self.before is not None else None
        is_changed = self.before is not None and has_changed(earlier, position)
        is_match = self.query.matches(position)
        before = ""
        if is_changed:
            before = f"{labels.letters(earlier) if earlier else ''}→"
            before = "" if before == f"{letters}→" else before
            state = f"{state}; it was {labels.describe(earlier) if earlier else 'not assigned'}"
        return HeatmapCell(
            status=position.status,
            letters=letters,
            after=labels.suffix_letters(position),
            state=state,
            words=f"{body.short_name} {position.reference}: {state}",
            href=href,
            classes=_classes(
                position,
                is_quiet=not is_match or (self.before is not None and not is_changed),
                is_changed=is_changed,
            ),
            is_overdue=position.is_overdue,
            is_match=is_match,
            is_changed=is_changed,
            before=before,
        )


def has_changed(earlier: Position | None, later: Position) -> bool:
    """Whether the status as shown, the overdue flag or the due date changed, or it is new."""
    return earlier is None or _compared(earlier) != _compared(later)


def _compared(position: Position) -> tuple[object, ...]:
    return labels.state_of(position), position.is_overdue, position.due_on


def _classes(position: Position, *, is_quiet: bool, is_changed: bool) -> str:
    """Return the classes of a cell. A quiet one is white, so that the others stand out."""
    status = "quiet" if is_quiet else labels.state_of(position).status.replace("_", "-")
    parts = ["app-cell", f"app-cell--{status}"]
    parts += ["app-cell--overdue"] if position.is_overdue else []
    parts += ["app-cell--changed"] if is_changed else []
    return " ".join(parts)
