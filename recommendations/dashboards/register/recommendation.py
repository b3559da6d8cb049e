"""The list of recommendations, and the page of one recommendation."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.charts.ladder import Ladder, ladder
from recommendations.charts.line import LineChart
from recommendations.charts.stacked_bar import StackedBar, status_bar
from recommendations.dashboards import labels
from recommendations.dashboards.history import burn_up, history
from recommendations.dashboards.register.blockers import BlockerSummary, blocker_summary
from recommendations.dashboards.visibility import Visibility
from recommendations.models import DueDateChange, Recommendation
from recommendations.positions.counts import statuses_by_body
from recommendations.positions.national import Count, NationalPosition, count
from recommendations.positions.positions import Position

LADDER_MONTHS = 12


@dataclass(frozen=True, kw_only=True)
class RecommendationRow:
    recommendation: Recommendation
    due: str  # "31 December 2026, in 38 days"
    bar: StackedBar
    count: Count


@dataclass(frozen=True, kw_only=True)
class BodyRow:
    """One organisation's position on a recommendation."""

    body: Body
    href: str  # of the assignment; empty if the reader may not open it
    tags: list[labels.Tag]
    due_on: date
    original_due_on: date | None  # if the due date was changed
    due_date_changes: str  # "2 changes"
    time_left: str  # "12 days overdue"
    last_update_on: date | None
    no_change: str  # "No change 3 times in a row", for readers of the updates; or empty
    review_url: str  # empty if no claim waits, or the reader does not review claims


@dataclass(frozen=True)
class ForceLadder:
    """One force's ladder chart among the small multiples."""

    body: str
    href: str
    chart: Ladder


@dataclass(frozen=True, kw_only=True)
class RecommendationDetail:
    recommendation: Recommendation
    partners: list[Body]
    due: str
    sentence: str
    lead: BodyRow | None
    bar: StackedBar
    burn_up_message: str
    burn_up: LineChart | None
    rows: list[BodyRow]
    ladders: list[ForceLadder]
    blocker_summary: BlockerSummary
    due_date_changes: list[DueDateChange]


def recommendation_rows(national: NationalPosition) -> list[RecommendationRow]:
    """Return a row for each recommendation, with counts of the forces only."""
    rows = []
    for recommendation in national.recommendations:
        totals = count(p for p in national.force_positions if p.number == recommendation.number)
        rows.append(
            RecommendationRow(
                recommendation=recommendation,
                due=_describe_due_date(recommendation, on=national.on),
                bar=status_bar(totals.statuses),
                count=totals,
            )
        )
    return rows


def list_sentence(rows: list[RecommendationRow]) -> str:
    done = sum(0 < row.count.total == row.count.implemented for row in rows)
    overdue = sum(row.count.overdue > 0 for row in rows)
    return (
        f"{done} of {wording.count(len(rows), 'recommendation')} {'is' if done == 1 else 'are'} "
        f"implemented by every force. {wording.are(overdue, 'overdue in at least one force')}."
    )


def _describe_due_date(recommendation: Recommendation, *, on: date) -> str:
    due_on = recommendation.due_on
    return f"{wording.day(due_on)}, {labels.describe_days(due_on, on=on)}"


def recommendation_page(
    national: NationalPosition, recommendation: Recommendation, *, visibility: Visibility
) -> RecommendationDetail:
    """Return the page of one recommendation; 5 queries."""
    by_body = {p.body_id: p for p in national.positions if p.number == recommendation.number}
    forces = [body for body in national.forces if body.pk in by_body]
    positions = [by_body[body.pk] for body in forces]
    since = min(national.inspection.published_on, national.on)
    past = history([recommendation], on=national.on, since=since, with_weeks=False)
    message, chart = burn_up(past, positions, since=since, chart_id="burn-up")
    totals = count(positions)
    lead = by_body.get(recommendation.lead_body_id)
    return RecommendationDetail(
        recommendation=recommendation,
        partners=list(recommendation.partners.order_by("short_name")),
        due=_describe_due_date(recommendation, on=national.on),
        sentence=_sentence(totals),
        lead=body_row(recommendation.lead_body, lead, visibility=visibility) if lead else None,
        bar=status_bar(totals.statuses),
        burn_up_message=message,
        burn_up=chart,
        rows=[body_row(body, by_body[body.pk], visibility=visibility) for body in forces],
        ladders=_ladders(national, recommendation),
        blocker_summary=blocker_summary(national, by_body, visibility),
        due_date_changes=_due_date_changes(national, recommendation, visibility),
    )


def body_row(body: Body, position: Position, *, visibility: Visibility) -> BodyRow:
    has_update = position.latest_update_id is not None
    return BodyRow(
        body=body,
        href=visibility.link(body, position.number),
        tags=labels.tags(position),
        due_on=position.due_on,
        original_due_on=position.original_due_on if position.is_extended else None,
        due_date_changes=wording.count(position.due_date_changes_count, "change"),
        time_left=labels.describe_time_left(position),
        last_update_on=rules.london_day(position.heard_at) if has_update else None,
        no_change=labels.no_change(position) if visibility.includes(body) else "",
        review_url=visibility.review_url(position),
    )


def _sentence(totals: Count) -> str:
    if not totals.total:
        return "No force has this recommendation."
    have = "has" if totals.implemented == 1 else "have"
    return (
        f"{totals.implemented} of {wording.count(totals.total, 'force')} {have} implemented it "
        f"({totals.percent}%). {wording.are(totals.overdue, 'overdue')}."
    )


def _ladders(national: NationalPosition, recommendation: Recommendation) -> list[ForceLadder]:
    days = month_ends(national.on)
    by_body = statuses_by_body(recommendation, days=days)
    return [
        ForceLadder(
            body=body.short_name,
            href=reverse("force", args=[body.slug]),
            chart=ladder([(on, *statuses[on]) for on in days if on in statuses]),
        )
        for body in national.forces
        if (statuses := by_body.get(body.pk))
    ]


def month_ends(on: date) -> list[date]:
    """Return the ends of the last eleven months, and the day itself."""
    days = [on]
    while len(days) < LADDER_MONTHS:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]


def _due_date_changes(
    national: NationalPosition, recommendation: Recommendation, visibility: Visibility
) -> list[DueDateChange]:
    """Return the changes for organisations that the reader may open, the newest first; 1 query."""
    visible = [body.pk for body in national.bodies if visibility.includes(body)]
    changes = DueDateChange.objects.filter(
        assignment__recommendation=recommendation,
        assignment__body__in=visible,
        decided_at__lt=rules.start_of_day(national.on + timedelta(days=1)),
    )
    return list(
        changes.select_related("assignment__body", "decided_by").order_by("-decided_at", "-pk")
    )
