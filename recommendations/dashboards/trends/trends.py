"""Trends: progress by recommendation, flags, review times, forecasts and confidence over time."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from recommendations import rules
from recommendations.charts.columns import ColumnChart, column_chart
from recommendations.charts.dots import DotChart
from recommendations.charts.line import LineChart
from recommendations.charts.series import Series, SeriesChart, series_chart
from recommendations.charts.table import Table
from recommendations.dashboards import history
from recommendations.dashboards.page_downloads import PageDownloads, page_downloads
from recommendations.dashboards.trends.forecasts import (
    ForecastChange,
    forecast_changes,
    forecast_table,
    misses_sentence,
)
from recommendations.dashboards.trends.projection import ProjectionContent, national_projection
from recommendations.dashboards.trends.review_times import review_times
from recommendations.dashboards.visibility import Visibility
from recommendations.models import FlagEpisode, Recommendation
from recommendations.positions.counts import ConfidenceCount, confidence_counts
from recommendations.positions.national import NationalPosition
from recommendations.positions.past_time import AsAt
from recommendations.rules import OPEN, Confidence, Flag, Status

WEEKS = 26
NO_CONFIDENCE = "none"
_CONFIDENCE_LABELS = (
    (Confidence.GREEN.value, "Green"),
    (Confidence.AMBER.value, "Amber"),
    (Confidence.RED.value, "Red"),
    (NO_CONFIDENCE, "No update yet"),
)


@dataclass(frozen=True)
class Multiple:
    recommendation: Recommendation
    message: str
    chart: LineChart | None


@dataclass(frozen=True, kw_only=True)
class Trends:
    past_day: AsAt | None
    sentence: str
    projection: ProjectionContent | None
    multiples: list[Multiple]
    burn_up_table: Table
    flags: SeriesChart | None
    flags_message: str
    reviews: ColumnChart | None
    reviews_message: str
    forecast_changes: list[ForecastChange]
    forecast_table: Table
    confidence: ColumnChart | None
    confidence_message: str
    tables: list[Table]

    @property
    def charts(self) -> list[LineChart | DotChart | SeriesChart | ColumnChart | None]:
        """Every chart of the page, in its order."""
        return [
            *(multiple.chart for multiple in self.multiples),
            *(self.flags, self.reviews, self.confidence),
            *(change.chart for change in self.forecast_changes),
        ]

    @property
    def downloads(self) -> PageDownloads:
        tables = [(table.name, table.title) for table in self.tables]
        return page_downloads("trends", past=self.past_day, tables=tables, drawings=self.charts)


def trends(national: NationalPosition, *, visibility: Visibility) -> Trends:
    """Return the trends; 6 queries besides the 3 of the national position."""
    past = national.past
    end = past.before if past else rules.start_of_day(national.on + timedelta(days=1))
    weeks = history.last_weeks(national.on, WEEKS)
    first = min(national.inspection.published_on, national.on)
    days = history.evenly_spaced_days(first, national.on)
    counts = confidence_counts(
        national.recommendations,
        days=sorted({*days, *weeks}),
        forces=[body.pk for body in national.forces_ever],
    )
    multiples = _multiples(national, counts, days)
    flags, flags_message = _flags(national, weeks)
    reviews, reviews_message = review_times(national, end=end)
    forecasts = forecast_changes(national, visibility=visibility, before=end)
    confidence, confidence_message = _confidence(counts, weeks)
    burn_up_table, forecasts_table = _burn_up_table(multiples), forecast_table(forecasts)
    projection = national_projection(national)
    charts = [chart for chart in (flags, reviews, confidence) if chart]
    return Trends(
        past_day=past,
        sentence=misses_sentence(forecasts),
        projection=projection,
        multiples=multiples,
        burn_up_table=burn_up_table,
        flags=flags,
        flags_message=flags_message,
        reviews=reviews,
        reviews_message=reviews_message,
        forecast_changes=forecasts,
        forecast_table=forecasts_table,
        confidence=confidence,
        confidence_message=confidence_message,
        tables=[
            *(burn_up_table, forecasts_table),
            *(chart.table for chart in charts),
            *(projection.tables if projection else ()),
        ],
    )


def _multiples(
    national: NationalPosition, counts: list[ConfidenceCount], days: list[date]
) -> list[Multiple]:
    implemented: Counter[tuple[str, date]] = Counter()
    for count in counts:
        if count.status == Status.IMPLEMENTED:
            implemented[count.reference, count.on] += count.count
    waiting = Counter(
        p.reference for p in national.force_positions if p.status == Status.EVIDENCE_SUBMITTED
    )
    due = {
        r: history.planned_days(p for p in national.force_positions if p.reference == r.reference)
        for r in national.recommendations
    }
    return [
        Multiple(
            recommendation,
            *history.burn_up_chart(
                due[recommendation],
                {on: implemented[recommendation.reference, on] for on in days},
                chart_id=f"burn-up-{recommendation.reference}",
                subject=str(recommendation),
                unit="Forces",
                waiting=waiting[recommendation.reference],
                highest=max(map(len, due.values())),
            ),
        )
        for recommendation in national.recommendations
    ]


def _burn_up_table(multiples: list[Multiple]) -> Table:
    charts = {m.recommendation.reference: m.chart for m in multiples if m.chart}
    by_day: dict[date, dict[str, int]] = defaultdict(dict)
    for number, chart in charts.items():
        for point in chart.rows:
            if point.done is not None:
                by_day[point.on][number] = point.done
    return Table(
        name="burn-up-by-recommendation",
        title="Forces that have implemented each recommendation",
        head=["By the end of", *(f"Recommendation {number}" for number in charts)],
        rows=[[on, *(row[number] for number in charts)] for on, row in by_day.items()],
    )


def _flags(national: NationalPosition, weeks: list[date]) -> tuple[SeriesChart | None, str]:
    """Return the forces' flags at the end of each week, the last from the positions; 1 query."""
    episodes = FlagEpisode.objects.filter(
        Q(cleared_on=None) | Q(cleared_on__gt=weeks[0]),
        assignment__recommendation__inspection=national.inspection,
        assignment__body__in=national.forces_ever,
    )
    numbers: Counter[tuple[date, str]] = Counter()
    for flag, raised_on, cleared_on in episodes.values_list("flag", "raised_on", "cleared_on"):
        numbers.update(
            (on, flag) for on in weeks if raised_on <= on and (not cleared_on or on < cleared_on)
        )
    for flag in Flag:
        numbers[weeks[-1], flag.value] = sum(p.has(flag) for p in national.force_positions)
    series = [
        Series(flag.value, flag.label, [numbers[on, flag.value] for on in weeks]) for flag in Flag
    ]
    chart = series_chart(
        weeks,
        series,
        chart_id="flags",
        title=f"Flags in {WEEKS} weeks",
        unit="Recommendations of forces",
    )
    if chart is None:
        return None, "Nothing was flagged"
    first, last = (numbers[on, Flag.OVERDUE.value] for on in (weeks[0], weeks[-1]))
    if first == last:
        return chart, f"The same number are overdue as {WEEKS} weeks ago: {last:,}"
    more = "more" if last > first else "fewer"
    return chart, f"{abs(last - first):,} {more} are overdue than {WEEKS} weeks ago"


def _confidence(counts: list[ConfidenceCount], weeks: list[date]) -> tuple[ColumnChart | None, str]:
    """Return the confidence of the forces in their open recommendations, by week."""
    by_week: dict[date, Counter[str]] = {on: Counter() for on in weeks}
    for count in counts:
        if count.on in by_week and count.status in OPEN:
            by_week[count.on][count.confidence or NO_CONFIDENCE] += count.count
    columns = [
        (f"{on.day} {on:%b}", [week[kind] for kind, _ in _CONFIDENCE_LABELS])
        for on, week in by_week.items()
    ]
    if not any(sum(numbers) for _, numbers in columns):
        return None, "No recommendations are open"
    latest = by_week[weeks[-1]]
    message = (
        f"Confidence is red on {latest[Confidence.RED]:,} of {latest.total():,} "
        "open recommendations"
    )
    title = "Confidence in open recommendations"
    table = Table(
        name="confidence",
        title=title,
        head=["By the end of", *(label for _, label in _CONFIDENCE_LABELS)],
        rows=[[on, *numbers] for on, (_, numbers) in zip(weeks, columns, strict=True)],
    )
    chart = column_chart(
        columns,
        _CONFIDENCE_LABELS,
        title=title,
        description=f"{message}.",
        table=table,
        unit="Share of open recommendations",
    )
    return chart, message
