"""Who asks for files of which page, and the parts that offers are made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from forces.models import User
from forces.permissions import Permission, may
from recommendations import rules, wording
from recommendations.charts.columns import ColumnChart
from recommendations.charts.line import LineChart
from recommendations.charts.series import SeriesChart
from recommendations.charts.table import Table
from recommendations.charts.tile_map import TileMap
from recommendations.dashboards.past_time import AsAt, asked_time
from recommendations.exports import position_tables as tables
from recommendations.exports.export import Drawing, Offer
from recommendations.models import Inspection
from recommendations.positions.national import Picture, load


class NotOffered(LookupError):
    """There is no such page, or it is not this reader's."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Who asks, with what query, and when."""

    reader: User
    values: Mapping[str, str]
    now: datetime

    @property
    def today(self) -> date:
        return rules.london_day(self.now)

    @property
    def then(self) -> AsAt | None:
        return asked_time(self.values.get("as_at", ""), now=self.now)[0]

    @property
    def of(self) -> str:
        """Which force, recommendation or group the page is about."""
        return self.values.get("of", "")

    def picture(self, inspection: Inspection, then: AsAt | None) -> Picture:
        return load(inspection, then, today=self.today)

    def position(self, then: AsAt | None) -> str:
        if then:
            return f"Position at {then.words}"
        return f"Position at {wording.clock(self.now)} on {wording.day(self.today)}"


def today(
    asked: Asked, inspection: Inspection, name: str, title: str, filter_: str = ""
) -> Callable[[list[Table], list[Drawing]], Offer]:
    return lambda made, drawings: Offer(
        name=name,
        title=title,
        inspection=inspection,
        position=asked.position(None),
        filter=filter_,
        tables=made,
        drawings=drawings,
    )


def tables_of(*charts: LineChart | TileMap | None) -> list[Table]:
    made = []
    for chart in charts:
        if isinstance(chart, LineChart):
            made.append(tables.line_table(chart))
        elif isinstance(chart, TileMap):
            made.append(tables.tiles_table(chart))
    return made


def drawings_of(*charts: LineChart | TileMap | None) -> list[Drawing]:
    return [
        Drawing(
            name=chart.id,
            title=chart.title,
            template="line" if isinstance(chart, LineChart) else "tile_map",
            chart=chart,
            width=chart.width,
            height=chart.height,
        )
        for chart in charts
        if chart
    ]


def plotted(template: str, chart: SeriesChart | ColumnChart | None) -> list[Drawing]:
    if chart is None:
        return []
    return [
        Drawing(
            name=chart.id,
            title=chart.title,
            template=template,
            chart=chart,
            width=chart.area.width,
            height=chart.area.height,
            words=_key_words(chart),
        )
    ]


def _key_words(chart: SeriesChart | ColumnChart) -> str:
    names = [label for _, label in chart.names] if isinstance(chart, ColumnChart) else []
    return f"From the bottom: {', '.join(names)}." if len(names) > 1 else ""


def need(asked: Asked, permission: Permission) -> None:
    if not may(asked.reader, permission):
        raise NotOffered(permission)


Make = Callable[[Inspection, Asked], Offer]
