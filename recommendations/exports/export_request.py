"""A request for the export of a page, and the parts that exports are built from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ObjectDoesNotExist

from forces.models import User
from forces.permissions import Permission, may
from recommendations import rules, wording
from recommendations.charts.columns import ColumnChart
from recommendations.charts.dots import DotChart
from recommendations.charts.figures import KEY, FigureChart
from recommendations.charts.line import LineChart
from recommendations.charts.series import SeriesChart
from recommendations.charts.survival import SurvivalChart
from recommendations.charts.table import Table
from recommendations.charts.tile_map import TileMap
from recommendations.charts.waiting_matrix import WaitingMatrix
from recommendations.dashboards.closures.published import MARKING
from recommendations.dashboards.past_time import past_time_or_note
from recommendations.dashboards.visibility import Visibility, visibility_of
from recommendations.exports import position_tables as tables
from recommendations.exports.export import Drawing, Export
from recommendations.models import Inspection
from recommendations.positions.national import NationalPosition, load
from recommendations.positions.past_time import AsAt

_TEMPLATES = {
    LineChart: "line",
    TileMap: "tile_map",
    SeriesChart: "series",
    ColumnChart: "columns",
    DotChart: "dots",
    FigureChart: "figures",
    SurvivalChart: "survival",
    WaitingMatrix: "waiting_matrix",
}

_WORDS: dict[type, str] = {FigureChart: KEY, SurvivalChart: f"{MARKING}."}


@dataclass(frozen=True, kw_only=True)
class ExportRequest:
    """The reader, the query of the page and the instant of the request.

    `subject` is the slug or reference of the force, recommendation or group that the page is about.
    """

    inspection: Inspection
    reader: User
    values: Mapping[str, str]
    now: datetime

    @property
    def today(self) -> date:
        return rules.london_day(self.now)

    @property
    def past_time(self) -> AsAt | None:
        return past_time_or_note(self.values.get("as_at", ""), now=self.now)[0]

    @property
    def subject(self) -> str:
        return self.values.get("of", "")

    @property
    def visibility(self) -> Visibility:
        return visibility_of(self.reader)

    def require(self, permission: Permission) -> None:
        if not may(self.reader, permission):
            raise ObjectDoesNotExist(permission)

    def national_position(self) -> NationalPosition:
        return load(self.inspection, self.past_time, today=self.today)

    def export(
        self,
        name: str,
        title: str,
        tables: list[Table],
        *,
        drawings: Sequence[Drawing] = (),
        filter_: str = "",
        past: AsAt | None = None,
    ) -> Export:
        """Return an export of the position at `past`, or at the time of the request."""
        now = f"{wording.clock(self.now)} on {wording.day(self.today)}"
        return Export(
            name=name,
            title=title,
            inspection=self.inspection,
            position=f"Position at {past.words if past else now}",
            on=past.on if past else self.today,
            filter=filter_,
            tables=tables,
            drawings=list(drawings),
        )


def tables_of(*charts: LineChart | TileMap | None) -> list[Table]:
    return [
        tables.line_table(chart) if isinstance(chart, LineChart) else tables.tiles_table(chart)
        for chart in charts
        if chart
    ]


def drawings_of(
    *charts: LineChart
    | TileMap
    | SeriesChart
    | ColumnChart
    | DotChart
    | FigureChart
    | SurvivalChart
    | WaitingMatrix
    | None,
) -> list[Drawing]:
    """Return the drawing of each chart, with its key in words if it has one."""
    drawings = []
    for chart in charts:
        if chart is None:
            continue
        size = chart if isinstance(chart, TileMap | WaitingMatrix) else chart.area
        names = [label for _, label in chart.names] if isinstance(chart, ColumnChart) else []
        words = _WORDS.get(type(chart), "")
        drawings.append(
            Drawing(
                name=chart.id,
                title=chart.title,
                template=_TEMPLATES[type(chart)],
                chart=chart,
                width=size.width,
                height=size.height,
                words=f"From the bottom: {', '.join(names)}." if len(names) > 1 else words,
            )
        )
    return drawings
