"""One cell of the heatmap, explained: what it says, why, and where it stands."""

from dataclasses import dataclass
from datetime import date

from recommendations import rules, wording
from recommendations.dashboards import labels
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
    original_due_on: date | None  # where it was moved
    due_date_changes: str
    forecast_on: date | None
    confidence: str
    heard: str
    evidence: str
    href: str


def panel(assignment: Assignment, position: Position) -> Panel:
    """With the assignment's body and recommendation loaded; one query (the latest update)."""
    update = _latest(position)
    return Panel(
        heading=f"{assignment.body.short_name}, recommendation {position.number}",
        title=assignment.recommendation.title,
        tags=labels.tags(position),
        reason=why(position),
        due_on=position.due_on,
        days=labels.days_words(position.due_on, on=position.on),
        original_due_on=position.original_due_on if position.is_extended else None,
        due_date_changes=wording.count(position.due_date_changes_count, "change"),
        forecast_on=position.forecast_on,
        confidence=position.confidence.capitalize(),
        heard=_heard(update),
        evidence=wording.count(update.evidence_count, "file") if update else "none",
        href=assignment.get_absolute_url(),
    )


def why(position: Position) -> str:
    """The cell's colour and corner in one sentence (design, rule 2)."""
    if position.is_overdue:
        days = wording.count(position.days_overdue, "day")
        return f"Overdue: the due date passed {days} ago, and no claim waits for review."
    if position.status == Status.EVIDENCE_SUBMITTED:
        due_by = wording.day(rules.review_due_on(claimed_at=position.heard_at))
        late = rules.has_late_review(position, on=position.on)
        was_due = "was due by" if late else "is due by"
        return f"A claim waits for an analyst, whose review {was_due} {due_by}."
    if position.status == Status.IMPLEMENTED:
        return "An analyst has accepted the claim."
    if position.status == Status.WITHDRAWN:
        return "Closed without being done."
    return f"Open, and due {labels.days_words(position.due_on, on=position.on)}."


def _latest(position: Position) -> Update | None:
    if position.latest_update_id is None:
        return None
    return Update.objects.select_related("submitted_by").get(pk=position.latest_update_id)


def _heard(update: Update | None) -> str:
    if update is None:
        return "no update yet"
    on = wording.day(rules.london_day(update.submitted_at))
    return f"update {update.number} on {on}, by {update.submitted_by.name}"
