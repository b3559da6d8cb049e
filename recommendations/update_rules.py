"""The rules for the answers of an update: contradictions, and updates without any change.

Both the position (`UpdateState`) and new answers are arguments. `on` is a London calendar day.
"""

from datetime import date
from typing import Protocol

from django.db import models

from recommendations.rules import (
    OPEN,
    AssignmentState,
    Confidence,
    Status,
    is_after_due,
)

MANY_NO_CHANGES = 3  # updates in a row that say that nothing has changed


class Contradiction(models.TextChoices):
    """Answers of one update that are unlikely to be right together. The person is asked."""

    GREEN_OVERDUE = "green_overdue", "Confidence is green, but the due date has passed"
    GREEN_LATE_FORECAST = (
        "green_late_forecast",
        "Confidence is green, but the forecast date is after the due date",
    )
    CLAIM_WITH_BLOCKERS = (
        "claim_with_blockers",
        "The status is implemented, but there are blockers or confidence is not green",
    )


class UpdateState(AssignmentState, Protocol):
    """An assignment with what is known of its latest update."""

    @property
    def latest_update_id(self) -> int | None: ...
    @property
    def is_returned(self) -> bool: ...
    @property
    def no_change_count(self) -> int: ...


def contradictions(
    *,
    status: str,
    confidence: str,
    forecast_on: date | None,
    has_blockers: bool,
    due_on: date,
    on: date,
) -> list[Contradiction]:
    """Return what contradicts itself in answers that are submitted on this day."""
    if status == Status.IMPLEMENTED:
        is_doubtful = has_blockers or confidence in {Confidence.AMBER, Confidence.RED}
        return [Contradiction.CLAIM_WITH_BLOCKERS] if is_doubtful else []
    if confidence != Confidence.GREEN:
        return []
    if is_after_due(due_on, on=on):
        return [Contradiction.GREEN_OVERDUE]
    if forecast_on is not None and is_after_due(due_on, on=forecast_on):
        return [Contradiction.GREEN_LATE_FORECAST]
    return []


def has_passed(forecast_on: date, *, on: date) -> bool:
    """Return whether a forecast date is before this day."""
    return forecast_on < on


def has_many_no_changes(state: UpdateState) -> bool:
    """Return whether at least three updates in a row said that nothing had changed."""
    return state.status in OPEN and state.no_change_count >= MANY_NO_CHANGES
