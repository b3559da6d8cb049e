"""What had happened to an assignment by an instant, in the order it happened."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from recommendations import rules
from recommendations.dashboards.assignment import entries as tell
from recommendations.dashboards.assignment.entries import Entry
from recommendations.models import (
    Assignment,
    DueDateChange,
    Review,
    ReviewCorrection,
    Update,
    Withdrawal,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """Everything that had happened by the end of a London day, the newest first."""

    entries: tuple[Entry, ...]
    latest: Update | None = None
    returned: Review | None = None  # the answer to the latest update, where it sent it back


def story(assignment: Assignment, *, until: date, before: datetime | None = None) -> Story:
    """The story of an assignment (with its body and recommendation) up to the end of `until`.

    With `before`, up to that instant of the day.
    """
    before = before or rules.start_of_day(until + timedelta(days=1))
    updates = _updates(assignment, before)
    changes = _due_date_changes(assignment, before)
    withdrawal = _withdrawal(assignment, before)
    entries = [
        *tell.assigned(assignment, before),
        *_of_updates(assignment, updates, changes, before),
        *map(tell.moved, changes),
        *tell.asked(assignment, before),
        *tell.discussed(assignment, before),
        *tell.flagged(assignment.flag_episodes.filter(raised_on__lte=until), until),
        *([tell.withdrawn(withdrawal)] if withdrawal else []),
    ]
    entries.sort(key=lambda entry: entry.at)  # stable: of one instant, in the order of telling
    entries.reverse()
    latest = updates[-1] if updates else None
    return Story(
        entries=tuple(entries),
        latest=latest,
        returned=_returned(latest, before),
    )


def _updates(assignment: Assignment, before: datetime) -> list[Update]:
    """In order, with all that was said of them; four queries."""
    return list(
        assignment.updates.filter(submitted_at__lt=before)
        .select_related("submitted_by", "review__reviewed_by", "corrects")
        .prefetch_related("evidence", "review__corrections__corrected_by")
        .order_by("number")
    )


def _due_date_changes(assignment: Assignment, before: datetime) -> tuple[DueDateChange, ...]:
    changes = assignment.due_date_changes.filter(decided_at__lt=before)
    return tuple(changes.select_related("decided_by").order_by("number"))


def _withdrawal(assignment: Assignment, before: datetime) -> Withdrawal | None:
    withdrawals = Withdrawal.objects.filter(assignment=assignment, withdrawn_at__lt=before)
    return withdrawals.select_related("withdrawn_by").first()


def _of_updates(
    assignment: Assignment,
    updates: list[Update],
    changes: tuple[DueDateChange, ...],
    before: datetime,
) -> Iterator[Entry]:
    """The updates, their reviews and the corrections of those, kind by kind."""
    for update in updates:
        yield tell.told(update, _due_on(assignment, changes, update.submitted_at))
    reviews = [review for update in updates if (review := _review(update, before))]
    yield from map(tell.answered, reviews)
    for review in reviews:
        yield from map(tell.corrected, _corrections(review, before))


def _review(update: Update, before: datetime) -> Review | None:
    review: Review | None = getattr(update, "review", None)
    return review if review and review.reviewed_at < before else None


def _corrections(review: Review, before: datetime) -> list[ReviewCorrection]:
    return [each for each in review.corrections.all() if each.corrected_at < before]


def _returned(latest: Update | None, before: datetime) -> Review | None:
    """The review of the latest update, if the decision that stood then sent it back."""
    review = _review(latest, before) if latest else None
    if review is None:
        return None
    decisions = [review.decision, *(each.decision for each in _corrections(review, before))]
    return review if decisions[-1] == Review.Decision.RETURNED else None


def _due_on(assignment: Assignment, changes: tuple[DueDateChange, ...], at: datetime) -> date:
    """The due date in force at an instant."""
    due_on = assignment.original_due_on
    for change in changes:
        if change.decided_at <= at:
            due_on = change.to_due_on
    return due_on
