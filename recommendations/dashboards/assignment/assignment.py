"""What the page of an assignment says: its position, its due date and the next action."""

from dataclasses import dataclass
from datetime import date

from recommendations import rules, wording
from recommendations.actions.drafts import why_closed
from recommendations.dashboards.past_time import AsAt
from recommendations.models import Assignment, Draft
from recommendations.positions import positions
from recommendations.positions.positions import Position
from recommendations.rules import Status


def position_of(assignment: Assignment, *, today: date, then: AsAt | None) -> Position | None:
    """The assignment's position today or at a past time; None if it was not assigned by then."""
    inspection = assignment.recommendation.inspection
    of_body = positions.at(inspection, then, on=today, body=assignment.body)
    return next((position for position in of_body if position.assignment_id == assignment.pk), None)


@dataclass(frozen=True)
class NextAction:
    """What an officer can do now: a button, or the sentence that says why there is none."""

    button: str = ""
    why_none: str = ""


def next_action(assignment: Assignment, draft: Draft | None) -> NextAction:
    if why := why_closed(assignment, draft):
        return NextAction(why_none=why)
    return NextAction(button="Continue update" if draft else "Start update")


def due_sentence(position: Position) -> str:
    """What the due date means on the day of the position, in one sentence."""
    due = wording.day(position.due_on)
    if position.status == Status.WITHDRAWN:
        return f"It was due on {due}, and was withdrawn."
    if position.status in rules.CLAIMED:
        claimed_on = rules.london_day(position.heard_at)
        days = rules.days_after_due(position.due_on, on=claimed_on)
        when = f"{wording.count(days, 'day')} late" if position.is_late else "in time"
        return f"Due on {due}. The claim was submitted on {wording.day(claimed_on)}, {when}."
    if position.is_overdue:
        return f"Due on {due}: {wording.count(position.days_overdue, 'day')} overdue."
    left = rules.days_until_due(position.due_on, on=position.on)
    return f"Due on {due}: {wording.count(left, 'day') + ' left' if left else 'today'}."
