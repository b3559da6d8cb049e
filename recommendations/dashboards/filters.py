"""The select fields of filter forms, as parameters of components/select.html."""

from collections.abc import Iterable
from dataclasses import dataclass

from recommendations.dashboards.heatmap.query import SORTS, FilterChoices, HeatmapQuery
from recommendations.rules import Flag, Status


@dataclass(frozen=True)
class Choice:
    value: str
    text: str
    checked: bool


@dataclass(frozen=True)
class Select:
    name: str
    label: str
    items: list[Choice]

    @property
    def is_set(self) -> bool:
        return any(item.value for item in self.items if item.checked)


def select(
    name: str, label: str, everything: str, options: Iterable[tuple[str, str]], *, chosen: str
) -> Select:
    """Return a field of (value, text) options, after one for `everything` unless that is empty."""
    items = [Choice("", everything, not chosen)] if everything else []
    items += [Choice(value, text, value == chosen) for value, text in options]
    return Select(name, label, items)


def heatmap_fields(query: HeatmapQuery, choices: FilterChoices) -> list[Select]:
    regions, rocus, themes = map(_named, (choices.regions, choices.rocus, choices.themes))
    return [
        select("status", "Status", "Any status", Status.choices, chosen=query.status),
        select("flag", "Flag", "Any or none", Flag.choices, chosen=query.flag),
        select("region", "Region", "All regions", regions, chosen=query.region),
        select("rocu", "Regional unit (ROCU)", "All units", rocus, chosen=query.rocu),
        select(
            *("lead", "Lead organisation", "Any lead organisation", choices.leads.items()),
            chosen=query.lead,
        ),
        select("theme", "Theme", "All themes", themes, chosen=query.theme),
        select("sort", "Order", "", SORTS.items(), chosen=query.sort),
    ]


def region_field(region: str, regions: list[str]) -> Select:
    return select("region", "Region", "All regions", _named(regions), chosen=region)


def _named(names: list[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]
