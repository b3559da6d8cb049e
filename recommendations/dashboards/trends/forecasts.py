"""How forecasts moved: what was forecast first, what is forecast now, against the due date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from recommendations import rules, wording
from recommendations.charts.slope import SlopeChart, slope_chart
from recommendations.charts.table import Table
from recommendations.models import Recommendation, Update
from recommendations.positions.national import Picture
from recommendations.positions.positions import Position
from recommendations.rules import OPEN


@dataclass(frozen=True, kw_only=True)
class Drift:
    """The open assignments of one recommendation that have a forecast."""

    recommendation: Recommendation
    sentence: str
    open: int
    late: int  # forecast after their due date, or past it
    chart: SlopeChart | None
    first: float | None  # median days after the due date, as forecast first
    last: float | None


def drifts(picture: Picture, *, before: datetime) -> list[Drift]:
    """By recommendation, of the forces, by what was submitted before that instant; one query."""
    of_forces = [p for p in picture.force_positions if p.status in OPEN]
    first = _first_forecasts([p.assignment_id for p in of_forces], before=before)
    pairs = {
        p.assignment_id: (
            rules.days_after_due(p.due_on, on=first.get(p.assignment_id, p.forecast_on)),
            rules.days_after_due(p.due_on, on=p.forecast_on),
        )
        for p in of_forces
        if p.forecast_on is not None
    }
    reach = max((abs(days) for pair in pairs.values() for days in pair), default=0)
    return [
        _drift(each, [p for p in of_forces if p.number == each.number], pairs, reach)
        for each in picture.recommendations
    ]


def _first_forecasts(assignment_ids: list[int], *, before: datetime) -> dict[int, date]:
    rows = (
        Update.objects.filter(
            assignment__in=assignment_ids, forecast_on__isnull=False, submitted_at__lt=before
        )
        .order_by("assignment", "number")
        .distinct("assignment")
        .values_list("assignment", "forecast_on")
    )
    return dict(rows)  # type: ignore[arg-type]


def _drift(
    recommendation: Recommendation,
    of_forces: list[Position],
    pairs: dict[int, tuple[int, int]],
    reach: int,
) -> Drift:
    moved = [pairs[p.assignment_id] for p in of_forces if p.assignment_id in pairs]
    late = sum(rules.will_miss_due_date(p, on=p.on) for p in of_forces)
    sentence = _sentence(len(of_forces), late, moved)
    return Drift(
        recommendation=recommendation,
        sentence=sentence,
        open=len(of_forces),
        late=late,
        chart=slope_chart(moved, reach=reach, label=f"{recommendation}: {sentence}"),
        first=median(pair[0] for pair in moved) if moved else None,
        last=median(pair[1] for pair in moved) if moved else None,
    )


def _sentence(open_: int, late: int, moved: Iterable[tuple[int, int]]) -> str:
    if not open_:
        return "No force has it open."
    later = sum(now > then for then, now in moved)
    slipped = f" {later:,} moved later." if later else ""
    return f"{late:,} of {wording.count(open_, 'open one')} will miss the due date.{slipped}"


def misses_sentence(found: list[Drift]) -> str:
    """Which recommendations will miss their deadline by the forecasts, the worst first."""
    missing = sorted((d for d in found if d.late), key=lambda d: (-d.late, d.recommendation.number))
    if not missing:
        return "By the forecasts, every open recommendation will be done in time."
    worst = missing[0]
    said = (
        f"By the forecasts, recommendation {worst.recommendation.number} will miss its due date in "
        f"the most forces: {worst.late:,} of {worst.open:,} that have it open."
    )
    others = [str(d.recommendation.number) for d in missing[1:]]
    if not others:
        return said
    return f"{said} So will some forces on {_list(others)}."


def _list(numbers: list[str]) -> str:
    return numbers[0] if len(numbers) == 1 else f"{', '.join(numbers[:-1])} and {numbers[-1]}"


def forecast_table(found: list[Drift]) -> Table:
    return Table(
        name="forecasts",
        title="Forecasts against due dates, by recommendation",
        head=[
            "Recommendation",
            "Open in forces",
            "Will miss the due date",
            "Median first forecast, days after due",
            "Median latest forecast, days after due",
        ],
        rows=[
            [
                str(d.recommendation),
                d.open,
                d.late,
                None if d.first is None else round(d.first),
                None if d.last is None else round(d.last),
            ]
            for d in found
        ],
        notes=["Negative days are before the due date. A recommendation past its due date counts."],
    )
