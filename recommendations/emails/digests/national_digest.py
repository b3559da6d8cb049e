"""The digest for readers who see every body."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from forces.models import Body
from recommendations import lateness, rules
from recommendations.emails import sections as parts
from recommendations.emails.digests.notices import Notices
from recommendations.emails.sections import DigestData, EmailItem, EmailSection, shortened
from recommendations.positions.contact import quiet_bodies
from recommendations.positions.outlook import Outlook, outlook
from recommendations.positions.positions import Position
from recommendations.positions.weekly_figures import WeeklyFigure, weekly_figures
from recommendations.rules import Status


@dataclass(frozen=True)
class Trend:
    """A chart of progress: PNG, and the same in words."""

    png: bytes
    words: str


@dataclass(frozen=True, kw_only=True)
class NationalDigest(DigestData):
    """The national position; `overdue_count` is of forces and national bodies."""

    family = "national_digest"

    name: str  # of the inspection
    outlook: Outlook  # of the forces: the headline
    compared_on: date  # `figures` are compared with the end of this London day
    total: int  # assignments of forces
    figures: list[WeeklyFigure]
    trend: Trend | None

    @property
    def subject(self) -> str:
        by_name = {figure.name: figure for figure in self.figures}
        overdue, done = by_name["Overdue"], by_name["Implemented"]
        change = f" ({overdue.change_text})" if overdue.change else ""
        late = self.overdue_count - overdue.count
        others = f" and {late} at national organisations" if late else ""
        return (
            f"{self.name}: {overdue.count} overdue{change}{others}, "
            f"{done.count} of {self.total} implemented"
        )


@dataclass(frozen=True, kw_only=True)
class NationalDigestFacts:
    """What the national digest is built from.

    `previous` are the positions of the last digest, so that its lists miss nothing, and `week_ago`
    those at the end of the same day a week before, with which its figures are compared.
    Links lead to claims and assignments where the reader `sees_documents`, else to the bodies.
    """

    name: str
    today: list[Position]
    previous: list[Position]
    week_ago: list[Position]
    bodies: dict[int, Body]
    titles: dict[int, str]
    notices: Notices
    trend: Trend | None
    sees_documents: bool

    def digest(self, *, since: datetime, on: date, is_synthetic: bool) -> NationalDigest:
        forces = self._of_forces(self.today)
        return NationalDigest(
            name=self.name,
            on=on,
            since=since,
            outlook=outlook(forces),
            compared_on=rules.week_before(on),
            total=len(forces),
            overdue_count=sum(p.is_overdue for p in self.today),
            figures=weekly_figures(forces, week_ago=self._of_forces(self.week_ago)),
            sections=[section for section in self._sections(forces, on) if section.items],
            trend=self.trend,
            path=reverse("overview"),
            is_synthetic=is_synthetic,
        )

    def _sections(self, forces: list[Position], on: date) -> list[EmailSection]:
        notices = self.notices if self.sees_documents else None
        late = parts.oldest_first(
            p for p in self.today if p.is_overdue and not self.bodies[p.body_id].is_force
        )
        accepted = self._items(self._newly_implemented(), lambda p: "claim accepted, implemented")
        return [
            shortened("Forces with the most overdue", self._most_overdue(forces)),
            EmailSection(
                "Overdue at national organisations", self._items(late, parts.overdue_note)
            ),
            shortened("Late reviews", self._late_reviews(on)),
            shortened("Questions to answer", notices.questions_for_analysts() if notices else []),
            shortened("Extension requests", notices.extension_requests() if notices else []),
            shortened("No recent updates", self._quiet_bodies()),
            shortened("Accepted this week", accepted),
        ]

    def _of_forces(self, positions: list[Position]) -> list[Position]:
        return [p for p in positions if self.bodies[p.body_id].is_force]

    def _newly_implemented(self) -> list[Position]:
        before = {p.assignment_id for p in self.previous if p.status == Status.IMPLEMENTED}
        done = [p for p in self.today if p.status == Status.IMPLEMENTED]
        return [p for p in done if p.assignment_id not in before]

    def _most_overdue(self, forces: list[Position]) -> list[EmailItem]:
        overdue = Counter(p.body_id for p in forces if p.is_overdue)
        ranked = sorted(overdue.items(), key=lambda pair: (-pair[1], self._name(pair[0])))
        return [self._body_item(pk, f"{count} overdue") for pk, count in ranked]

    def _quiet_bodies(self) -> list[EmailItem]:
        """Organisations that have gone quiet, the longest first."""
        return [
            self._body_item(contact.body_id, parts.contact_note(contact))
            for contact in quiet_bodies(self.today)
        ]

    def _late_reviews(self, on: date) -> list[EmailItem]:
        late = [p for p in self.today if lateness.has_late_review(p, on=on)]
        late.sort(key=lambda p: p.heard_at)
        return self._items(late, parts.claim_note, links_to_review=True)

    def _items(
        self,
        positions: Iterable[Position],
        note: Callable[[Position], str],
        *,
        links_to_review: bool = False,
    ) -> list[EmailItem]:
        return [
            EmailItem(
                title=f"{self._name(p.body_id)}: {p.number}. {self.titles[p.number]}",
                note=note(p),
                path=self._path(p, links_to_review=links_to_review),
            )
            for p in positions
        ]

    def _path(self, position: Position, *, links_to_review: bool) -> str:
        slug = self.bodies[position.body_id].slug
        if not self.sees_documents:
            return reverse("force", args=[slug])
        if links_to_review:
            return reverse("review", args=[position.latest_update_id])
        return reverse("assignment", args=[slug, position.number])

    def _body_item(self, pk: int, note: str) -> EmailItem:
        return EmailItem(self._name(pk), note, reverse("force", args=[self.bodies[pk].slug]))

    def _name(self, pk: int) -> str:
        return self.bodies[pk].short_name
