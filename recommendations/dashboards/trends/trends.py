"""How the figures came to be: by recommendation, by flag, by month, and where they lead."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby

from django.db import connection

from recommendations import rules
from recommendations.charts.axes import SMALL
from recommendations.charts.columns import ColumnChart, column_chart
from recommendations.charts.line import LineChart, Point, describe, gap_words, line_chart
from recommendations.charts.series import Series, SeriesChart, series_chart
from recommendations.charts.table import Table
from recommendations.dashboards.history import spaced
from recommendations.dashboards.trends.forecasts import (
    Drift,
    drifts,
    forecast_table,
    misses_sentence,
)
from recommendations.dashboards.trends.review_times import review_times
from recommendations.models import Recommendation
from recommendations.positions import counts
from recommendations.positions.counts import Share
from recommendations.positions.national import Picture
from recommendations.rules import OPEN, Confidence, Flag, Status

WEEKS = 26
UNSAID = "none"
_CONFIDENCE = (
    (Confidence.GREEN.value, "Green"),
    (Confidence.AMBER.value, "Amber"),
    (Confidence.RED.value, "Red"),
    (UNSAID, "No update yet"),
)


@dataclass(frozen=True)
class Multiple:
    """One recommendation's burn-up among the small multiples."""

    recommendation: Recommendation
    message: str
    chart: LineChart | None


@dataclass(frozen=True, kw_only=True)
class Trends:
    on: date
    sentence: str
    multiples: list[Multiple]
    burn_up_table: Table
    flags: SeriesChart | None
    flags_message: str
    reviews: ColumnChart | None
    reviews_message: str
    drifts: list[Drift]
    forecast_table: Table
    confidence: ColumnChart | None
    confidence_message: str
    tables: list[Table] = field(default_factory=list)


def trends(picture: Picture, *, before: datetime | None = None) -> Trends:
    """Four queries on top of the picture's three. `before` ends what counts; else the day does."""
    end = before or rules.start_of_day(picture.on + timedelta(days=1))
    since = min(picture.inspection.published_on, picture.on)
    weeks = [picture.on - timedelta(weeks=n) for n in range(WEEKS, -1, -1)]
    days = spaced(since, picture.on)
    shares = counts.shares_on(picture.recommendations, days=sorted({*days, *weeks}))
    multiples = _multiples(picture, shares, days)
    flags = _flags(picture, weeks)
    reviews, reviews_message = review_times(picture, end=end)
    moved = drifts(picture, before=end)
    confidence, confidence_message = _confidence(shares, weeks)
    burn_ups, forecasts = _burn_up_table(multiples), forecast_table(moved)
    charts = [chart for chart in (flags, reviews, confidence) if chart]
    return Trends(
        on=picture.on,
        sentence=misses_sentence(moved),
        multiples=multiples,
        burn_up_table=burn_ups,
        flags=flags,
        flags_message=_flags_message(flags),
        reviews=reviews,
        reviews_message=reviews_message,
        drifts=moved,
        forecast_table=forecasts,
        confidence=confidence,
        confidence_message=confidence_message,
        tables=[burn_ups, forecasts, *(chart.table for chart in charts)],
    )


# Burn-up by recommendation ------------------------------------------------------------------


def _multiples(picture: Picture, shares: list[Share], days: list[date]) -> list[Multiple]:
    done = {
        key: sum(share.count for share in group)
        for key, group in groupby(
            sorted((s for s in shares if s.status == Status.IMPLEMENTED), key=_of_day), key=_of_day
        )
    }
    due: dict[int, list[date]] = {}
    for each in picture.force_positions:
        if each.status != Status.WITHDRAWN:
            due.setdefault(each.number, []).append(each.original_due_on)
    highest = max(map(len, due.values()), default=0)
    return [
        _multiple(each, due.get(each.number, []), done, days, highest)
        for each in picture.recommendations
    ]


def _of_day(share: Share) -> tuple[int, date]:
    return share.number, share.on


def _multiple(
    recommendation: Recommendation,
    due: list[date],
    done: dict[tuple[int, date], int],
    days: list[date],
    highest: int,
) -> Multiple:
    if not due:
        return Multiple(recommendation, "Nothing is planned yet", None)
    number = recommendation.number
    points = [
        Point(on, sum(rules.is_due_by(each, on=on) for each in due), done.get((number, on), 0))
        for on in days
    ]
    last = max(due)
    future = [Point(last, len(due), None)] if last > days[-1] else []
    message = gap_words(points)
    chart = line_chart(
        [*points, *future],
        chart_id=f"burn-up-{number}",
        title=f"{recommendation}: {message}",
        description=describe(points),
        area=SMALL,
        highest=highest,
    )
    return Multiple(recommendation, message, chart)


def _burn_up_table(multiples: list[Multiple]) -> Table:
    charts = {each.recommendation.number: each.chart for each in multiples if each.chart}
    by_number = {number: {row.on: row for row in chart.rows} for number, chart in charts.items()}
    rows = next(iter(charts.values())).rows if charts else []
    days = [row.on for row in rows if row.done is not None]
    return Table(
        name="burn-up-by-recommendation",
        title="Forces that have implemented each recommendation",
        head=["By the end of", *(f"Recommendation {number}" for number in by_number)],
        rows=[[on, *(rows[on].done for rows in by_number.values())] for on in days],
    )


# Flags --------------------------------------------------------------------------------------


_STANDING = """
SELECT days."on", e.flag, count(*)
FROM unnest(%(days)s::date[]) AS days("on")
JOIN recommendations_flagepisode e
    ON e.raised_on <= days."on" AND (e.cleared_on IS NULL OR e.cleared_on > days."on")
JOIN recommendations_assignment a ON a.id = e.assignment_id
JOIN recommendations_recommendation m ON m.id = a.recommendation_id
JOIN forces_body b ON b.id = a.body_id
WHERE m.inspection_id = %(inspection)s AND b.kind = 'force'
GROUP BY 1, 2
"""


def _flags(picture: Picture, weeks: list[date]) -> SeriesChart | None:
    """Of the forces, at the end of each week; today's by the position itself. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, {"days": weeks[:-1], "inspection": picture.inspection.pk})
        found = {(on, flag): number for on, flag, number in cursor.fetchall()}
    for flag in Flag:
        found[weeks[-1], flag.value] = sum(flag in p.flags for p in picture.force_positions)
    series = [
        Series(flag.value, flag.label, [found.get((on, flag.value), 0) for on in weeks])
        for flag in Flag
    ]
    return series_chart(weeks, series, chart_id="flags", title=f"Flags in {WEEKS} weeks")


def _flags_message(chart: SeriesChart | None) -> str:
    if chart is None:
        return "Nothing was flagged"
    first, last = chart.table.rows[0][1], chart.table.rows[-1][1]
    if not isinstance(first, int) or not isinstance(last, int):
        raise TypeError("Counts of flags are whole numbers.")
    if first == last:
        return f"As many are overdue as {WEEKS} weeks ago: {last:,}"
    more = "more" if last > first else "fewer"
    return f"{abs(last - first):,} {more} are overdue than {WEEKS} weeks ago"


# Confidence ---------------------------------------------------------------------------------


def _confidence(shares: list[Share], weeks: list[date]) -> tuple[ColumnChart | None, str]:
    """Of what the forces have open."""
    counted: dict[date, dict[str, int]] = {on: {} for on in weeks}
    for share in shares:
        if share.on in counted and share.status in OPEN:
            of_day, kind = counted[share.on], share.confidence or UNSAID
            of_day[kind] = of_day.get(kind, 0) + share.count
    columns = [
        (f"{on.day} {on:%b}", [of_day.get(kind, 0) for kind, _ in _CONFIDENCE])
        for on, of_day in counted.items()
    ]
    last = columns[-1][1]
    if not any(map(sum, (numbers for _, numbers in columns))):
        return None, "Nothing is open"
    red, every = last[2], sum(last)
    message = f"Confidence is red on {red:,} of {every:,} open recommendations"
    table = Table(
        name="confidence",
        title="Confidence in what is open",
        head=["By the end of", *(label for _, label in _CONFIDENCE)],
        rows=[[on, *numbers] for on, (_, numbers) in zip(weeks, columns, strict=True)],
    )
    chart = column_chart(
        columns,
        _CONFIDENCE,
        title="Confidence in what is open",
        description=f"{message}.",
        table=table,
    )
    return chart, message
