"""The page of one recommendation: its facts, and its position in every force."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from forces.models import Body
from forces.names import bodies_on, with_names_then
from recommendations import rules, wording
from recommendations.charts.line import LineChart
from recommendations.charts.stacked_bar import StackedBar, status_bar
from recommendations.dashboards import labels
from recommendations.dashboards.ends import ended_note
from recommendations.dashboards.history import burn_up, history
from recommendations.dashboards.joint_actions.rows import figure_of
from recommendations.dashboards.outcomes.outcomes import IndicatorCard, theme_cards
from recommendations.dashboards.page_downloads import PageDownloads, page_downloads
from recommendations.dashboards.register.blockers import BlockerSummary, blocker_summary
from recommendations.dashboards.register.force_rows import (
    ROW_COLUMNS,
    ROW_KEYS,
    ForceRow,
    force_ladders,
    force_row,
)
from recommendations.dashboards.register.step_progress import StepProgress, step_progress
from recommendations.dashboards.register.succession import CarriedForward, carried_forward
from recommendations.dashboards.register.text_checks import AspectLine, aspect_lines
from recommendations.dashboards.sorting import Column, sort_rows
from recommendations.dashboards.visibility import Visibility
from recommendations.models import DueDateChange, Recommendation
from recommendations.page_urls import url_query
from recommendations.positions.national import Count, NationalPosition, count
from recommendations.positions.past_time import AsAt
from recommendations.positions.positions import Position


@dataclass(frozen=True, kw_only=True)
class BodyRow:
    """The lead organisation's position on a recommendation."""

    href: str  # of the assignment; empty if the reader may not open it
    state: str  # "implemented, submitted late"
    time_left: str  # "12 days overdue"


@dataclass(frozen=True, kw_only=True)
class ChangedDueDate:
    body: str
    text: str  # "from 30 June 2026 to 31 August 2026, decided on 3 May 2026 by Ana Lyst"
    reason: str


@dataclass(frozen=True, kw_only=True)
class RecommendationDetail:
    recommendation: Recommendation
    aspects: list[AspectLine]
    past_day: AsAt | None
    partners: list[Body]
    carried_to: list[CarriedForward]
    carried_from: list[CarriedForward]
    due: str  # "31 December 2026, in 38 days"
    sentence: str
    lead: BodyRow | None
    bar: StackedBar
    burn_up_message: str
    burn_up: LineChart | None
    steps: StepProgress | None  # of organisations whose documents the reader may see
    rows: list[ForceRow]
    shows_forecasts: bool  # the reader may see that of at least one force
    blocker_summary: BlockerSummary
    due_date_changes: list[ChangedDueDate]
    joint_actions: str  # "5 joint actions, 1 overdue"; empty without
    outcomes: list[IndicatorCard]  # of its theme: published figures, beside its progress

    @property
    def columns(self) -> list[Column]:
        return [c for c in ROW_COLUMNS if c.key != "forecast" or self.shows_forecasts]

    @property
    def due_date_changes_text(self) -> str:
        return wording.count(len(self.due_date_changes), "due date change")

    @property
    def downloads(self) -> PageDownloads:
        tables = [
            ("forces", "Every organisation"),
            ("causes", "Blockers by type"),
            ("texts", "Text and source"),
        ]
        if self.burn_up:
            tables.append((self.burn_up.id, "Progress over time"))
        return page_downloads(
            "recommendation",
            of=self.recommendation.reference,
            past=self.past_day,
            tables=tables,
            drawings=[self.burn_up],
        )


def recommendation_page(
    national: NationalPosition,
    recommendation: Recommendation,
    *,
    visibility: Visibility,
    sort: str = "force",
) -> RecommendationDetail:
    """Return the page of one recommendation; 10 queries.

    `national` needs the positions of this recommendation only.
    """
    by_body = {p.body_id: p for p in national.positions if p.reference == recommendation.reference}
    forces = [body for body in national.forces if body.pk in by_body]
    ended = [body for body in national.ended if body.is_force and body.pk in by_body]
    positions = [by_body[body.pk] for body in (*forces, *ended)]
    since = min(national.inspection.published_on, national.on)
    past = history([recommendation], on=national.on, since=since, with_weeks=False)
    message, chart = burn_up(past, positions, since=since, chart_id="burn-up", unit="Forces")
    totals = count(positions)
    lead = by_body.get(recommendation.lead_body_id)
    base, time = reverse("forces"), url_query(past=national.past)
    ladders = force_ladders(national.on, recommendation)
    carried_to, carried_from = carried_forward(recommendation, past=national.past)
    rows = [
        force_row(body, by_body[body.pk], visibility, ladders.get(body.pk), base=base, time=time)
        for body in forces
    ]
    return RecommendationDetail(
        recommendation=recommendation,
        aspects=aspect_lines(recommendation),
        past_day=national.past,
        partners=list(
            bodies_on(national.past.on if national.past else None, recommendation.partners.all())
        ),
        carried_to=carried_to,
        carried_from=carried_from,
        due=_describe_due_date(recommendation, on=national.on),
        sentence=_sentence(totals, positions) + ended_note(national, ended),
        lead=_body_row(recommendation.lead_body, lead, visibility, past=national.past)
        if lead
        else None,
        bar=status_bar(totals.statuses),
        burn_up_message=message,
        burn_up=chart,
        steps=step_progress(
            national,
            [p for key, p in by_body.items() if visibility.includes(national.body[key])],
        ),
        rows=sort_rows(rows, sort, ROW_KEYS),
        shows_forecasts=any(map(visibility.includes, forces)),
        blocker_summary=blocker_summary(national, by_body, visibility),
        due_date_changes=_due_date_changes(national, recommendation, visibility),
        joint_actions=figure_of(recommendation, national.past, on=national.on),
        outcomes=theme_cards(national.inspection, recommendation.theme, past=national.past),
    )


def _describe_due_date(recommendation: Recommendation, *, on: date) -> str:
    due_on = recommendation.due_on
    return f"{wording.day(due_on)}, {labels.describe_days(due_on, on=on)}"


def _body_row(
    body: Body, position: Position, visibility: Visibility, *, past: AsAt | None
) -> BodyRow:
    return BodyRow(
        href=visibility.link(body, position.reference, past=past),
        state=labels.describe(position),
        time_left=labels.describe_time_left(position),
    )


def _sentence(totals: Count, positions: Iterable[Position]) -> str:
    if not totals.total:
        return "No force has this recommendation."
    have = "has" if totals.implemented == 1 else "have"
    return (
        f"{totals.implemented} of {wording.count(totals.total, 'force')} {have} implemented it "
        f"({totals.percent}%){wording.not_counting(totals.withdrawn)}. "
        f"{wording.are(totals.overdue, 'overdue')}.{_outlook(positions)}"
    )


def _outlook(positions: Iterable[Position]) -> str:
    """Return ` 15 of 17 forces still working on it will miss the due date.`, or ""."""
    open_positions = [position for position in positions if position.status in rules.OPEN]
    late = sum(rules.will_miss_due_date(position, on=position.on) for position in open_positions)
    forces = wording.count(len(open_positions), "force")
    return f" {late:,} of {forces} still working on it will miss the due date." if late else ""


def _due_date_changes(
    national: NationalPosition, recommendation: Recommendation, visibility: Visibility
) -> list[ChangedDueDate]:
    """Return the changes for organisations that the reader may open, newest first; 2 queries."""
    visible = [body.pk for body in national.bodies if visibility.includes(body)]
    end = rules.start_of_day(national.on + timedelta(days=1))
    changes = DueDateChange.objects.filter(
        assignment__recommendation=recommendation,
        assignment__body__in=visible,
        decided_at__lt=national.past.before if national.past else end,
    )
    changes = changes.order_by("-decided_at", "-pk").select_related("assignment", "decided_by")
    return [
        ChangedDueDate(
            body=national.body[change.assignment.body_id].short_name,
            text=f"from {wording.day(change.from_due_on)} to {wording.day(change.to_due_on)}, "
            f"decided on {wording.day(rules.london_day(change.decided_at))} "
            f"by {change.decided_by.name}",
            reason=change.reason,
        )
        for change in with_names_then(changes, "decided_by", "decided_at")
    ]
