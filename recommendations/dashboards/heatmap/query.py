"""What a heatmap's address asks for; a value that makes no sense is left out, with a note."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Self
from urllib.parse import urlencode

from forces.models import Body
from recommendations.dashboards.past_time import AsAt, asked_time
from recommendations.models import Inspection
from recommendations.positions.national import Picture
from recommendations.rules import Flag, Status

SORTS = {
    "": "Alphabet",
    "region": "Region",
    "rocu": "Regional organised crime unit",
    "most_overdue": "Most overdue",
    "least_done": "Least done",
}
TEXT_LENGTH = 60
MONTHS = 6
_NOUNS = {
    "status": "status",
    "flag": "flag",
    "region": "region",
    "rocu": "regional organised crime unit",
    "lead": "lead body",
    "theme": "theme",
    "sort": "order",
}


@dataclass(frozen=True, kw_only=True)
class HeatmapQuery:
    """Empty text where nothing is asked for."""

    status: str = ""
    flag: str = ""
    region: str = ""
    rocu: str = ""
    lead: str = ""  # the slug of a lead body
    theme: str = ""
    text: str = ""
    sort: str = ""
    as_at: AsAt | None = None
    compare: AsAt | None = None  # what has changed since then is marked

    @property
    def is_filtering(self) -> bool:
        return any((self.status, self.flag, self.region, self.rocu, self.text))

    def narrowed(self, picture: Picture) -> Picture:
        """The picture of the recommendations that are asked for."""
        if not (self.lead or self.theme):
            return picture
        return picture.only(
            each
            for each in picture.recommendations
            if self.lead in ("", each.lead_body.slug) and self.theme in ("", each.theme)
        )

    @property
    def is_plain(self) -> bool:
        """Whether this is the heatmap that everybody opens, which a snapshot holds."""
        return self == HeatmapQuery()

    @property
    def parameters(self) -> dict[str, str]:
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: str(value) for name, value in values.items() if value}

    @property
    def address(self) -> str:
        """The query of an address that asks for the same, with its question mark."""
        return f"?{urlencode(self.parameters)}" if self.parameters else ""

    def at(self, as_at: AsAt | None) -> Self:
        """The same about another time; None is today."""
        return replace(self, as_at=as_at)


@dataclass(frozen=True)
class Known:
    """What the filters offer: places by which forces are grouped, kinds of recommendations."""

    regions: list[str]
    rocus: list[str]
    leads: dict[str, str]  # slug: name
    themes: list[str]


def places() -> tuple[list[str], list[str]]:
    """Names of the regions, and of the regional units; one query."""
    rows = Body.objects.forces().values_list("region__name", "rocu__name").distinct()
    names = list(rows.order_by())
    return (
        sorted({region for region, _ in names if region}),
        sorted({rocu for _, rocu in names if rocu}),
    )


def known(inspection: Inspection) -> Known:
    """Two queries."""
    regions, rocus = places()
    kinds = list(
        inspection.recommendations.order_by("lead_body__short_name").values_list(
            "lead_body__slug", "lead_body__short_name", "theme"
        )
    )
    return Known(
        regions=regions,
        rocus=rocus,
        leads={slug: name for slug, name, _ in kinds},
        themes=sorted({theme for *_, theme in kinds if theme}),
    )


@dataclass(frozen=True)
class DayLink:
    """One item of components/sub_navigation.html."""

    text: str
    url: str
    is_current: bool


def day_links(query: HeatmapQuery, *, path: str, since: date, today: date) -> list[DayLink]:
    """Today, and the ends of the last months since the register began; filters are kept."""
    ends: list[date] = []
    end = today.replace(day=1) - timedelta(days=1)
    while end >= since and len(ends) < MONTHS:
        ends.append(end)
        end = end.replace(day=1) - timedelta(days=1)
    links = [DayLink("Today", path + query.at(None).address, query.as_at is None)]
    for on in ends:
        text = f"{on.day} {on:%b %Y}"
        then = AsAt(on)
        links.append(DayLink(text, path + query.at(then).address, query.as_at == then))
    return links


@dataclass(frozen=True)
class Asked:
    query: HeatmapQuery
    notes: list[str]


def asked_of(values: Mapping[str, str], *, known: Known, now: datetime) -> Asked:
    """What these GET parameters ask for."""
    offered: dict[str, Collection[str]] = {
        "status": Status.values,
        "flag": Flag.values,
        "region": known.regions,
        "rocu": known.rocus,
        "lead": known.leads,
        "theme": known.themes,
        "sort": SORTS,
    }
    taken: dict[str, str] = {}
    notes = []
    for name, choices in offered.items():
        value = values.get(name, "").strip()
        if value and value not in choices:
            notes.append(f"“{value[:TEXT_LENGTH]}” is no {_NOUNS[name]} here, so it was left out.")
        else:
            taken[name] = value
    text = values.get("text", "").replace("\x00", "").strip()[:TEXT_LENGTH]
    as_at, note = asked_time(values.get("as_at", ""), now=now)
    compare, other_note = asked_time(values.get("compare", ""), now=now)
    notes += [each for each in dict.fromkeys((note, other_note)) if each]
    return Asked(HeatmapQuery(**taken, text=text, as_at=as_at, compare=compare), notes)
