"""A request for the export of a page, and the parts that exports are built from."""

from collections.abc import Callable, Mapping, Sequence
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
from recommendations.dashboards.past_time import AsAt, past_time_or_note
from recommendations.exports import position_tables as tables
from recommendations.exports.export import Drawing, Export
from recommendations.models import Inspection
from recommendations.positions.national import NationalPosition, load


class ExportNotFound(LookupError):
    """There is no such page, or this reader may not see it."""


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """The reader, the query of the page and the instant of the request."""

    reader: User
    values: Mapping[str, str]
    now: datetime

    @property
    def today(self) -> date:
        """The London day of the request."""
        return rules.london_day(self.now)

    @property
    def past_time(self) -> AsAt | None:
        """The past day or instant in the query, if there is one."""
        return past_time_or_note(self.values.get("as_at", ""), now=self.now)[0]

    @property
    def subject(self) -> str:
        """The slug or number of the force, recommendation or group that the page is about."""
        return self.values.get("of", "")

    def require(self, permission: Permission) -> None:
        """Raise ExportNotFound if the reader does not have the permission."""
        if not may(self.reader, permission):
            raise ExportNotFound(permission)

    def national_position(
        self, inspection: Inspection, as_at: AsAt | None = None
    ) -> NationalPosition:
        return load(inspection, as_at, today=self.today)

    def export(
        self,
        inspection: Inspection,
        *,
        name: str,
        title: str,
        tables: list[Table],
        drawings: Sequence[Drawing] = (),
        filter_: str = "",
        as_at: AsAt | None = None,
    ) -> Export:
        """Return an export of the position at `as_at`, or at the time of the request."""
        now = f"{wording.clock(self.now)} on {wording.day(self.today)}"
        return Export(
            name=name,
            title=title,
            inspection=inspection,
            position=f"Position at {as_at.words if as_at else now}",
            filter=filter_,
            tables=tables,
            drawings=list(drawings),
        )


BuildExport = Callable[[Inspection, ExportRequest], Export]


def tables_of(*charts: LineChart | TileMap | None) -> list[Table]:
    """Return the table of each chart."""
    return [
        tables.line_table(chart) if isinstance(chart, LineChart) else tables.tiles_table(chart)
        for chart in charts
        if chart
    ]


def drawings_of(*charts: LineChart | TileMap | None) -> list[Drawing]:
    """Return the drawing of each line chart and tile map."""
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


def area_drawings(template: str, chart: SeriesChart | ColumnChart | None) -> list[Drawing]:
    """Return the drawing of a series or column chart, with its key in words."""
    if chart is None:
        return []
    names = [label for _, label in chart.names] if isinstance(chart, ColumnChart) else []
    return [
        Drawing(
            name=chart.id,
            title=chart.title,
            template=template,
            chart=chart,
            width=chart.area.width,
            height=chart.area.height,
            words=f"From the bottom: {', '.join(names)}." if len(names) > 1 else "",
        )
    ]
