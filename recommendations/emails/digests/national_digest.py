"""The digest of those who are there for all bodies."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from forces.models import Body
from recommendations import rules
from recommendations.emails import sections as parts
from recommendations.emails.digests.notices import Notices
from recommendations.emails.sections import Item, Section
from recommendations.positions.positions import Position
from recommendations.rules import Status

MOST = 10  # items of a list that may be long


@dataclass(frozen=True)
class Trend:
    """A drawing of how it came to this: PNG, and the same in words."""

    png: bytes
    words: str


@dataclass(frozen=True)
class Figure:
    """One national number and how it moved."""

    name: str
    count: int
    change: int

    @property
    def moved(self) -> str:
        if self.change == 0:
            return "no change"
        return f"{'up' if self.change > 0 else 'down'} {abs(self.change)}"


@dataclass(frozen=True, kw_only=True)
class NationalDigest:
    """How all the forces and national bodies stand. `on` is a London day, `since` an instant."""

    family = "national"

    name: str  # of the inspection
    on: date
    since: datetime
    total: int
    overdue_count: int  # of forces and national bodies
    figures: list[Figure]
    sections: list[Section]
    trend: Trend | None
    path: str
    is_synthetic: bool

    @property
    def subject(self) -> str:
        by_name = {figure.name: figure for figure in self.figures}
        overdue, done = by_name["Overdue"], by_name["Implemented"]
        moved = f" ({overdue.moved})" if overdue.change else ""
        late = self.overdue_count - overdue.count
        others = f" and {late} of national bodies" if late else ""
        return (
            f"{self.name}: {overdue.count} overdue{moved}{others}, "
            f"{done.count} of {self.total} implemented"
        )

    @property
    def covers(self) -> str:
        return parts.covers(since=self.since, on=self.on)


@dataclass(frozen=True, kw_only=True)
class NationalFacts:
    """What it is made from. `before` is how all stood in the digest before.

    Links lead to claims and papers where the reader `sees_papers`, else to the bodies.
    """

    name: str
    today: list[Position]
    before: list[Position]
    bodies: dict[int, Body]
    titles: dict[int, str]
    notices: Notices
    trend: Trend | None
    sees_papers: bool

    def digest(self, *, since: datetime, on: date, is_synthetic: bool) -> NationalDigest:
        forces = self._of_forces(self.today)
        national = [p for p in self.today if not self.bodies[p.body_id].is_force]
        return NationalDigest(
            name=self.name,
            on=on,
            since=since,
            total=len(forces),
            overdue_count=sum(p.is_overdue for p in self.today),
            figures=_figures(forces, self._of_forces(self.before)),
            sections=parts.filled(self._sections(forces, national, on)),
            trend=self.trend,
            path=reverse("overview"),
            is_synthetic=is_synthetic,
        )

    def _sections(
        self, forces: list[Position], national: list[Position], on: date
    ) -> list[Section]:
        late = parts.oldest_first(p for p in national if p.is_overdue)
        accepted = self._items(self._newly_done(), lambda p: "claim accepted, implemented")
        return [
            parts.shortened("Forces with the most overdue", self._by_force(forces), most=MOST),
            Section("National bodies overdue", self._items(late, parts.overdue_note)),
            parts.shortened("Reviews that are late", self._late_reviews(on), most=MOST),
            *self._to_answer(),
            parts.shortened("Gone quiet", self._silent(forces, on), most=MOST),
            parts.shortened("What went right", accepted, most=MOST),
        ]

    def _to_answer(self) -> list[Section]:
        if not self.sees_papers:
            return []
        return [
            parts.shortened("Questions to answer", self.notices.questions_to_analysts(), most=MOST),
            parts.shortened("Requests for more time", self.notices.requests(), most=MOST),
        ]

    def _of_forces(self, those: list[Position]) -> list[Position]:
        return [p for p in those if self.bodies[p.body_id].is_force]

    def _newly_done(self) -> list[Position]:
        done = {p.assignment_id for p in self.before if p.status == Status.IMPLEMENTED}
        return [
            p for p in self.today if p.status == Status.IMPLEMENTED and p.assignment_id not in done
        ]

    def _by_force(self, forces: list[Position]) -> list[Item]:
        overdue = Counter(p.body_id for p in forces if p.is_overdue)
        ranked = sorted(overdue.items(), key=lambda pair: (-pair[1], self._name(pair[0])))
        return [self._of_force(pk, f"{count} overdue") for pk, count in ranked]

    def _silent(self, forces: list[Position], on: date) -> list[Item]:
        """Forces all of whose open assignments are stale, the longest silence first."""
        open_ones = [p for p in forces if p.status in rules.OPEN]
        talking = {p.body_id for p in open_ones if rules.Flag.STALE not in p.flags}
        heard = {p.body_id: p.heard_at for p in sorted(open_ones, key=lambda p: p.heard_at)}
        silent = sorted((at, pk) for pk, at in heard.items() if pk not in talking)
        return [self._of_force(pk, f"nothing heard since {parts.day_of(at)}") for at, pk in silent]

    def _late_reviews(self, on: date) -> list[Item]:
        late = [p for p in self.today if rules.has_late_review(p, on=on)]
        late.sort(key=lambda p: p.heard_at)
        return self._items(late, lambda p: f"claimed on {parts.day_of(p.heard_at)}", to_review=True)

    def _items(
        self,
        chosen: Iterable[Position],
        note: Callable[[Position], str],
        *,
        to_review: bool = False,
    ) -> list[Item]:
        return [
            Item(
                title=f"{self._name(p.body_id)}: {p.number}. {self.titles[p.number]}",
                note=note(p),
                path=self._path(p, to_review=to_review),
            )
            for p in chosen
        ]

    def _path(self, position: Position, *, to_review: bool) -> str:
        slug = self.bodies[position.body_id].slug
        if not self.sees_papers:
            return reverse("force", args=[slug])
        if to_review:
            return reverse("review", args=[position.latest_update_id])
        return reverse("assignment", args=[slug, position.number])

    def _of_force(self, pk: int, note: str) -> Item:
        return Item(self._name(pk), note, reverse("force", args=[self.bodies[pk].slug]))

    def _name(self, pk: int) -> str:
        return self.bodies[pk].short_name


def _figures(now: list[Position], before: list[Position]) -> list[Figure]:
    def count(rows: list[Position]) -> dict[str, int]:
        statuses = Counter(p.status for p in rows)
        return {
            "Implemented": statuses[Status.IMPLEMENTED],
            "Overdue": sum(p.is_overdue for p in rows),
            "Evidence awaiting review": statuses[Status.EVIDENCE_SUBMITTED],
            "Not started": statuses[Status.NOT_STARTED],
        }

    counted, was = count(now), count(before)
    return [Figure(name, counted[name], counted[name] - was[name]) for name in counted]
