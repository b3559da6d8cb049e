"""What the page of an assignment says: its position, its due date and the next action."""

from dataclasses import dataclass
from datetime import date

from recommendations import positions, rules, wording
from recommendations.dashboards.as_at import AsAt
from recommendations.models import Assignment, Draft
from recommendations.positions import Position
from recommendations.rules import Status


def position_of(assignment: Assignment, *, today: date, then: AsAt | None) -> Position | None:
    """How it stands, or stood then; None where it did not bind the body by then."""
    inspection = assignment.recommendation.inspection
    of_body = (
        positions.as_at(inspection, on=then.on, body=assignment.body, before=then.before)
        if then
        else positions.today(inspection, on=today, body=assignment.body)
    )
    return next((position for position in of_body if position.assignment_id == assignment.pk), None)


@dataclass(frozen=True)
class NextAction:
    """What an officer can do now: a button, or the sentence that says why there is none."""

    button: str = ""
    why_none: str = ""


def next_action(assignment: Assignment, draft: Draft | None) -> NextAction:
    if assignment.is_waiting_for_review:
        sent_on = wording.day(rules.london_day(assignment.heard_at))
        return NextAction(
            why_none=f"Your claim was sent on {sent_on} and "
            "waits for an analyst's review. You can send another update after it is answered."
        )
    if not assignment.is_open:
        return NextAction(
            why_none=f"This recommendation is {assignment.get_status_display().lower()}, "
            "so there is nothing left to send."
        )
    return NextAction(button="Continue the update" if draft else "Start an update")


def due_sentence(position: Position) -> str:
    """What the due date means on that day, in one sentence."""
    due = wording.day(position.due_on)
    if position.status == Status.WITHDRAWN:
        return f"It was due on {due}, and was withdrawn."
    if position.status in {Status.EVIDENCE_SUBMITTED, Status.IMPLEMENTED}:
        claimed_on = rules.london_day(position.heard_at)
        late = wording.count((claimed_on - position.due_on).days, "day")
        when = f"{late} late" if position.is_late else "in time"
        return f"Due on {due}. The claim came on {wording.day(claimed_on)}, {when}."
    if position.is_overdue:
        return f"Due on {due}: {wording.count(position.days_overdue, 'day')} overdue."
    left = (position.due_on - position.on).days
    return f"Due on {due}: {wording.count(left, 'day') + ' left' if left else 'today'}."
