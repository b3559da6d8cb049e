"""The timeline of an assignment: everything that had happened by an instant."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from recommendations import rules
from recommendations.dashboards.assignment import entries as build
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
class Timeline:
    """Everything that had happened by the end of a London day, newest first."""

    entries: tuple[Entry, ...]
    latest: Update | None
    returned: Review | None  # the review of the latest update, if it returned the claim


def timeline_of(assignment: Assignment, *, until: date, before: datetime | None = None) -> Timeline:
    """The timeline up to the end of the London day `until`, or up to the instant `before`.

    The assignment is selected with its body and recommendation.
    """
    before = before or rules.start_of_day(until + timedelta(days=1))
    updates = _updates(assignment, before)
    changes = _due_date_changes(assignment, before)
    withdrawal = _withdrawal(assignment, before)
    entries = [
        *build.assigned_entries(assignment, before),
        *_update_entries(assignment, updates, changes, before),
        *map(build.due_date_entry, changes),
        *build.extension_entries(assignment, before),
        *build.question_entries(assignment, before),
        *build.flag_entries(assignment.flag_episodes.filter(raised_on__lte=until), until),
        *([build.withdrawal_entry(withdrawal)] if withdrawal else []),
    ]
    entries.sort(key=lambda entry: entry.at)  # stable: those of one instant stay in the order above
    entries.reverse()
    latest = updates[-1] if updates else None
    return Timeline(
        entries=tuple(entries), latest=latest, returned=_returned_review(latest, before)
    )


def _updates(assignment: Assignment, before: datetime) -> list[Update]:
    """In order, with their evidence, reviews and corrections; four queries."""
    return list(
        assignment.updates.filter(submitted_at__lt=before)
        .select_related("submitted_by", "review__reviewed_by", "corrects", "confirms")
        .prefetch_related("evidence", "review__corrections__corrected_by")
        .order_by("number")
    )


def _due_date_changes(assignment: Assignment, before: datetime) -> tuple[DueDateChange, ...]:
    changes = assignment.due_date_changes.filter(decided_at__lt=before)
    return tuple(changes.select_related("decided_by").order_by("number"))


def _withdrawal(assignment: Assignment, before: datetime) -> Withdrawal | None:
    withdrawals = Withdrawal.objects.filter(assignment=assignment, withdrawn_at__lt=before)
    return withdrawals.select_related("withdrawn_by").first()


def _update_entries(
    assignment: Assignment,
    updates: list[Update],
    changes: tuple[DueDateChange, ...],
    before: datetime,
) -> Iterator[Entry]:
    """The updates, their reviews and the corrections of those reviews, in this order."""
    claimed_at = [update.submitted_at for update in updates if update.is_claim]
    for update in updates:
        at = update.submitted_at
        first = min(claimed_at, default=at)
        due_on = _due_on(assignment, changes, at)
        yield build.update_entry(update, due_on, first_claimed_at=first)
    reviews = [review for update in updates if (review := _review(update, before))]
    yield from map(build.review_entry, reviews)
    for review in reviews:
        yield from map(build.correction_entry, _corrections(review, before))


def _review(update: Update, before: datetime) -> Review | None:
    review: Review | None = getattr(update, "review", None)
    return review if review and review.reviewed_at < before else None


def _corrections(review: Review, before: datetime) -> list[ReviewCorrection]:
    return [item for item in review.corrections.all() if item.corrected_at < before]


def _returned_review(latest: Update | None, before: datetime) -> Review | None:
    """The review of the latest update, if the decision in force at the time returned it."""
    review = _review(latest, before) if latest else None
    if review is None:
        return None
    corrections = _corrections(review, before)
    decision = corrections[-1].decision if corrections else review.decision
    return review if decision == Review.Decision.RETURNED else None


def _due_on(assignment: Assignment, changes: tuple[DueDateChange, ...], at: datetime) -> date:
    """The due date in force at an instant."""
    due_on = assignment.original_due_on
    for change in changes:
        if change.decided_at <= at:
            due_on = change.to_due_on
    return due_on
