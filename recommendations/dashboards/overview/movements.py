"""Whose figures moved most between two days."""

from dataclasses import dataclass

from django.urls import reverse

from recommendations import wording
from recommendations.positions.national import Picture
from recommendations.positions.positions import Position
from recommendations.rules import Status

SHOWN = 5


@dataclass(frozen=True)
class Movement:
    body: str
    href: str
    sentence: str  # "2 more implemented, 1 no longer overdue"


@dataclass(frozen=True)
class _Step:
    """How one body's counts differ; positive is more."""

    implemented: int
    overdue: int
    waiting: int

    @property
    def size(self) -> int:
        return abs(self.implemented) + abs(self.overdue) + abs(self.waiting)


def movements(picture: Picture, *, before: list[Position]) -> list[Movement]:
    """The largest first; of equal ones, the body that has more implemented now."""
    then: dict[int, list[Position]] = {}
    for each in before:
        then.setdefault(each.body_id, []).append(each)
    steps = {
        body.pk: _step(then.get(body.pk, []), list(picture.of(body).values()))
        for body in picture.bodies
        if body.pk in then
    }
    moved = sorted(
        (pk for pk, step in steps.items() if step.size),
        key=lambda pk: (-steps[pk].size, -steps[pk].implemented, picture.body[pk].short_name),
    )
    return [
        Movement(
            body=picture.body[pk].short_name,
            href=reverse("force", args=[picture.body[pk].slug]),
            sentence=_sentence(steps[pk]),
        )
        for pk in moved[:SHOWN]
    ]


def _step(then: list[Position], now: list[Position]) -> _Step:
    def more(status: Status) -> int:
        return sum(p.status == status for p in now) - sum(p.status == status for p in then)

    return _Step(
        implemented=more(Status.IMPLEMENTED),
        overdue=sum(p.is_overdue for p in now) - sum(p.is_overdue for p in then),
        waiting=more(Status.EVIDENCE_SUBMITTED),
    )


def _sentence(step: _Step) -> str:
    said = []
    if step.implemented:
        said.append(f"{abs(step.implemented)} {_more(step.implemented)} implemented")
    if step.overdue:
        said.append(f"{abs(step.overdue)} {_more(step.overdue)} overdue")
    if step.waiting:
        claims = wording.count(abs(step.waiting), "claim")
        said.append(f"{claims} {_more(step.waiting)} awaiting review")
    return ", ".join(said)


def _more(number: int) -> str:
    return "more" if number > 0 else "fewer"
