"""What a digest says, as typed values ready to print; the same for HTML and text."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, cached_property

from django.urls import reverse

from forces.models import Body
from recommendations import positions, rules, wording
from recommendations.digests.notices import Item, Notices
from recommendations.models import Inspection, Recommendation, Update
from recommendations.positions import Position
from recommendations.rules import Status

MOST_FORCES = 10  # in the national digest's list of overdue counts


@dataclass(frozen=True)
class BodyDigest:
    """What one body owes."""

    body_name: str
    on: date
    overdue: list[Item]
    returned: list[Item]
    due_soon: list[Item]
    waiting: list[Item]
    questions: list[Item]
    answered: list[Item]
    decided: list[Item]
    path: str
    is_synthetic: bool

    @property
    def subject(self) -> str:
        facts = [f"{len(self.overdue)} overdue"] if self.overdue else ["nothing overdue"]
        facts += [f"{len(self.due_soon)} due soon"] if self.due_soon else []
        facts += [f"{len(self.returned)} returned"] if self.returned else []
        return f"{self.body_name}: {', '.join(facts)}"


@dataclass(frozen=True)
class Figure:
    """One national number and how it moved in the week."""

    name: str
    count: int
    change: int

    @property
    def moved(self) -> str:
        if self.change == 0:
            return "no change since last week"
        return f"{'up' if self.change > 0 else 'down'} {abs(self.change)} since last week"


@dataclass(frozen=True)
class NationalDigest:
    """How all the forces and national bodies stand."""

    on: date
    total: int
    figures: list[Figure]
    overdue_forces: list[Item]
    overdue_national: list[Item]
    late_reviews: list[Item]
    silent: list[Item]
    questions: list[Item]
    requests: list[Item]
    path: str
    is_synthetic: bool

    @property
    def subject(self) -> str:
        by_name = {figure.name: figure.count for figure in self.figures}
        overdue, done = by_name["Overdue"], by_name["Implemented"]
        return f"County lines: {overdue} overdue, {done} of {self.total} implemented"


class Contents:
    """Everything the week's digests need, read once: a handful of queries for all readers."""

    def __init__(self, inspection: Inspection, *, on: date) -> None:
        self.inspection = inspection
        self.on = on
        self.today = positions.today(inspection, on=on)
        self.bodies = {body.pk: body for body in Body.objects.all()}
        self.titles = dict(
            Recommendation.objects.filter(inspection=inspection).values_list("number", "title")
        )
        self._notices = Notices(inspection, on=on)
        self._returned = set(
            Update.objects.returned_claims()
            .filter(assignment__recommendation__inspection=inspection)
            .values_list("pk", flat=True)
        )

    def of_body(self, body: Body) -> BodyDigest:
        """The digest of one body's people."""
        own = [position for position in self.today if position.body_id == body.pk]
        return BodyDigest(
            body_name=body.short_name,
            on=self.on,
            overdue=self._items(_oldest(p for p in own if p.is_overdue), _overdue_note),
            returned=self._items(
                (p for p in own if p.latest_update_id in self._returned), _returned_note
            ),
            due_soon=self._items(
                sorted((p for p in own if rules.is_due_soon(p, on=self.on)), key=_due), _due_note
            ),
            waiting=self._items(
                (p for p in own if p.status == Status.EVIDENCE_SUBMITTED), _waiting_note
            ),
            questions=self._notices.questions_to(body),
            answered=self._notices.answers_to(body),
            decided=self._notices.decisions_for(body),
            path=reverse("force", args=[body.slug]),
            is_synthetic=self.inspection.is_synthetic,
        )

    @cache  # noqa: B019 - the contents live as long as one run
    def national(self, *, sees_papers: bool) -> NationalDigest:
        """The digest of those who are there for all bodies.

        Its links lead to claims and papers where the reader `sees_papers`, else to the bodies.
        """
        forces = [p for p in self.today if self.bodies[p.body_id].is_force]
        national = [p for p in self.today if not self.bodies[p.body_id].is_force]
        return NationalDigest(
            on=self.on,
            total=len(forces),
            figures=_figures(forces, self._forces_a_week_ago),
            overdue_forces=self._overdue_by_force(forces),
            overdue_national=self._items(
                _oldest(p for p in national if p.is_overdue),
                _overdue_note,
                named=True,
                to_papers=sees_papers,
            ),
            late_reviews=self._late_reviews(to_papers=sees_papers),
            silent=self._silent(forces),
            questions=self._notices.questions_to_analysts() if sees_papers else [],
            requests=self._notices.requests() if sees_papers else [],
            path=reverse("overview"),
            is_synthetic=self.inspection.is_synthetic,
        )

    @cached_property
    def _forces_a_week_ago(self) -> list[Position]:
        before = positions.as_at(self.inspection, on=self.on - timedelta(days=7))
        return [p for p in before if self.bodies[p.body_id].is_force]

    def _items(
        self,
        chosen: Iterable[Position],
        note: Callable[[Position], str],
        *,
        named: bool = False,
        to_papers: bool = True,
    ) -> list[Item]:
        return [
            Item(
                title=(f"{self.bodies[p.body_id].short_name}: " if named else "")
                + f"{p.number}. {self.titles[p.number]}",
                note=note(p),
                path=self._path(p) if to_papers else self._path_of_body(p.body_id),
            )
            for p in chosen
        ]

    def _overdue_by_force(self, forces: list[Position]) -> list[Item]:
        overdue = Counter(p.body_id for p in forces if p.is_overdue)
        ranked = sorted(overdue.items(), key=lambda pair: (-pair[1], self._name(pair[0])))
        return [self._of_force(pk, f"{count} overdue") for pk, count in ranked[:MOST_FORCES]]

    def _silent(self, forces: list[Position]) -> list[Item]:
        """Forces all of whose open assignments are stale, the longest silence first."""
        open_ones = [p for p in forces if p.status in rules.OPEN]
        talking = {p.body_id for p in open_ones if not rules.is_stale(p, on=self.on)}
        heard = {p.body_id: p.heard_at for p in sorted(open_ones, key=lambda p: p.heard_at)}
        silent = sorted((at, pk) for pk, at in heard.items() if pk not in talking)
        return [
            self._of_force(pk, f"nothing heard since {wording.day(rules.london_day(at))}")
            for at, pk in silent
        ]

    def _late_reviews(self, *, to_papers: bool) -> list[Item]:
        waiting = [p for p in self.today if p.status == Status.EVIDENCE_SUBMITTED]
        late = [p for p in waiting if rules.is_late_review(claimed_at=p.heard_at, on=self.on)]
        late.sort(key=lambda p: p.heard_at)
        return [
            Item(
                title=f"{self._name(p.body_id)}: {p.number}. {self.titles[p.number]}",
                note=f"claimed on {wording.day(rules.london_day(p.heard_at))}",
                path=reverse("review", args=[p.latest_update_id])
                if to_papers
                else self._path_of_body(p.body_id),
            )
            for p in late
        ]

    def _of_force(self, pk: int, note: str) -> Item:
        return Item(self._name(pk), note, self._path_of_body(pk))

    def _path(self, position: Position) -> str:
        return reverse("assignment", args=[self.bodies[position.body_id].slug, position.number])

    def _path_of_body(self, pk: int) -> str:
        return reverse("force", args=[self.bodies[pk].slug])

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


def _oldest(chosen: Iterable[Position]) -> list[Position]:
    return sorted(chosen, key=lambda p: (-p.days_overdue, p.body_id, p.number))


def _due(position: Position) -> date:
    return position.due_on


def _overdue_note(position: Position) -> str:
    late = wording.count(position.days_overdue, "day")
    return f"{late} overdue, due {wording.day(position.due_on)}"


def _due_note(position: Position) -> str:
    days = (position.due_on - position.on).days
    when = "today" if days == 0 else "tomorrow" if days == 1 else f"in {days} days"
    return f"due {when}, on {wording.day(position.due_on)}"


def _returned_note(position: Position) -> str:
    return "claim returned: read why, and send another update"


def _waiting_note(position: Position) -> str:
    return f"claim sent on {wording.day(rules.london_day(position.heard_at))}, waiting for review"
