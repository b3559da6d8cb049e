"""What a heatmap's address asks for; a value that makes no sense is left out, with a note."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Self
from urllib.parse import urlencode

from forces.models import Body
from recommendations.dashboards.as_at import AsAt, asked_time
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
    "sort": "order",
}


@dataclass(frozen=True, kw_only=True)
class HeatmapQuery:
    """Empty text where nothing is asked for."""

    status: str = ""
    flag: str = ""
    region: str = ""
    rocu: str = ""
    text: str = ""
    sort: str = ""
    as_at: AsAt | None = None

    @property
    def is_filtering(self) -> bool:
        return any((self.status, self.flag, self.region, self.rocu, self.text))

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
class Places:
    """The regions and regional units by which forces are grouped, by name."""

    regions: list[str]
    rocus: list[str]


def places() -> Places:
    """One query."""
    rows = Body.objects.forces().values_list("region__name", "rocu__name").distinct()
    names = list(rows.order_by())
    return Places(
        regions=sorted({region for region, _ in names if region}),
        rocus=sorted({rocu for _, rocu in names if rocu}),
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


def asked_of(values: Mapping[str, str], *, places: Places, now: datetime) -> Asked:
    """What these GET parameters ask for."""
    names: dict[str, Collection[str]] = {
        "status": Status.values,
        "flag": Flag.values,
        "region": places.regions,
        "rocu": places.rocus,
        "sort": SORTS,
    }
    taken: dict[str, str] = {}
    notes = []
    for name, known in names.items():
        value = values.get(name, "").strip()
        if value and value not in known:
            notes.append(f"“{value[:TEXT_LENGTH]}” is no {_NOUNS[name]} here, so it was left out.")
        else:
            taken[name] = value
    text = values.get("text", "").replace("\x00", "").strip()[:TEXT_LENGTH]
    as_at, note = asked_time(values.get("as_at", ""), now=now)
    if note:
        notes.append(note)
    return Asked(HeatmapQuery(**taken, text=text, as_at=as_at), notes)
