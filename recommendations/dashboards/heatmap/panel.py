"""The panel of a heatmap cell: the position, and the reason for its colour."""

from dataclasses import dataclass
from datetime import date

from recommendations import lateness, rules, wording
from recommendations.dashboards import labels
from recommendations.dashboards.visibility import Visibility
from recommendations.models import Assignment, Update
from recommendations.positions.positions import Position
from recommendations.rules import Status


@dataclass(frozen=True, kw_only=True)
class Panel:
    heading: str
    title: str
    tags: list[labels.Tag]
    reason: str
    due_on: date
    days: str
    original_due_on: date | None  # if the due date was changed
    due_date_changes: str
    forecast_on: date | None
    confidence: str
    last_update: str
    evidence: str
    no_change: str  # "No change 3 times in a row", or empty
    href: str
    review_url: str  # empty if no claim waits, or the reader does not review claims


def panel(assignment: Assignment, position: Position, *, visibility: Visibility) -> Panel:
    """Return the panel; 1 query if the assignment's body and recommendation are loaded."""
    update = None
    if position.latest_update_id is not None:
        update = Update.objects.select_related("submitted_by").get(pk=position.latest_update_id)
    return Panel(
        heading=f"{assignment.body.short_name}, recommendation {position.number}",
        title=assignment.recommendation.title,
        tags=labels.tags(position),
        reason=_reason(position),
        due_on=position.due_on,
        days=labels.describe_days(position.due_on, on=position.on),
        original_due_on=position.original_due_on if position.is_extended else None,
        due_date_changes=wording.count(position.due_date_changes_count, "change"),
        forecast_on=position.forecast_on,
        confidence=position.confidence.capitalize(),
        last_update=_describe_update(update),
        evidence=wording.count(update.evidence_count, "file") if update else "none",
        no_change=labels.no_change(position),
        href=assignment.get_absolute_url(),
        review_url=visibility.review_url(position),
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
    if position.status == Status.IMPLEMENTED:
        return "An analyst has accepted the claim."
    if position.status == Status.WITHDRAWN:
        return "Withdrawn before it was implemented."
    returned = "The claim was returned. " if position.is_returned else ""
    return f"{returned}Open, and due {labels.describe_days(position.due_on, on=position.on)}."


def _describe_update(update: Update | None) -> str:
    if update is None:
        return "no update yet"
    on = wording.day(rules.london_day(update.submitted_at))
    kind = ", no change" if update.confirms_id else ""
    return f"update {update.number} on {on}, by {update.submitted_by.name}{kind}"
