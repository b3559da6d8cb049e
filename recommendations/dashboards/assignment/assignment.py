"""An assignment's position, next action and due date, as its page shows them."""

from dataclasses import dataclass
from datetime import date

from recommendations import rules, wording
from recommendations.actions.confirm_no_change import no_change_error
from recommendations.actions.drafts import update_error
from recommendations.dashboards.past_time import AsAt
from recommendations.models import Assignment, Draft
from recommendations.positions import positions
from recommendations.positions.positions import Position
from recommendations.rules import Status


def position_of(assignment: Assignment, *, today: date, then: AsAt | None) -> Position | None:
    """The assignment's position today or at a past time; None if it was not yet assigned."""
    inspection = assignment.recommendation.inspection
    body_positions = positions.at(inspection, then, on=today, body=assignment.body)
    return next((item for item in body_positions if item.assignment_id == assignment.pk), None)


@dataclass(frozen=True)
class NextAction:
    """What an officer can do now: the text of a button, or the reason why there is none.

    With `offers_no_change` the last answers can also be confirmed as they are.
    """

    button: str = ""
    reason: str = ""
    offers_no_change: bool = False


def next_action(assignment: Assignment, draft: Draft | None, *, on: date) -> NextAction:
    """The next action of an officer of the assignment's force."""
    if reason := update_error(assignment, draft):
        return NextAction(reason=reason)
    return NextAction(
        button="Continue update" if draft else "Start update",
        offers_no_change=draft is None and not no_change_error(assignment, on=on),
    )


def due_sentence(position: Position) -> str:
    """One sentence about the due date, as at the day of the position."""
    due = wording.day(position.due_on)
    if position.status == Status.WITHDRAWN:
        return f"It was due on {due}, and was withdrawn."
    if position.status in rules.CLAIMED:
        claimed_on = rules.london_day(position.heard_at)
        submitted = f"Due on {due}. The claim was submitted on {wording.day(claimed_on)}"
        if not position.is_late:
            return f"{submitted}, on time."
        late = f"{wording.count(position.days_late, 'day')} late"
        first_at = position.first_claimed_at
        if first_at is None or first_at == position.heard_at:
            return f"{submitted}, {late}."
        first_on = wording.day(rules.london_day(first_at))
        return f"{submitted}, and the first claim on {first_on}. It is {late}."
    if position.is_overdue:
        return f"Due on {due}: {wording.count(position.days_overdue, 'day')} overdue."
    left = rules.days_until_due(position.due_on, on=position.on)
    return f"Due on {due}: {wording.count(left, 'day') + ' left' if left else 'today'}."
