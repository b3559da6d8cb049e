"""Adds, changes and removes the dated steps of an assignment."""

from datetime import date, datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import count_revision, lock_assignment
from recommendations.models import Assignment, Step
from recommendations.models.step import MAX_STEPS
from recommendations.rules import OPEN, london_day

CHANGED = "Somebody has changed this step since you opened the page. Check it again."
CLOSED = "The recommendation is closed, so its steps cannot be changed."
FULL = f"There are already {MAX_STEPS} steps. Remove one first."
MISSING_REASON = "Enter why the step is late"
IN_THE_FUTURE = "The day it was done must be today or in the past"


def needs_reason(earlier: Step | None, *, due_on: date, done_on: date | None, on: date) -> bool:
    """Whether a step slips: its day is moved later, or it passed before the step was done."""
    if earlier is None:
        return False
    return earlier.is_passed(on=done_on or on) or due_on > earlier.due_on


@transaction.atomic
def save_step(
    *,
    assignment: Assignment,
    step: int | None,
    seen: int,
    title: str,
    due_on: date,
    done_on: date | None,
    reason: str,
    is_removed: bool = False,
    by: User,
    at: datetime,
) -> Step:
    """Add a step, or a row to one; `seen` is the number of the last row that the user saw.

    A second click returns the same row. Raises Refusal.
    """
    locked = lock_assignment(assignment.pk)
    rows = locked.steps.order_by("step", "number")
    last = rows.filter(step=step).last() if step is not None else None
    values = {
        "title": title, "due_on": due_on, "done_on": done_on, "is_removed": is_removed,
    }  # fmt: skip
    same = last or locked.steps.current().filter(title=title, due_on=due_on).first()
    if same is not None and all(getattr(same, name) == values[name] for name in values):
        return same
    if locked.status not in OPEN:
        raise Refusal(CLOSED)
    if step is None and locked.steps.current().count() >= MAX_STEPS:
        raise Refusal(FULL)
    if (last.number if last else 0) != seen or (last and (last.is_removed or at < last.changed_at)):
        raise Refusal(CHANGED)
    _refuse_dates(last, due_on=due_on, done_on=done_on, reason=reason, on=london_day(at))
    number_of_steps = rows.values("step").distinct().count()
    row = Step.objects.create(
        assignment=locked,
        step=step or number_of_steps + 1,
        number=seen + 1,
        reason=reason,
        changed_at=at,
        changed_by=by,
        **values,
    )
    audit.record(
        at=at,
        act="step removed" if is_removed else "step changed" if last else "step added",
        actor=by,
        subject=row,
        body=locked.body,
        rows=[row],
        assignment=locked.pk,
        step=row.step,
    )
    count_revision(locked.recommendation.inspection_id)
    return row


def _refuse_dates(
    earlier: Step | None, *, due_on: date, done_on: date | None, reason: str, on: date
) -> None:
    if done_on is not None and done_on > on:
        raise Refusal(f"{IN_THE_FUTURE}.")
    if not reason and needs_reason(earlier, due_on=due_on, done_on=done_on, on=on):
        raise Refusal(f"{MISSING_REASON}.")
