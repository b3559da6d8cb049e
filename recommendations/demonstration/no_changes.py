"""Turns some updates into confirmations that nothing has changed."""

from dataclasses import replace
from datetime import date
from random import Random

from recommendations import update_rules
from recommendations.demonstration.story import (
    DueDateEvent,
    Event,
    ReviewEvent,
    UpdateEvent,
    WithdrawalEvent,
)
from recommendations.models.answers import ReportedStatus
from recommendations.rules import is_after_due, london_day

_USUAL_SHARE = 0.08
_STUCK_SHARE = 0.12  # of the assignments, which confirm whatever they can
_MAX_IN_A_ROW = 4


def repeat_answers(events: list[Event], rng: Random, *, due_on: date) -> list[Event]:
    """Return the events, in which some updates have the answers of the one before them."""
    share = 1.0 if rng.random() < _STUCK_SHARE else _USUAL_SHARE
    repeated: list[Event] = []
    before: UpdateEvent | None = None
    count = 0  # in a row
    for event in events:
        match event:
            case UpdateEvent():
                is_chosen = rng.random() < share and count < _MAX_IN_A_ROW
                if is_chosen and before and _can_repeat(before, event, due_on=due_on):
                    event = replace(before, at=event.at, by=event.by, is_no_change=True)
                    count += 1
                else:
                    count = 0
                before = event
            case DueDateEvent():
                due_on = event.to
            case ReviewEvent() | WithdrawalEvent():
                before = None
        repeated.append(event)
    return repeated


def _can_repeat(before: UpdateEvent, event: UpdateEvent, *, due_on: date) -> bool:
    """Return whether the service would accept it, and it leaves status and flags as they are."""
    if before.forecast_on is None or event.forecast_on is None:
        return False
    on = london_day(event.at)
    outlooks = {
        (update.status, update.confidence, is_after_due(due_on, on=update.forecast_on))
        for update in (before, event)
        if update.forecast_on
    }
    is_refused = update_rules.has_passed(before.forecast_on, on=on) or update_rules.contradictions(
        status=before.status,
        confidence=before.confidence,
        forecast_on=before.forecast_on,
        has_blockers=False,
        due_on=due_on,
        on=on,
    )
    return event.status != ReportedStatus.IMPLEMENTED and len(outlooks) == 1 and not is_refused
