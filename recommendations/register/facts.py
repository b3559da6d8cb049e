"""Typed content of the register's files. Slugs identify organisations; dates are London days."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple


@dataclass(frozen=True)
class FormerName:
    """A name that a body had until the day on which its next name began."""

    name: str
    until: date


@dataclass(frozen=True, kw_only=True)
class BodyFacts:
    """An organisation, with the field names of `Body`. Region and ROCU are names, force a slug."""

    slug: str
    kind: str
    name: str
    short_name: str
    description: str = ""
    ons_code: str = ""
    country: str = ""
    region: str | None = None
    rocu: str | None = None
    police_uk_slug: str = ""
    tile_column: int | None = None
    tile_row: int | None = None
    former_names: tuple[FormerName, ...] = ()  # in order
    force: str | None = None


@dataclass(frozen=True, kw_only=True)
class RecommendationFacts:
    """A recommendation or a part of one; `lead`, `partners` and `forces` are slugs.

    `forces` are those that are asked, if it asks forces; without any of them, all.

    `certainties` has how sure each aspect is, by the values of `Aspect`, and `source`
    where that was read.
    """

    number: int
    part: str
    title: str
    text: str
    text_is_verbatim: bool
    theme: str
    lead: str
    partners: tuple[str, ...]
    due_on: date
    due_words: str
    force_ask: str
    force_done_when: str
    certainties: dict[str, str]
    source: str
    forces: tuple[str, ...] = ()

    @property
    def reference(self) -> str:
        return f"{self.number}{self.part}"


class OutcomeKey(NamedTuple):
    """What a figure is about. An inspection has one figure for it."""

    indicator: str
    scope: str
    period_start: date
    period_end: date | None


@dataclass(frozen=True, kw_only=True)
class OutcomeFacts:
    """A published figure, with the field names of `OutcomeFigure`."""

    indicator: str
    scope: str
    period_start: date
    period_end: date | None
    value: Decimal | None
    value_high: Decimal | None
    qualifier: str
    unit: str
    is_cumulative: bool
    breaks_before: bool
    note: str
    source: str

    @property
    def key(self) -> OutcomeKey:
        return OutcomeKey(self.indicator, self.scope, self.period_start, self.period_end)


@dataclass(frozen=True, kw_only=True)
class InspectionFacts:
    slug: str
    title: str
    publisher: str
    published_on: date
    is_synthetic: bool = False


# https://hmicfrs.justiceinspectorates.gov.uk/publications/both-sides-of-the-coin-county-lines/
COUNTY_LINES_2020 = InspectionFacts(
    slug="county-lines-2020",
    title="Both sides of the coin: county lines",
    publisher="HMICFRS",
    published_on=date(2020, 1, 10),
)


# The slug of the department whose analysts review claims
REVIEWING_DEPARTMENT = "home-office"


@dataclass(frozen=True, kw_only=True)
class Register:
    inspection: InspectionFacts
    forces: tuple[BodyFacts, ...]
    national_bodies: tuple[BodyFacts, ...]
    local_policing_bodies: tuple[BodyFacts, ...]
    recommendations: tuple[RecommendationFacts, ...]
    outcomes: tuple[OutcomeFacts, ...] = ()

    @property
    def bodies(self) -> tuple[BodyFacts, ...]:
        return self.forces + self.national_bodies + self.local_policing_bodies
