"""The organisations whose figures changed most between two days."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from recommendations import wording
from recommendations.positions.national import NationalPosition
from recommendations.positions.positions import Position
from recommendations.rules import Status

MAX_MOVEMENTS = 5


@dataclass(frozen=True)
class Movement:
    body: str
    sentence: str  # "2 more implemented, 1 fewer overdue"


@dataclass(frozen=True)
class _Difference:
    """The differences of one organisation's counts; positive means more."""

    implemented: int
    overdue: int
    waiting: int

    @property
    def size(self) -> int:
        return abs(self.implemented) + abs(self.overdue) + abs(self.waiting)


def movements(national: NationalPosition, *, before: list[Position]) -> list[Movement]:
    """Return the largest movements first; if equal, those with more implemented now.

    `before` are the positions on the earlier day.
    """
    earlier: dict[int, list[Position]] = defaultdict(list)
    for position in before:
        earlier[position.body_id].append(position)
    differences = [
        (body, _difference(earlier[body.pk], national.of(body).values()))
        for body in national.bodies
        if body.pk in earlier
    ]
    differences.sort(key=lambda row: (-row[1].size, -row[1].implemented, row[0].short_name))
    return [
        Movement(
            body=body.short_name,
            sentence=_sentence(difference),
        )
        for body, difference in differences[:MAX_MOVEMENTS]
        if difference.size
    ]


def _difference(earlier: Iterable[Position], later: Iterable[Position]) -> _Difference:
    before, now = _counts(earlier), _counts(later)
    return _Difference(*(b - a for a, b in zip(before, now, strict=True)))


def _counts(positions: Iterable[Position]) -> tuple[int, int, int]:
    """Return the numbers implemented, overdue and awaiting review."""
    counted = list(positions)
    return (
        sum(p.status == Status.IMPLEMENTED for p in counted),
        sum(p.is_overdue for p in counted),
        sum(p.status == Status.EVIDENCE_SUBMITTED for p in counted),
    )


def _sentence(difference: _Difference) -> str:
    parts = []
    if difference.implemented:
        parts.append(f"{_number(difference.implemented)} implemented")
    if difference.overdue:
        parts.append(f"{_number(difference.overdue)} overdue")
    if difference.waiting:
        claims = wording.count(abs(difference.waiting), f"{_comparative(difference.waiting)} claim")
        parts.append(f"{claims} awaiting review")
    return ", ".join(parts)


def _number(difference: int) -> str:
    return f"{abs(difference)} {_comparative(difference)}"


def _comparative(difference: int) -> str:
    return "more" if difference > 0 else "fewer"
