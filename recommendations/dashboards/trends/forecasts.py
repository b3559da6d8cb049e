"""How forecasts have changed: the first and the latest forecast against the due date."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from statistics import median

from django.utils.text import get_text_list

from recommendations import rules, wording
from recommendations.charts.dots import DotChart, Forecast, dot_chart
from recommendations.charts.table import Table
from recommendations.dashboards.visibility import Visibility
from recommendations.models import Recommendation, Update
from recommendations.positions.national import NationalPosition
from recommendations.positions.positions import Position
from recommendations.references import reference_key
from recommendations.rules import OPEN


@dataclass(frozen=True, kw_only=True)
class ForecastChange:
    """The forecasts of the forces that are still working on one recommendation."""

    recommendation: Recommendation
    sentence: str
    open: int
    late: int  # overdue, or forecast after the due date
    chart: DotChart | None
    first: float | None  # median first forecast, in days after the due date
    last: float | None  # median latest forecast


def forecast_changes(
    national: NationalPosition, *, visibility: Visibility, before: datetime
) -> list[ForecastChange]:
    """Return the forecasts by recommendation, from updates submitted before an instant; 1 query.

    Forces whose updates the reader may not open are not named.
    """
    open_positions = [p for p in national.force_positions if p.status in OPEN]
    first = _first_forecasts([p.assignment_id for p in open_positions], before=before)
    forecasts: dict[str, list[Forecast]] = defaultdict(list)
    for p in open_positions:
        if p.forecast_on is not None:
            first_on = first.get(p.assignment_id, p.forecast_on)
            body = national.body[p.body_id]
            forecasts[p.reference].append(
                Forecast(
                    body.short_name if visibility.includes(body) else "A force",
                    rules.days_after_due(p.due_on, on=first_on),
                    rules.days_after_due(p.due_on, on=p.forecast_on),
                )
            )
    days = [day for group in forecasts.values() for f in group for day in (f.first, f.latest)]
    reach = min(days, default=0), max(days, default=0)
    return [
        _change(
            r,
            [p for p in open_positions if p.reference == r.reference],
            forecasts[r.reference],
            reach,
        )
        for r in national.recommendations
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


def _change(
    recommendation: Recommendation,
    positions: list[Position],
    forecasts: list[Forecast],
    reach: tuple[int, int],
) -> ForecastChange:
    late = sum(rules.will_miss_due_date(p, on=p.on) for p in positions)
    sentence = _sentence(len(positions), late, forecasts)
    return ForecastChange(
        recommendation=recommendation,
        sentence=sentence,
        open=len(positions),
        late=late,
        chart=dot_chart(
            forecasts,
            reach=reach,
            chart_id=f"forecasts-{recommendation.reference}",
            title=f"{recommendation}: {sentence}",
        ),
        first=median(f.first for f in forecasts) if forecasts else None,
        last=median(f.latest for f in forecasts) if forecasts else None,
    )


def _sentence(open_count: int, late: int, forecasts: list[Forecast]) -> str:
    if not open_count:
        return "No force is still working on it."
    later = sum(forecast.latest > forecast.first for forecast in forecasts)
    delayed = f" {wording.count(later, 'forecast')} moved later." if later else ""
    forces = wording.count(open_count, "force")
    return f"{late:,} of {forces} still working on it will miss the due date.{delayed}"


def misses_sentence(forecast_changes: list[ForecastChange]) -> str:
    late = sorted(
        (d for d in forecast_changes if d.late),
        key=lambda d: (-d.late, reference_key(d.recommendation.reference)),
    )
    if not late:
        return "By the forecasts, every open recommendation will be implemented on time."
    worst = late[0]
    sentence = (
        f"By the forecasts, recommendation {worst.recommendation.reference} will miss its due date "
        f"in the most forces: {worst.late:,} of {worst.open:,} forces still working on it."
    )
    others = [d.recommendation.reference for d in late[1:]]
    if not others:
        return sentence
    return f"{sentence} Some forces will also miss {get_text_list(others, 'and')}."


def forecast_table(forecast_changes: list[ForecastChange]) -> Table:
    return Table(
        name="forecasts",
        title="Forecasts compared with due dates, by recommendation",
        head=[
            "Recommendation",
            "Forces still working on it",
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
            for d in forecast_changes
        ],
        notes=["Negative days are before the due date. Overdue recommendations are included."],
    )
