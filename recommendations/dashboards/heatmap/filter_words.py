"""The filters of a heatmap in words: the tags above the table, and the note of an export."""

from collections.abc import Mapping
from dataclasses import dataclass

from recommendations.dashboards.heatmap.query import SORTS, HeatmapQuery
from recommendations.rules import Flag, Status


@dataclass(frozen=True)
class Chip:
    """An item of components/chips.html: a filter, and the address without it."""

    text: str
    href: str


def filter_words(query: HeatmapQuery, *, leads: Mapping[str, str]) -> dict[str, str]:
    """Return `Region: Wales` by parameter, for those that are set.

    `leads` are the names of lead organisations by slug. The time is not among the words.
    """
    words = {
        "status": ("Status", Status(query.status).label if query.status else ""),
        "flag": ("Flag", Flag(query.flag).label if query.flag else ""),
        "region": ("Region", query.region),
        "rocu": ("Regional unit", query.rocu),
        "lead": ("Lead organisation", leads.get(query.lead, query.lead)),
        "theme": ("Theme", query.theme),
        "text": ("Name", query.text),
        "sort": ("Order", SORTS[query.sort] if query.sort else ""),
        "compare": ("Compared with", query.compare.words if query.compare else ""),
    }
    return {name: f"{label}: {value}" for name, (label, value) in words.items() if value}


def chips(query: HeatmapQuery, *, leads: Mapping[str, str], path: str) -> list[Chip]:
    """Return a tag for everything that is set; the past time is above the page."""
    words = filter_words(query, leads=leads)
    return [Chip(text, path + query.without(name).address) for name, text in words.items()]
