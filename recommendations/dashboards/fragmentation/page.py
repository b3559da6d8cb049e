"""The page of the measures of fragmentation: today's or a past day's, over time, and by region."""

from collections.abc import Sequence
from dataclasses import dataclass

from recommendations import wording
from recommendations.charts.series import Series, SeriesChart, series_chart
from recommendations.charts.table import Table, Value
from recommendations.dashboards.body_requests.rows import RequestRow
from recommendations.dashboards.fragmentation.measure import (
    ANSWERED,
    JOINT,
    MEASURES,
    MEDIAN,
    WAITING,
    Definition,
    Fragmentation,
    Share,
    by_region_pair,
    silent_pairs,
)
from recommendations.positions.national import NationalPosition

MIN_SILENT_REQUESTS = 3  # of a pair that stands out
NOTHING_YET = "None yet"


@dataclass(frozen=True, kw_only=True)
class MeasureFigure:
    """A measure with its value in words: `62%, 21 of 34`."""

    definition: Definition
    value: str
    detail: str


@dataclass(frozen=True)
class RegionCell:
    """A share as `3 of 5`, or empty. `is_silent`: several were due, and none was in time."""

    text: str = ""
    is_silent: bool = False


@dataclass(frozen=True, kw_only=True)
class RegionRow:
    """The shares of the requests of one region to each region."""

    region: str
    cells: list[RegionCell]


@dataclass(frozen=True, kw_only=True)
class FragmentationPage:
    sentence: str
    figures: list[MeasureFigure]
    regions: list[str]
    region_rows: list[RegionRow]
    shares: dict[tuple[str, str], Share]
    charts: list[SeriesChart]
    over_time: list[Fragmentation]


def fragmentation_page(
    national: NationalPosition, requests: Sequence[RequestRow], over_time: list[Fragmentation]
) -> FragmentationPage:
    """Return the page; no query. The last item of `over_time` is of the day of the page."""
    now = over_time[-1]
    regions = {body.pk: body.region.name for body in national.forces if body.region}
    shares = by_region_pair(requests, regions)
    names = sorted(set(regions.values()))
    return FragmentationPage(
        sentence=_sentence(now, shares),
        figures=_figures(now),
        regions=names,
        region_rows=[
            RegionRow(region=asker, cells=[_cell(shares.get((asker, asked))) for asked in names])
            for asker in names
        ],
        shares=shares,
        charts=_charts(over_time),
        over_time=over_time,
    )


def _sentence(now: Fragmentation, shares: dict[tuple[str, str], Share]) -> str:
    if not now.answered.total:
        return "No answer to a request across borders was due yet."
    answered = now.answered
    sentence = (
        f"{answered.count} of {answered.total} requests of a force to another force were answered "
        "within ten working days."
    )
    pairs = silent_pairs(shares)
    if pairs and shares[pairs[0]].total >= MIN_SILENT_REQUESTS:
        asker, asked = pairs[0]
        number = wording.count(shares[pairs[0]].total, "request")
        sentence += f" {asked} answered none of {number} of {asker} in time."
    return sentence


def _figures(now: Fragmentation) -> list[MeasureFigure]:
    median = now.median_days
    return [
        _share_figure(ANSWERED, now.answered),
        _share_figure(WAITING, now.waiting),
        MeasureFigure(
            definition=MEDIAN,
            value=NOTHING_YET if median is None else f"{median:g}",
            detail="" if median is None else "days",
        ),
        _share_figure(JOINT, now.joint),
    ]


def _share_figure(definition: Definition, share: Share) -> MeasureFigure:
    return MeasureFigure(
        definition=definition,
        value=NOTHING_YET if share.percent is None else f"{share.percent}%",
        detail=f"{share.count:,} of {share.total:,}",
    )


def _cell(share: Share | None) -> RegionCell:
    if share is None:
        return RegionCell()
    is_silent = not share.count and share.total >= MIN_SILENT_REQUESTS
    return RegionCell(f"{share.count} of {share.total}", is_silent)


def _charts(over_time: list[Fragmentation]) -> list[SeriesChart]:
    """Return a chart of the shares from the first answer that was due, and one of the days."""
    shares = [item for item in over_time if item.answered.total]
    days = [item for item in over_time if item.median_days is not None]
    charts = [
        series_chart(
            [item.on for item in shares],
            [
                Series("due-soon", "Answered", [item.answered.percent or 0 for item in shares]),
                Series("overdue", "Waiting", [item.waiting.percent or 0 for item in shares]),
                Series("at-risk", "Joint", [item.joint.percent or 0 for item in shares]),
            ],
            chart_id="shares",
            title="Answered in time, waiting for another organisation, and forces in joint actions",
            unit="Per cent",
        ),
        series_chart(
            [item.on for item in days],
            [Series("stale", "Median", [round(item.median_days or 0) for item in days])],
            chart_id="median-days",
            title="Median days that open recommendations have waited",
            unit="Days",
        ),
    ]
    return [chart for chart in charts if chart]


def measures_table(page: FragmentationPage) -> Table:
    """Return the measures over time as a table to download, with their formulas as notes."""
    rows: list[list[Value]] = [
        [
            item.on,
            *(item.answered.count, item.answered.total, item.answered.percent),
            *(item.waiting.count, item.waiting.total, item.waiting.percent),
            item.median_days,
            *(item.joint.count, item.joint.total, item.joint.percent),
        ]
        for item in page.over_time
    ]
    return Table(
        name="measures",
        title="Measures of fragmentation",
        head=[
            *("By the end of", "Answered in time", "Of", "Per cent answered"),
            *("Waiting", "Of open", "Per cent waiting", "Median days waiting"),
            *("Forces in joint actions", "Of forces", "Per cent in joint actions"),
        ],
        rows=rows,
        notes=[f"{measure.title}: {measure.formula}" for measure in MEASURES],
    )


def regions_table(page: FragmentationPage) -> Table:
    rows: list[list[Value]] = [
        [asker, asked, share.count, share.total, share.percent]
        for (asker, asked), share in sorted(page.shares.items())
    ]
    return Table(
        name="regions",
        title="Requests answered in time, by region",
        head=["Region that asks", "Region that is asked", "Answered in time", "Of", "Per cent"],
        rows=rows,
        notes=[f"{ANSWERED.title}: {ANSWERED.formula}"],
    )
