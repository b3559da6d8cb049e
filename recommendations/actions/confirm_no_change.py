"""Confirms the answers of the latest update: nothing has changed."""

from datetime import date, datetime
from uuid import UUID, uuid5

from forces.models import User
from forces.refusal import Refusal
from recommendations import rules, update_rules, wording
from recommendations.actions.change import changing
from recommendations.actions.drafts import HAS_DRAFT, refuse_if_closed
from recommendations.actions.submit_update import record_update
from recommendations.models import Assignment, Draft, Update
from recommendations.models.answers import ANSWERS
from recommendations.update_rules import Contradiction, UpdateState

_TOKEN_NAMESPACE = UUID("0f6f3f0c-41c2-4a5b-9d0f-5f5a2f0e8d51")
_ADVICE = {
    Contradiction.GREEN_OVERDUE: "Your confidence is green, but the due date has passed. "
    "Send an update and check your confidence.",
    Contradiction.GREEN_LATE_FORECAST: "Your confidence is green, but your forecast date is after "
    "the due date. Send an update and check both.",
}


def no_change_error(state: UpdateState, *, on: date) -> str:
    """Return why the latest answers cannot be confirmed on a London day, and what to do instead.

    Returns "" if they can be confirmed. The answers of a returned claim cannot, nor can a forecast
    that has passed, nor answers that contradict each other.
    """
    if state.status not in rules.OPEN:
        return "This recommendation is waiting for review or closed, so nothing is needed now."
    if state.latest_update_id is None:
        return "Nothing has been reported yet. Send the first update."
    if state.is_returned:
        return "Your claim was returned. Read the reason and send a new update."
    if state.forecast_on is not None and update_rules.has_passed(state.forecast_on, on=on):
        forecast = wording.day(state.forecast_on)
        return f"Your forecast of {forecast} has passed. Send an update with a new forecast date."
    found = update_rules.contradictions(
        status=state.status,
        confidence=state.confidence,
        forecast_on=state.forecast_on,
        has_blockers=False,
        due_on=state.due_on,
        on=on,
    )
    return _ADVICE[found[0]] if found else ""


def confirm_no_change(
    *, assignment: Assignment, latest_update_id: int, by: User, at: datetime
) -> Update:
    """Submit an update with the answers of the latest one, which the user has read.

    Confirming it twice returns the same update. Raises Refusal if there is a newer update or a
    draft, or if `no_change_error` says why not.
    """
    token = uuid5(_TOKEN_NAMESPACE, str(latest_update_id))
    try:
        return _confirmed(assignment, token) or _confirm(
            assignment, latest_update_id, token, by=by, at=at
        )
    except Refusal:
        if update := _confirmed(assignment, token):  # the other of two clicks was faster
            return update
        raise


def _confirmed(assignment: Assignment, token: UUID) -> Update | None:
    """Return the update with this token; the token of another assignment's update finds nothing."""
    return assignment.updates.filter(token=token).first()


def _confirm(
    assignment: Assignment, latest_update_id: int, token: UUID, *, by: User, at: datetime
) -> Update:
    with changing(assignment.pk, at=at, because="update submitted") as locked:
        refuse_if_closed(locked)
        if locked.latest_update_id != latest_update_id:
            raise Refusal("There is a newer update. Read it before you confirm that it is right.")
        if error := no_change_error(locked, on=rules.london_day(at)):
            raise Refusal(error)
        if Draft.objects.filter(assignment=locked).exists():
            raise Refusal(HAS_DRAFT)
        latest = Update.objects.get(pk=latest_update_id)
        update = Update(
            assignment=locked,
            number=latest.number + 1,
            token=token,
            submitted_at=at,
            submitted_by=by,
            confirms_id=latest.confirms_id or latest.pk,
            **{name: getattr(latest, name) for name in ANSWERS},
        )
        update.save(force_insert=True)
        record_update(update, by=by, at=at)
    return update
