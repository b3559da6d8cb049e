"""The rules for late claims and late reviews.

Each rule is written once, as in `rules.py`: how late a claim is counts calendar days from the due
date to the first claim, how late a review is counts working days.
"""

from datetime import date, datetime, timedelta
from typing import Protocol

from django.db.models import Q

from recommendations.rules import (
    CLAIMED,
    AssignmentState,
    Status,
    days_after_due,
    is_after_due,
    london_day,
    start_of_day,
)
from recommendations.working_days import working_days_after, working_days_between

REVIEW_WORKING_DAYS = 10


class ClaimState(AssignmentState, Protocol):
    """The same with the first claim that was made on the assignment, if there is one."""

    @property
    def first_claimed_at(self) -> datetime | None: ...


def is_late_claim(*, claimed_at: datetime, due_on: date) -> bool:
    """Return whether a claim was submitted after the due date."""
    return is_after_due(due_on, on=london_day(claimed_at))


def is_late(state: AssignmentState) -> bool:
    """Return whether the waiting or accepted claim was submitted after the due date."""
    return state.status in CLAIMED and is_late_claim(claimed_at=state.heard_at, due_on=state.due_on)


def claim_days_late(*, claimed_at: datetime, first_claimed_at: datetime, due_on: date) -> int:
    """Return the whole days from the due date to the first claim, or 0 if this one is on time.

    If the first claim was on time and this one is not, the days are counted to this one.
    """
    days = (days_after_due(due_on, on=london_day(at)) for at in (first_claimed_at, claimed_at))
    return next((count for count in days if count > 0), 0)


def days_late(state: ClaimState) -> int:
    """Return how many days late the waiting or accepted claim is, from the first claim."""
    if state.status not in CLAIMED:
        return 0
    first = state.first_claimed_at or state.heard_at
    return claim_days_late(claimed_at=state.heard_at, first_claimed_at=first, due_on=state.due_on)


def review_due_on(*, claimed_at: datetime) -> date:
    """Return the last day on which a review of the claim is on time: ten working days later."""
    return working_days_after(london_day(claimed_at), REVIEW_WORKING_DAYS)


def is_late_review(*, claimed_at: datetime, on: date) -> bool:
    """Return whether a review on this day is more than ten working days after its claim."""
    return on > review_due_on(claimed_at=claimed_at)


def review_days_late(*, claimed_at: datetime, on: date) -> int:
    """Return the working days since the last day on which a review was on time, or 0."""
    return working_days_between(review_due_on(claimed_at=claimed_at), on)


def has_late_review(state: AssignmentState, *, on: date) -> bool:
    """Return whether a claim has been waiting for review for more than ten working days."""
    is_waiting = state.status == Status.EVIDENCE_SUBMITTED
    return is_waiting and is_late_review(claimed_at=state.heard_at, on=on)


def late_review(*, on: date) -> Q:
    """Return the condition for assignments for which `has_late_review` is true."""
    claimed_on = on
    while working_days_after(claimed_on, REVIEW_WORKING_DAYS) >= on:
        claimed_on -= timedelta(days=1)
    return Q(
        status=Status.EVIDENCE_SUBMITTED,
        heard_at__lt=start_of_day(claimed_on + timedelta(days=1)),
    )
