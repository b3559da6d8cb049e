"""The line of downloads at the foot of a page: its tables and its charts as files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.urls import get_script_prefix

from recommendations.charts.axes import Chart
from recommendations.charts.tile_map import TileMap
from recommendations.charts.waiting_matrix import WaitingMatrix
from recommendations.page_urls import url_query
from recommendations.positions.past_time import AsAt

_TABLE_KINDS = {"csv": "CSV", "xlsx": "XLSX", "ods": "ODS"}
_DRAWING_KINDS = {"svg": "SVG", "png": "PNG"}


@dataclass(frozen=True)
class FileLink:
    kind: str  # "CSV"
    href: str


@dataclass(frozen=True)
class DownloadGroup:
    """A table or a chart, with a link for each kind of file."""

    title: str
    links: list[FileLink]


@dataclass(frozen=True)
class PageDownloads:
    everything: list[FileLink]  # all tables in one file
    groups: list[DownloadGroup]


def page_downloads(
    page: str,
    *,
    of: object = "",
    past: AsAt | None = None,
    filters: Mapping[str, str] = MappingProxyType({}),
    tables: Iterable[tuple[str, str]],
    drawings: Iterable[Chart | TileMap | WaitingMatrix | None] = (),
) -> PageDownloads:
    """Return the links for tables, given as (name, title), and for charts; None is left out.

    `of` is the slug or reference that the page is about, `past` the past day that it shows.
    """
    query = url_query(past=past, of=of, **filters)

    def links(name: str, kinds: dict[str, str]) -> list[FileLink]:
        return [
            FileLink(label, f"{get_script_prefix()}downloads/{page}/{name}.{kind}{query}")
            for kind, label in kinds.items()
        ]

    groups = [DownloadGroup(title, links(name, _TABLE_KINDS)) for name, title in tables]
    groups += [
        DownloadGroup(f"Chart: {chart.title}", links(chart.id, _DRAWING_KINDS))
        for chart in drawings
        if chart
    ]
    workbooks = {kind: label for kind, label in _TABLE_KINDS.items() if kind != "csv"}
    return PageDownloads(links("all", workbooks), groups)
