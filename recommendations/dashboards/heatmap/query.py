"""The filters in a heatmap's address. Values that are not valid are ignored, with a note."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode

from forces.models import Body
from forces.names import bodies_on
from recommendations.dashboards.parameters import REVERSED_NOTE, parse_choice
from recommendations.dashboards.past_time import past_time_or_note
from recommendations.models import Inspection
from recommendations.positions.national import NationalPosition
from recommendations.positions.past_time import AsAt
from recommendations.positions.positions import Position
from recommendations.rules import Flag, Status

SORTS = {
    "": "A to Z",
    "-name": "Z to A",
    "region": "Region",
    "rocu": "Regional organised crime unit",
    "-overdue": "Most overdue",
    "overdue": "Fewest overdue",
    "-done": "Most implemented",
    "done": "Fewest implemented",
    "-waiting": "Most claims waiting",
    "waiting": "Fewest claims waiting",
    "-contact": "Longest since last update",
    "contact": "Most recent update",
}
# The head of the first column, and the values in addresses saved before the heads sorted
_OTHER_SORTS = {"name": "", "most_overdue": "-overdue", "least_done": "done"}
MAX_TEXT_LENGTH = 60
_NOUNS = {
    "rocu": "regional organised crime unit",
    "lead": "lead organisation",
    "sort": "order",
}


@dataclass(frozen=True, kw_only=True)
class HeatmapQuery:
    """The filters, order and times of a heatmap; empty if not chosen."""

    status: str = ""
    flag: str = ""
    region: str = ""
    rocu: str = ""
    lead: str = ""  # the slug of a lead organisation
    theme: str = ""
    text: str = ""
    sort: str = ""
    as_at: AsAt | None = None
    compare: AsAt | None = None  # changes since then are highlighted

    @property
    def is_filtering(self) -> bool:
        return any((self.status, self.flag, self.region, self.rocu, self.text))

    def matches(self, position: Position) -> bool:
        """Return whether a cell has the chosen status and flag."""
        return self.status in ("", position.status) and (
            not self.flag or Flag(self.flag) in position.flags
        )

    def narrowed(self, national: NationalPosition) -> NationalPosition:
        """Return the national position limited to the chosen lead and theme."""
        if not (self.lead or self.theme):
            return national
        return national.only(
            recommendation
            for recommendation in national.recommendations
            if self.lead in ("", recommendation.lead_body.slug)
            and self.theme in ("", recommendation.theme)
        )

    @property
    def is_plain(self) -> bool:
        """Whether nothing is chosen, so that a snapshot can be served."""
        return self == HeatmapQuery()

    @property
    def parameters(self) -> dict[str, str]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value}

    @property
    def as_at_type(self) -> str:
        """The type of the field with the past time."""
        return "datetime-local" if self.as_at and self.as_at.at else "date"

    @property
    def address(self) -> str:
        """The query part of the heatmap's address, with its question mark."""
        return f"?{urlencode(self.parameters)}" if self.parameters else ""

    def at(self, as_at: AsAt | None) -> Self:
        """Return the same query about another time; None is today."""
        return replace(self, as_at=as_at)

    def without(self, name: str) -> Self:
        """Return the same query without one of its parameters."""
        empty: dict[str, Any] = {name: None if name in ("as_at", "compare") else ""}
        return replace(self, **empty)


@dataclass(frozen=True)
class FilterChoices:
    """The values that can be chosen in the filters."""

    regions: list[str]
    rocus: list[str]
    leads: dict[str, str]  # name by slug
    themes: list[str]


def region_and_rocu_names() -> tuple[list[str], list[str]]:
    """Return the names of the regions and of the regional units that have forces; 1 query."""
    rows = list(Body.objects.forces().order_by().values_list("region__name", "rocu__name"))
    return (
        sorted({region for region, _ in rows if region}),
        sorted({rocu for _, rocu in rows if rocu}),
    )


def filter_choices(inspection: Inspection, past: AsAt | None = None) -> FilterChoices:
    """Return the choices for an inspection, with the names of a past day; up to 3 queries."""
    regions, rocus = region_and_rocu_names()
    rows = list(
        inspection.recommendations.order_by("lead_body__short_name").values_list(
            "lead_body__slug", "lead_body__short_name", "theme"
        )
    )
    leads = {slug: name for slug, name, _ in rows}
    if past:
        named = bodies_on(past.on, Body.objects.filter(slug__in=leads))
        leads = {body.slug: body.short_name for body in named}
    return FilterChoices(
        regions=regions,
        rocus=rocus,
        leads=leads,
        themes=sorted({theme for *_, theme in rows if theme}),
    )


@dataclass(frozen=True)
class ParsedQuery:
    query: HeatmapQuery
    notes: list[str]


def parse_heatmap_query(
    values: Mapping[str, str], *, filter_choices: FilterChoices, now: datetime
) -> ParsedQuery:
    """Return the query in these GET parameters, with a note for each value ignored."""
    choices: dict[str, Collection[str]] = {
        "status": Status.values,
        "flag": Flag.values,
        "region": filter_choices.regions,
        "rocu": filter_choices.rocus,
        "lead": filter_choices.leads,
        "theme": filter_choices.themes,
        "sort": SORTS | _OTHER_SORTS,
    }
    notes: list[str] = []
    chosen = {
        name: parse_choice(values.get(name, ""), valid, noun=_NOUNS.get(name, name), notes=notes)
        for name, valid in choices.items()
    }
    chosen["sort"] = _OTHER_SORTS.get(chosen["sort"], chosen["sort"])
    text = values.get("text", "").replace("\x00", "").strip()[:MAX_TEXT_LENGTH]
    as_at, as_at_note = past_time_or_note(values.get("as_at", ""), now=now)
    compare, compare_note = past_time_or_note(
        values.get("compare_day", "") or values.get("compare", ""),
        now=now,
        otherwise="nothing is compared",
    )
    if as_at and compare and compare.before > as_at.before:
        as_at, compare = compare, as_at
        notes.append(REVERSED_NOTE)
    notes += [note for note in dict.fromkeys((as_at_note, compare_note)) if note]
    return ParsedQuery(HeatmapQuery(**chosen, text=text, as_at=as_at, compare=compare), notes)
