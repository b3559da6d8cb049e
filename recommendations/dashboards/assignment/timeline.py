"""The history of an assignment: everything that had happened by an instant."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from recommendations import rules
from recommendations.dashboards.assignment import entries as build
from recommendations.dashboards.assignment.entries import Entry, FlagChange
from recommendations.dashboards.assignment.statuses import (
    StatusChange,
    Submission,
    status_changes,
)
from recommendations.models import (
    Assignment,
    DueDateChange,
    DueDateRequest,
    FlagEpisode,
    Question,
    Review,
    Update,
    Withdrawal,
)


class Moment(NamedTuple):
    """An event of the history; an update without its answers, which are read if it is shown."""

    at: datetime
    entry: Entry | None = None
    submission: Submission | None = None


@dataclass(frozen=True, kw_only=True)
class Timeline:
    """Everything that had happened by an instant."""

    until: date
    moments: tuple[Moment, ...]  # newest first, without the latest update
    submissions: tuple[Submission, ...]  # in order
    statuses: list[StatusChange]
    due_changes: tuple[DueDateChange, ...]  # in order
    episodes: list[FlagEpisode]
    flag_changes: list[FlagChange]
    returned: Review | None  # the review of the latest update, if it returned the claim
    returned_at: tuple[datetime, ...]
    open_request: DueDateRequest | None
    open_questions: int

    @property
    def latest(self) -> Submission | None:
        return self.submissions[-1] if self.submissions else None


def timeline_of(assignment: Assignment, *, until: date, before: datetime | None = None) -> Timeline:
    """The history up to the end of the London day `until`, or up to the instant `before`.

    The assignment is selected with its body and recommendation. Up to 9 queries.
    """
    before = before or rules.start_of_day(until + timedelta(days=1))
    submissions = _submissions(assignment, before)
    reviews = _reviews(assignment, submissions, before)
    changes = _due_date_changes(assignment, before)
    withdrawal = _withdrawal(assignment, before)
    requests = _requests(assignment, before)
    questions = _questions(assignment, before)
    episodes = list(assignment.flag_episodes.filter(raised_on__lte=until))
    entries = [
        *(
            [build.assigned_entry(assignment, today=until)]
            if assignment.assigned_at < before
            else []
        ),
        *(build.due_date_entry(change, today=until) for change in changes),
        *build.extension_entries(requests, before, today=until),
        *build.question_entries(questions, before),
        *(entry for review in reviews for entry in build.review_entries(review, before)),
        *([build.withdrawal_entry(withdrawal)] if withdrawal else []),
    ]
    latest = submissions[-1] if submissions else None
    returns = [r for r in reviews if r.decision_at(before) == Review.Decision.RETURNED]
    return Timeline(
        until=until,
        moments=_moments(entries, submissions[:-1]),
        submissions=submissions,
        statuses=status_changes(
            assignment.assigned_at, submissions, reviews, withdrawal, before=before
        ),
        due_changes=changes,
        episodes=episodes,
        flag_changes=build.flag_changes(episodes, until),
        returned=next((r for r in returns if latest and r.update_id == latest.pk), None),
        returned_at=tuple(review.reviewed_at for review in returns),
        open_request=next((r for r in requests if not hasattr(r, "decision")), None),
        open_questions=sum(q.is_open_after(list(q.replies.all())) for q in questions),
    )


def entries_of(
    assignment: Assignment, timeline: Timeline, moments: list[Moment]
) -> tuple[Entry | None, list[Entry]]:
    """Return the latest update and these moments as entries; 2 queries."""
    shown = [moment.submission.pk for moment in moments if moment.submission]
    latest = timeline.latest
    keys = [*shown, *([latest.pk] if latest else [])]
    updates = {
        update.pk: update
        for update in Update.objects.filter(pk__in=keys)
        .select_related("submitted_by", "corrects", "confirms")
        .prefetch_related("evidence")
    }
    claimed_at = [item.at for item in timeline.submissions if item.is_claim]

    def of(submission: Submission) -> Entry:
        return build.update_entry(
            updates[submission.pk],
            _due_on(assignment, timeline.due_changes, submission.at),
            first_claimed_at=min(claimed_at, default=submission.at),
            today=timeline.until,
        )

    entries = []
    for moment in moments:
        if moment.submission:
            entries.append(of(moment.submission))
        elif moment.entry:
            entries.append(moment.entry)
    return of(latest) if latest else None, entries


def _moments(entries: list[Entry], submissions: tuple[Submission, ...]) -> tuple[Moment, ...]:
    """Return entries and submissions together, newest first."""
    moments = [Moment(entry.at, entry=entry) for entry in entries]
    moments += [Moment(item.at, submission=item) for item in submissions]
    return tuple(sorted(moments, key=lambda moment: moment.at, reverse=True))


def _submissions(assignment: Assignment, before: datetime) -> tuple[Submission, ...]:
    """Return the updates in order, without their answers."""
    updates = assignment.updates.filter(submitted_at__lt=before).order_by("number")
    rows = updates.values_list("pk", "number", "submitted_at", "status")
    return tuple(Submission(*row) for row in rows)


def _reviews(
    assignment: Assignment, submissions: tuple[Submission, ...], before: datetime
) -> list[Review]:
    """The reviews in order, with their corrections; up to three queries, none without a claim."""
    if not any(item.is_claim for item in submissions):
        return []
    reviews = Review.objects.filter(update__assignment=assignment, reviewed_at__lt=before)
    return list(
        reviews.select_related("reviewed_by")
        .prefetch_related("corrections__corrected_by")
        .order_by("reviewed_at")
    )


def _due_date_changes(assignment: Assignment, before: datetime) -> tuple[DueDateChange, ...]:
    if not assignment.due_date_changes_count:
        return ()
    changes = assignment.due_date_changes.filter(decided_at__lt=before)
    return tuple(changes.select_related("decided_by").order_by("number"))


def _withdrawal(assignment: Assignment, before: datetime) -> Withdrawal | None:
    if assignment.status != rules.Status.WITHDRAWN:
        return None
    withdrawals = Withdrawal.objects.filter(assignment=assignment, withdrawn_at__lt=before)
    return withdrawals.select_related("withdrawn_by").first()


def _requests(assignment: Assignment, before: datetime) -> list[DueDateRequest]:
    requests = assignment.due_date_requests.filter(asked_at__lt=before)
    related = requests.prefetch_related("asked_by", "decision__decided_by")  # there are few
    return list(related.order_by("number"))


def _questions(assignment: Assignment, before: datetime) -> list[Question]:
    questions = assignment.questions.filter(asked_at__lt=before)
    return list(questions.prefetch_related("asked_by", "replies__replied_by"))


def _due_on(assignment: Assignment, changes: tuple[DueDateChange, ...], at: datetime) -> date:
    """The due date in force at an instant."""
    due_on = assignment.original_due_on
    for change in changes:
        if change.decided_at <= at:
            due_on = change.to_due_on
    return due_on
