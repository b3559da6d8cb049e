"""What an organisation needs to do next on each recommendation, the most urgent first."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.actions.confirm_no_change import no_change_error
from recommendations.dashboards import labels
from recommendations.models import Draft, Recommendation
from recommendations.positions.positions import Position
from recommendations.rules import CLOSED, Flag, Status
from recommendations.update_rules import has_passed


@dataclass(frozen=True, kw_only=True)
class RequiredAction:
    """One recommendation: its state as a sentence, and a link to the page for the next action.

    `no_change_href` is the page that confirms the last answers, empty if they cannot be confirmed.
    """

    number: int
    title: str
    tags: list[labels.Tag]
    sentence: str
    button: str
    href: str
    no_change_href: str
    due_on: date
    is_open: bool
    is_returned: bool
    is_urgent: bool


def next_actions(
    body: Body, positions: list[Position], recommendations: list[Recommendation]
) -> list[RequiredAction]:
    """Return an action for each recommendation, in the order of `urgency`; 1 query."""
    titles = {recommendation.number: recommendation.title for recommendation in recommendations}
    drafts = Draft.objects.filter(assignment__in=[p.assignment_id for p in positions])
    drafted = set(drafts.values_list("assignment_id", flat=True))

    return [
        _action(
            body,
            position,
            titles[position.number],
            has_draft=position.assignment_id in drafted,
        )
        for position in sorted(positions, key=urgency)
        if position.number in titles
    ]


def urgency(position: Position) -> tuple[int, date, int]:
    """Return the sort key of a position: the first reason that applies, then the due date."""
    reasons = (
        position.is_overdue,
        position.is_returned,
        Flag.DUE_SOON in position.flags,
        Flag.STALE in position.flags,
        position.status in rules.OPEN,
        position.status == Status.EVIDENCE_SUBMITTED,
        True,
    )
    return reasons.index(True), position.due_on, position.number


def _action(body: Body, position: Position, title: str, *, has_draft: bool) -> RequiredAction:
    is_open = position.status in rules.OPEN
    url_args = [body.slug, position.number]
    offers_no_change = not has_draft and not no_change_error(position, on=position.on)
    button, page = "View your updates", "assignment"
    if is_open or has_draft:
        button, page = ("Continue update" if has_draft else "Send an update"), "update"
    return RequiredAction(
        number=position.number,
        title=title,
        tags=labels.tags(position),
        sentence=_sentence(position),
        button=button,
        href=reverse(page, args=url_args),
        no_change_href=reverse("no_change", args=url_args) if offers_no_change else "",
        due_on=position.due_on,
        is_open=is_open,
        is_returned=position.is_returned,
        is_urgent=is_open and (position.is_returned or bool(position.flags)),
    )


def _sentence(position: Position) -> str:
    """Return `Due in 12 days; you forecast 4 January 2027, after the due date.`"""
    if position.status in CLOSED:
        return f"{Status(position.status).label}: there is nothing left to do."
    updated_on = rules.london_day(position.heard_at)
    if position.status == Status.EVIDENCE_SUBMITTED:
        return f"Your claim of {wording.day(updated_on)} is awaiting review."
    parts = ["your claim was returned"] if position.is_returned else []
    parts.append(_due(position))
    if position.forecast_on is not None:
        parts.append(_forecast(position, position.forecast_on))
    if Flag.STALE in position.flags:
        parts.append(f"no update for {wording.count((position.on - updated_on).days, 'day')}")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _forecast(position: Position, forecast_on: date) -> str:
    if has_passed(forecast_on, on=position.on):
        return f"your forecast of {wording.day(forecast_on)} has passed"
    late = ", after the due date" if rules.is_forecast_late(position) else ""
    return f"you forecast {wording.day(forecast_on)}{late}"


def _due(position: Position) -> str:
    if position.is_overdue:
        days = wording.count(position.days_overdue, "day")
        return f"it was due on {wording.day(position.due_on)}: {days} overdue"
    return f"due {labels.describe_days(position.due_on, on=position.on)}"
