"""The select fields of filter forms, as parameters of components/select.html."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from recommendations import wording
from recommendations.dashboards.heatmap.query import SORTS, FilterChoices, HeatmapQuery
from recommendations.rules import Flag, Status


@dataclass(frozen=True)
class Choice:
    value: str
    text: str
    checked: bool
    group: str = ""


@dataclass(frozen=True)
class Select:
    name: str
    label: str
    items: list[Choice]
    width: int = 0  # of components/pick.html

    @property
    def is_set(self) -> bool:
        return any(item.value for item in self.items if item.checked)


def select(
    name: str,
    label: str,
    everything: str,
    options: Iterable[tuple[str, str]],
    *,
    chosen: str,
    width: int = 0,
) -> Select:
    """Return a field of (value, text) options, after one for `everything` unless that is empty."""
    items = [Choice("", everything, not chosen)] if everything else []
    items += [Choice(value, text, value == chosen) for value, text in options]
    return Select(name, label, items, width)


def heatmap_fields(
    query: HeatmapQuery, choices: FilterChoices, days: Iterable[date], *, today: date
) -> list[Select]:
    """Return the fields of the heatmap's toolbar. `days` are those to compare with."""
    chosen = str(query.compare) if query.compare else ""
    compared = {day.isoformat(): wording.short_day(day, today=today) for day in days}
    if query.compare:
        compared.setdefault(chosen, wording.short_day(query.compare.on, today=today))
    return [
        select("status", "Status", "Any", Status.choices, chosen=query.status, width=96),
        select("flag", "Flag", "Any", Flag.choices, chosen=query.flag, width=96),
        select("region", "Region", "All", _named(choices.regions), chosen=query.region, width=130),
        select("sort", "Order", "", SORTS.items(), chosen=query.sort, width=96),
        select(*("compare", "Compare with", "Nothing", compared.items()), chosen=chosen, width=130),
    ]


def more_heatmap_fields(query: HeatmapQuery, choices: FilterChoices) -> list[Select]:
    """Return the further fields, which are in a box that opens."""
    leads = choices.leads.items()
    return [
        select("rocu", "Regional unit", "All", _named(choices.rocus), chosen=query.rocu),
        select("lead", "Lead organisation", "Any", leads, chosen=query.lead),
        select("theme", "Theme", "All", _named(choices.themes), chosen=query.theme),
    ]


def region_field(region: str, regions: list[str]) -> Select:
    return select("region", "Region", "All regions", _named(regions), chosen=region)


def _named(names: list[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]
