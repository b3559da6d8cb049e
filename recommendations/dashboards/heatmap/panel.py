"""The panel of a heatmap cell: the position, the reason for its colour, and what can be done."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from forces.names import name_writers
from recommendations import lateness, rules, wording
from recommendations.dashboards import labels
from recommendations.dashboards.labels import FlagLabel, State
from recommendations.dashboards.visibility import Visibility
from recommendations.models import Assignment, Update
from recommendations.page_urls import page_url
from recommendations.positions.past_time import AsAt
from recommendations.positions.positions import Position
from recommendations.rules import Status


@dataclass(frozen=True, kw_only=True)
class Panel:
    heading: str
    title: str
    state: State
    flags: list[FlagLabel]
    is_late: bool  # the claim was submitted after the due date
    reason: str
    due_on: date
    days: str  # "56 days overdue", "in 12 days"; empty if not open
    original_due_on: date | None  # if the due date was changed
    due_date_changes: str
    forecast_on: date | None
    forecast_days: str  # "124 days after that"
    confidence: str
    last_update: str
    evidence: str
    no_change: str  # "No change 3 times in a row", or empty
    account: str
    next_steps: str
    href: str
    review_url: str  # empty if no claim waits, or the reader does not review claims
    questions_url: str  # empty in the past
    due_date_url: str  # empty in the past, if closed, or if the reader may not change it


def panel(
    assignment: Assignment,
    position: Position,
    *,
    visibility: Visibility,
    may_change_due_date: bool,
    as_at: AsAt | None,
) -> Panel:
    """Return the panel; 2 queries if the assignment's body and recommendation are loaded."""
    update = None
    if position.latest_update_id is not None:
        update = Update.objects.select_related("submitted_by").get(pk=position.latest_update_id)
        name_writers([(update, "submitted_by", "submitted_at")])
    place = [assignment.body.slug, position.reference]
    is_now = as_at is None
    is_movable = is_now and may_change_due_date and position.status not in rules.CLOSED
    return Panel(
        heading=f"{assignment.body.short_name}, R{position.reference}",
        title=assignment.recommendation.title,
        state=labels.state_of(position),
        flags=labels.flags(position),
        is_late=position.is_late,
        reason=_reason(position),
        due_on=position.due_on,
        days=labels.describe_time_left(position) if position.status in rules.OPEN else "",
        original_due_on=position.original_due_on if position.is_extended else None,
        due_date_changes=wording.count(position.due_date_changes_count, "change"),
        forecast_on=position.forecast_on,
        forecast_days=_forecast_days(position),
        confidence=position.confidence.capitalize(),
        last_update=_describe_update(update),
        evidence=wording.count(update.evidence_count, "file")
        if update and update.evidence_count
        else "None",
        no_change=labels.no_change(position),
        account=update.account if update else "",
        next_steps=update.next_steps if update else "",
        href=page_url("assignment", *place, past=as_at),
        review_url=visibility.review_url(position) if is_now else "",
        questions_url=reverse("questions", args=place) if is_now else "",
        due_date_url=reverse("due_date", args=place) if is_movable else "",
    )


def _reason(position: Position) -> str:
    """Return one sentence that explains the cell's colour and corner."""
    if position.is_overdue:
        days = wording.count(position.days_overdue, "day")
        claim = "the claim was returned" if position.is_returned else "no claim is awaiting review"
        return f"Overdue: the due date passed {days} ago, and {claim}."
    if position.status == Status.EVIDENCE_SUBMITTED:
        due_by = wording.day(lateness.review_due_on(claimed_at=position.heard_at))
        is_late = lateness.has_late_review(position, on=position.on)
        return (
            f"A claim is awaiting review. The review {'was' if is_late else 'is'} due by {due_by}."
        )
    if position.is_self_assessed:
        return (
            "Self-assessed: the organisation accepted its own claim. Nobody from another "
            "organisation has confirmed it."
        )
    if position.status == Status.IMPLEMENTED:
        return "An analyst has accepted the claim."
    if position.status == Status.WITHDRAWN:
        return f"{labels.state_of(position).word}. It was not implemented before that."
    returned = "The claim was returned. " if position.is_returned else ""
    return f"{returned}Open, and due {labels.describe_days(position.due_on, on=position.on)}."


def _forecast_days(position: Position) -> str:
    """Return how many days the forecast is after the due date; "" if it is not."""
    if position.forecast_on is None or not rules.is_forecast_late(position):
        return ""
    days = rules.days_after_due(position.due_on, on=position.forecast_on)
    return f"{wording.count(days, 'day')} after that"


def _describe_update(update: Update | None) -> str:
    if update is None:
        return "None yet"
    on = wording.day(rules.london_day(update.submitted_at))
    kind = ", no change" if update.confirms_id else ""
    return f"Update {update.number} on {on}, by {update.submitted_by.name}{kind}"
