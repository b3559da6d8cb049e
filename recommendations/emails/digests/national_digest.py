"""The digest for readers who see every body."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from forces.models import Body
from recommendations import rules
from recommendations.emails import sections as parts
from recommendations.emails.digests.notices import Notices
from recommendations.emails.sections import DigestData, EmailItem, EmailSection, shortened
from recommendations.positions.positions import Position
from recommendations.rules import Status


@dataclass(frozen=True)
class Trend:
    """A chart of progress: PNG, and the same in words."""

    png: bytes
    words: str


@dataclass(frozen=True)
class DigestFigure:
    """One national number and its change since the last digest."""

    name: str
    count: int
    change: int

    @property
    def change_text(self) -> str:
        """Return `up 2`, `down 1` or `no change`."""
        if self.change == 0:
            return "no change"
        return f"{'up' if self.change > 0 else 'down'} {abs(self.change)}"


@dataclass(frozen=True, kw_only=True)
class NationalDigest(DigestData):
    """The national position; `overdue_count` is of forces and national bodies."""

    family = "national_digest"

    name: str  # of the inspection
    total: int  # assignments of forces
    figures: list[DigestFigure]
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
    """What the national digest is built from. `previous` are the positions of the last digest.

    Links lead to claims and assignments where the reader `sees_documents`, else to the bodies.
    """

    name: str
    today: list[Position]
    previous: list[Position]
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
            total=len(forces),
            overdue_count=sum(p.is_overdue for p in self.today),
            figures=_figures(forces, self._of_forces(self.previous)),
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
            shortened("No recent updates", self._stale_forces(forces)),
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

    def _stale_forces(self, forces: list[Position]) -> list[EmailItem]:
        """Forces whose open assignments are all stale, the longest without an update first."""
        open_positions = sorted(
            (p for p in forces if p.status in rules.OPEN), key=lambda p: p.heard_at
        )
        active = {p.body_id for p in open_positions if rules.Flag.STALE not in p.flags}
        heard_at = {p.body_id: p.heard_at for p in open_positions}  # the latest of each force
        stale = sorted((at, pk) for pk, at in heard_at.items() if pk not in active)
        return [self._body_item(pk, f"last update {parts.format_day(at)}") for at, pk in stale]

    def _late_reviews(self, on: date) -> list[EmailItem]:
        late = [p for p in self.today if rules.has_late_review(p, on=on)]
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


def _figures(today: list[Position], previous: list[Position]) -> list[DigestFigure]:
    def count(positions: list[Position]) -> dict[str, int]:
        statuses = Counter(p.status for p in positions)
        return {
            "Implemented": statuses[Status.IMPLEMENTED],
            "Overdue": sum(p.is_overdue for p in positions),
            "Evidence awaiting review": statuses[Status.EVIDENCE_SUBMITTED],
            "Not started": statuses[Status.NOT_STARTED],
        }

    before = count(previous)
    return [DigestFigure(name, now, now - before[name]) for name, now in count(today).items()]
