"""The fields of the filter forms, as the parameters of their components."""

from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.dashboards.heatmap.query import SORTS, HeatmapQuery, Known
from recommendations.rules import Flag, Status


@dataclass(frozen=True)
class Choice:
    value: str
    text: str
    checked: bool


@dataclass(frozen=True)
class Select:
    """The parameters of components/select.html."""

    name: str
    label: str
    items: list[Choice]


def select(
    name: str, label: str, everything: str, options: Iterable[tuple[str, str]], *, chosen: str
) -> Select:
    items = [Choice("", everything, not chosen)] if everything else []
    items += [Choice(value, text, value == chosen) for value, text in options]
    return Select(name, label, items)


def heatmap_fields(query: HeatmapQuery, known: Known) -> list[Select]:
    return [
        select("status", "Status", "Any status", Status.choices, chosen=query.status),
        select("flag", "Flag", "Any or none", Flag.choices, chosen=query.flag),
        select("region", "Region", "All regions", _named(known.regions), chosen=query.region),
        select("rocu", "Regional unit (ROCU)", "All units", _named(known.rocus), chosen=query.rocu),
        select("lead", "Lead body", "Any lead body", known.leads.items(), chosen=query.lead),
        select("theme", "Theme", "All themes", _named(known.themes), chosen=query.theme),
        select("sort", "Order", "", SORTS.items(), chosen=query.sort),
    ]


def _named(names: list[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def region_field(region: str, regions: list[str]) -> Select:
    return select("region", "Region", "All regions", _named(regions), chosen=region)
