"""The filters in a heatmap's address. Values that are not valid are ignored, with a note."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Self
from urllib.parse import urlencode

from forces.models import Body
from recommendations.dashboards.past_time import AsAt, past_time_or_note
from recommendations.models import Inspection
from recommendations.positions.national import NationalPosition
from recommendations.rules import Flag, Status

SORTS = {
    "": "A to Z",
    "region": "Region",
    "rocu": "Regional organised crime unit",
    "most_overdue": "Most overdue",
    "least_done": "Fewest implemented",
}
MAX_TEXT_LENGTH = 60
MAX_MONTH_LINKS = 6
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
    def address(self) -> str:
        """The query part of the heatmap's address, with its question mark."""
        return f"?{urlencode(self.parameters)}" if self.parameters else ""

    def at(self, as_at: AsAt | None) -> Self:
        """Return the same query about another time; None is today."""
        return replace(self, as_at=as_at)


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


def filter_choices(inspection: Inspection) -> FilterChoices:
    """Return the choices for an inspection; 2 queries."""
    regions, rocus = region_and_rocu_names()
    rows = list(
        inspection.recommendations.order_by("lead_body__short_name").values_list(
            "lead_body__slug", "lead_body__short_name", "theme"
        )
    )
    return FilterChoices(
        regions=regions,
        rocus=rocus,
        leads={slug: name for slug, name, _ in rows},
        themes=sorted({theme for *_, theme in rows if theme}),
    )


@dataclass(frozen=True)
class DayLink:
    """An item of components/tabs.html."""

    text: str
    url: str
    is_current: bool


def day_links(query: HeatmapQuery, *, path: str, since: date, today: date) -> list[DayLink]:
    """Return links to today and the ends of recent months not before `since`, with the filters."""
    links = [DayLink("Today", path + query.at(None).address, query.as_at is None)]
    end = today.replace(day=1) - timedelta(days=1)
    while end >= since and len(links) <= MAX_MONTH_LINKS:
        past = AsAt(end)
        text = f"{end.day} {end:%b %Y}"
        links.append(DayLink(text, path + query.at(past).address, query.as_at == past))
        end = end.replace(day=1) - timedelta(days=1)
    return links


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
        "sort": SORTS,
    }
    chosen: dict[str, str] = {}
    notes = []
    for name, valid in choices.items():
        value = values.get(name, "").strip()
        if value and value not in valid:
            noun = _NOUNS.get(name, name)
            notes.append(f"“{value[:MAX_TEXT_LENGTH]}” is not a valid {noun}, so it was ignored.")
        else:
            chosen[name] = value
    text = values.get("text", "").replace("\x00", "").strip()[:MAX_TEXT_LENGTH]
    as_at, as_at_note = past_time_or_note(values.get("as_at", ""), now=now)
    compare, compare_note = past_time_or_note(values.get("compare", ""), now=now)
    notes += [note for note in dict.fromkeys((as_at_note, compare_note)) if note]
    return ParsedQuery(HeatmapQuery(**chosen, text=text, as_at=as_at, compare=compare), notes)
