"""The list of recommendations: how many forces have done each, and what is late."""

from dataclasses import dataclass
from datetime import date

from recommendations import rules, wording
from recommendations.charts.stacked_bar import StackedBar, status_bar
from recommendations.dashboards.sorting import Column, Keys
from recommendations.models import Recommendation
from recommendations.page_urls import page_url
from recommendations.positions.national import NationalPosition, count
from recommendations.positions.past_time import AsAt
from recommendations.positions.positions import Position
from recommendations.references import reference_key
from recommendations.rules import Flag, Status

RECOMMENDATION_KEYS: Keys = {
    "number": lambda row: reference_key(row.reference),
    "title": lambda row: row.title,
    "lead": lambda row: row.lead,
    "due": lambda row: row.due_on,
    "done": lambda row: row.done,
    "claims": lambda row: row.claims,
    "overdue": lambda row: row.overdue,
    "at_risk": lambda row: row.at_risk,
    "forecast_late": lambda row: row.forecast_late,
    "no_forecast": lambda row: row.without_forecast,
}
RECOMMENDATION_COLUMNS = [
    Column("No.", "number"),
    Column("Title", "title"),
    Column("Lead", "lead"),
    Column("Due", "due"),
    Column("Forces by status"),
    Column("Done#", "done"),
    Column("Claims waiting#", "claims"),
    Column("Overdue#", "overdue"),
    Column("At risk#", "at_risk"),
    Column("Forecast late#", "forecast_late"),
    Column("No forecast#", "no_forecast"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecommendationRow:
    """One recommendation, with counts of the forces only."""

    reference: str
    title: str
    href: str
    lead: str
    due_on: date
    bar: StackedBar
    is_asked: bool  # of forces
    done: int
    total: int
    claims: int  # waiting for review
    overdue: int
    at_risk: int
    forecast_late: int  # open, and the forecast is after the due date
    without_forecast: int  # open, and there is no forecast


def recommendation_rows(national: NationalPosition) -> list[RecommendationRow]:
    by_reference: dict[str, list[Position]] = {r.reference: [] for r in national.recommendations}
    for position in national.force_positions:
        by_reference[position.reference].append(position)
    return [
        _row(r, by_reference[r.reference], past=national.past) for r in national.recommendations
    ]


def _row(
    recommendation: Recommendation, positions: list[Position], *, past: AsAt | None
) -> RecommendationRow:
    totals = count(positions)
    open_positions = [position for position in positions if position.status in rules.OPEN]
    return RecommendationRow(
        reference=recommendation.reference,
        title=recommendation.title,
        href=page_url("recommendation", recommendation.reference, past=past),
        lead=recommendation.lead_body.short_name,
        due_on=recommendation.due_on,
        bar=status_bar(totals.statuses),
        is_asked=recommendation.asks_forces or bool(positions),
        done=totals.implemented,
        total=totals.total,
        claims=totals.statuses[Status.EVIDENCE_SUBMITTED],
        overdue=totals.overdue,
        at_risk=sum(position.has(Flag.AT_RISK) for position in open_positions),
        forecast_late=sum(map(rules.is_forecast_late, open_positions)),
        without_forecast=sum(position.forecast_on is None for position in open_positions),
    )


def list_sentence(rows: list[RecommendationRow]) -> str:
    asked = [row for row in rows if row.is_asked]
    done = sum(0 < row.total == row.done for row in asked)
    overdue = sum(row.overdue > 0 for row in asked)
    not_asked = len(rows) - len(asked)
    return (
        f"{done} of {wording.count(len(asked), 'recommendation')} {'is' if done == 1 else 'are'} "
        f"implemented by every force. {wording.are(overdue, 'overdue in at least one force')}."
        f"{f' Forces are not asked to do anything for {not_asked}.' if not_asked else ''}"
    )
