"""What an organisation needs to do next on each recommendation, the most urgent first."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from forces.models import Body
from recommendations import rules, wording
from recommendations.dashboards import labels
from recommendations.models import Draft, Recommendation, Update
from recommendations.positions.positions import Position
from recommendations.rules import CLOSED, Flag, Status


@dataclass(frozen=True, kw_only=True)
class RequiredAction:
    """One recommendation: its state as a sentence, and a link to the page for the next action."""

    number: int
    title: str
    tags: list[labels.Tag]
    sentence: str
    button: str
    href: str
    is_urgent: bool


def next_actions(
    body: Body, positions: list[Position], recommendations: list[Recommendation]
) -> list[RequiredAction]:
    """Return an action for each recommendation, in the order of `urgency`; 2 queries."""
    titles = {recommendation.number: recommendation.title for recommendation in recommendations}
    latest = [p.latest_update_id for p in positions if p.latest_update_id]
    returned = set(
        Update.objects.returned_claims().filter(pk__in=latest).values_list("pk", flat=True)
    )
    drafts = Draft.objects.filter(assignment__in=[p.assignment_id for p in positions])
    drafted = set(drafts.values_list("assignment_id", flat=True))

    return [
        _action(
            body,
            position,
            titles[position.number],
            is_returned=position.latest_update_id in returned,
            has_draft=position.assignment_id in drafted,
        )
        for position in sorted(
            positions, key=lambda p: urgency(p, is_returned=p.latest_update_id in returned)
        )
        if position.number in titles
    ]


def urgency(position: Position, *, is_returned: bool) -> tuple[int, date, int]:
    """Return the sort key of a position: the first reason that applies, then the due date."""
    reasons = (
        position.is_overdue,
        is_returned,
        Flag.DUE_SOON in position.flags,
        Flag.STALE in position.flags,
        position.status in rules.OPEN,
        position.status == Status.EVIDENCE_SUBMITTED,
        True,
    )
    return reasons.index(True), position.due_on, position.number


def _action(
    body: Body, position: Position, title: str, *, is_returned: bool, has_draft: bool
) -> RequiredAction:
    is_open = position.status in rules.OPEN
    button, page = "View your updates", "assignment"
    if is_open or has_draft:
        button, page = ("Continue update" if has_draft else "Send an update"), "update"
    return RequiredAction(
        number=position.number,
        title=title,
        tags=labels.tags(position),
        sentence=_sentence(position, is_returned=is_returned),
        button=button,
        href=reverse(page, args=[body.slug, position.number]),
        is_urgent=is_open and (is_returned or bool(position.flags)),
    )


def _sentence(position: Position, *, is_returned: bool) -> str:
    """Return `Due in 12 days; you forecast 4 January 2027, after the due date.`"""
    if position.status in CLOSED:
        return f"{Status(position.status).label}: there is nothing left to do."
    updated_on = rules.london_day(position.heard_at)
    if position.status == Status.EVIDENCE_SUBMITTED:
        return f"Your claim of {wording.day(updated_on)} is awaiting review."
    parts = ["your claim was returned"] if is_returned else []
    parts.append(_due(position))
    if position.forecast_on is not None:
        late = ", after the due date" if rules.is_forecast_late(position) else ""
        parts.append(f"you forecast {wording.day(position.forecast_on)}{late}")
    if Flag.STALE in position.flags:
        parts.append(f"no update for {wording.count((position.on - updated_on).days, 'day')}")
    sentence = "; ".join(parts)
    return f"{sentence[0].upper()}{sentence[1:]}."


def _due(position: Position) -> str:
    if position.is_overdue:
        days = wording.count(position.days_overdue, "day")
        return f"it was due on {wording.day(position.due_on)}: {days} overdue"
    return f"due {labels.describe_days(position.due_on, on=position.on)}"
