"""The ten recommendations in a list, and one of them with all its forces."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.charts.line import LineChart
from recommendations.charts.stacked_bar import StackedBar, stacked_bar
from recommendations.charts.steps import Ladder, ladder
from recommendations.dashboards import labels
from recommendations.dashboards.history import burn_up, history
from recommendations.dashboards.register.blockers import Obstacles, obstacles
from recommendations.dashboards.visibility import Papers
from recommendations.models import DueDateChange, Recommendation
from recommendations.positions import counts
from recommendations.positions.national import Count, Picture, count
from recommendations.positions.positions import Position

MONTHS = 12  # of a ladder


@dataclass(frozen=True, kw_only=True)
class RecommendationRow:
    recommendation: Recommendation
    due: str  # "31 December 2026, in 38 days"
    bar: StackedBar
    count: Count


@dataclass(frozen=True, kw_only=True)
class BodyRow:
    """One body's position on a recommendation."""

    body: Body
    href: str  # of the assignment; empty where the reader may not open it
    tags: list[labels.Tag]
    due_on: date
    original_due_on: date | None  # where it was moved
    due_date_changes: str  # `2 changes`
    owed: str
    heard_on: date | None  # of the latest update


@dataclass(frozen=True)
class ForceLadder:
    """One force's way, among the small multiples."""

    body: str
    href: str
    chart: Ladder


@dataclass(frozen=True, kw_only=True)
class RecommendationPage:
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
    obstacles: Obstacles
    due_date_changes: list[DueDateChange]


def recommendation_rows(picture: Picture) -> list[RecommendationRow]:
    """In the order of their numbers; what is counted is the forces'."""
    rows = []
    for each in picture.recommendations:
        of_forces = [p for p in picture.force_positions if p.number == each.number]
        counted = count(of_forces)
        rows.append(
            RecommendationRow(
                recommendation=each,
                due=due_words(each, on=picture.on),
                bar=stacked_bar(counted.statuses),
                count=counted,
            )
        )
    return rows


def list_sentence(rows: list[RecommendationRow]) -> str:
    done = sum(0 < row.count.total == row.count.implemented for row in rows)
    late = sum(row.count.overdue > 0 for row in rows)
    every = wording.count(len(rows), "recommendation")
    are = "is" if done == 1 else "are"
    behind = "1 has a force overdue" if late == 1 else f"{late} have a force overdue"
    return f"{done} of {every} {are} implemented by every force. {behind}."


def due_words(recommendation: Recommendation, *, on: date) -> str:
    due_on = recommendation.due_on
    return f"{wording.day(due_on)}, {labels.days_words(due_on, on=on)}"


def recommendation_page(
    picture: Picture, recommendation: Recommendation, *, papers: Papers
) -> RecommendationPage:
    """Five queries on top of the picture's three."""
    own = {each.body_id: each for each in picture.positions if each.number == recommendation.number}
    of_forces = [own[body.pk] for body in picture.forces if body.pk in own]
    since = min(picture.inspection.published_on, picture.on)
    past = history([recommendation], on=picture.on, since=since, with_weeks=False)
    message, chart = burn_up(past, of_forces, since=since, chart_id="burn-up")
    counted = count(of_forces)
    lead = own.get(recommendation.lead_body_id)
    return RecommendationPage(
        recommendation=recommendation,
        partners=list(recommendation.partners.order_by("short_name")),
        due=due_words(recommendation, on=picture.on),
        sentence=_sentence(counted),
        lead=body_row(recommendation.lead_body, lead, papers=papers) if lead else None,
        bar=stacked_bar(counted.statuses),
        burn_up_message=message,
        burn_up=chart,
        rows=[
            body_row(body, own[body.pk], papers=papers) for body in picture.forces if body.pk in own
        ],
        ladders=_ladders(picture, recommendation),
        obstacles=obstacles(picture, own, papers),
        due_date_changes=_due_date_changes(picture, recommendation, papers),
    )


def body_row(body: Body, position: Position, *, papers: Papers) -> BodyRow:
    is_heard = position.latest_update_id is not None
    return BodyRow(
        body=body,
        href=papers.link(body, position.number),
        tags=labels.tags(position),
        due_on=position.due_on,
        original_due_on=position.original_due_on if position.is_extended else None,
        due_date_changes=wording.count(position.due_date_changes_count, "change"),
        owed=labels.owed_words(position),
        heard_on=rules.london_day(position.heard_at) if is_heard else None,
    )


def _sentence(of: Count) -> str:
    if not of.total:
        return "No force has this recommendation."
    have = "has" if of.implemented == 1 else "have"
    late = "1 is overdue" if of.overdue == 1 else f"{of.overdue} are overdue"
    return (
        f"{of.implemented} of {wording.count(of.total, 'force')} {have} implemented it "
        f"({of.percent}%). {late}."
    )


def _ladders(picture: Picture, recommendation: Recommendation) -> list[ForceLadder]:
    """At the end of each of the last twelve months, and today; one query."""
    days = month_ends(picture.on)
    stood = counts.steps_of(recommendation, days=days)
    return [
        ForceLadder(
            body=body.short_name,
            href=reverse("force", args=[body.slug]),
            chart=ladder([(on, *steps[on]) for on in days if on in steps]),
        )
        for body in picture.forces
        if (steps := stood.get(body.pk))
    ]


def month_ends(on: date) -> list[date]:
    """The ends of the eleven months before, and the day itself."""
    days = [on]
    while len(days) < MONTHS:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]


def _due_date_changes(
    picture: Picture, recommendation: Recommendation, papers: Papers
) -> list[DueDateChange]:
    """Those of the bodies whose papers the reader may see, the newest first; one query."""
    seen = [body.pk for body in picture.bodies if papers.include(body)]
    found = DueDateChange.objects.filter(
        assignment__recommendation=recommendation,
        assignment__body__in=seen,
        decided_at__lt=rules.start_of_day(picture.on + timedelta(days=1)),
    )
    return list(
        found.select_related("assignment__body", "decided_by").order_by("-decided_at", "-pk")
    )
