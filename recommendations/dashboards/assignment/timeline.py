"""The history of an assignment: everything that had happened by an instant."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.db.models import prefetch_related_objects

from forces.models import User
from forces.names import name_writers
from forces.rows import rows, tuples
from recommendations import rules
from recommendations.dashboards.assignment import entries as build
from recommendations.dashboards.assignment.entries import Entry, FlagChange
from recommendations.dashboards.assignment.statuses import (
    StatusChange,
    Submission,
    status_changes,
)
from recommendations.dashboards.assignment.steps import StepList, step_entries, step_list
from recommendations.dashboards.assignment.update_entries import update_entry
from recommendations.dashboards.questions.questions import writers_of
from recommendations.dashboards.reviews.reviews import reviews_of, with_second_reviews
from recommendations.models import (
    Assignment,
    DueDateChange,
    DueDateRequest,
    Ending,
    Evidence,
    FlagEpisode,
    Question,
    Review,
    Step,
    Update,
    Withdrawal,
)

_SUBMISSIONS = """
    SELECT id, number, submitted_at, status FROM recommendations_update
    WHERE assignment_id = %s AND submitted_at < %s ORDER BY number
"""


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
    steps: StepList

    @property
    def latest(self) -> Submission | None:
        return self.submissions[-1] if self.submissions else None


def timeline_of(assignment: Assignment, *, until: date, before: datetime | None = None) -> Timeline:
    """The history up to the end of the London day `until`, or up to the instant `before`.

    The assignment is selected with its body and recommendation. Up to 15 queries, of which a
    history with only updates needs 5.
    """
    before = before or rules.start_of_day(until + timedelta(days=1))
    submissions = _submissions(assignment, before)
    reviews = _reviews(assignment, submissions, before)
    changes = _due_date_changes(assignment, before)
    withdrawal = _withdrawal(assignment, before)
    endings = _endings(withdrawal, before)
    requests = _requests(assignment, before)
    questions = _questions(assignment, before)
    steps = _steps(assignment, before)
    _name_writers(changes, requests, questions, withdrawal, endings)
    condition = "assignment_id = %s AND raised_on <= %s ORDER BY raised_on, own.id"
    episodes = rows(FlagEpisode, condition, assignment.pk, until)
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
        *step_entries(steps, today=until),
        *(build.withdrawal_entries(withdrawal, endings, assignment) if withdrawal else []),
    ]
    latest = submissions[-1] if submissions else None
    returns = [r for r in reviews if r.decision_at(before) == Review.Decision.RETURNED]
    return Timeline(
        until=until,
        moments=_moments(entries, submissions[:-1]),
        submissions=submissions,
        statuses=status_changes(
            assignment.assigned_at,
            submissions,
            reviews,
            withdrawal,
            endings,
            before=before,
            is_department=assignment.body.reviews_claims,
        ),
        due_changes=changes,
        episodes=episodes,
        flag_changes=build.flag_changes(episodes, until),
        returned=next((r for r in returns if latest and r.update_id == latest.pk), None),
        returned_at=tuple(review.reviewed_at for review in returns),
        open_request=next((r for r in requests if not hasattr(r, "decision")), None),
        open_questions=sum(q.is_open_after(list(q.replies.all())) for q in questions),
        steps=step_list(steps, on=until),
    )


def _name_writers(
    changes: Iterable[DueDateChange],
    requests: Iterable[DueDateRequest],
    questions: list[Question],
    withdrawal: Withdrawal | None,
    endings: Iterable[Ending],
) -> None:
    name_writers(
        [
            *((change, "decided_by", "decided_at") for change in changes),
            *((request, "asked_by", "asked_at") for request in requests),
            *((r.decision, "decided_by", "decided_at") for r in requests if hasattr(r, "decision")),
            *writers_of(questions),
            *([(withdrawal, "withdrawn_by", "withdrawn_at")] if withdrawal else []),
            *((ending, "recorded_by", "recorded_at") for ending in endings),
        ]
    )


def entries_of(
    assignment: Assignment, timeline: Timeline, moments: list[Moment]
) -> tuple[Entry | None, list[Entry]]:
    """Return the latest update and these moments as entries; up to 3 queries."""
    shown = [moment.submission.pk for moment in moments if moment.submission]
    latest = timeline.latest
    keys = [*shown, *([latest.pk] if latest else [])]
    found = rows(Update, "own.id = ANY(%s)", keys, related=("submitted_by",))
    _add_approvers(found)
    people = ("submitted_by", "approved_by")
    name_writers([(update, person, "submitted_at") for update in found for person in people])
    updates = {update.pk: update for update in found}
    files = _files(update.pk for update in updates.values() if update.evidence_count)
    submissions: dict[int | None, Submission] = {item.pk: item for item in timeline.submissions}
    claimed_at = [item.at for item in timeline.submissions if item.is_claim]

    def of(submission: Submission) -> Entry:
        update = updates[submission.pk]
        return update_entry(
            update,
            _due_on(assignment, timeline.due_changes, submission.at),
            corrects=submissions.get(update.corrects_id),
            confirms=submissions.get(update.confirms_id),
            files=tuple(files[submission.pk]),
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


def _add_approvers(updates: list[Update]) -> None:
    """Read the chief officers who approved these updates; 1 query, or none."""
    if keys := {update.approved_by_id for update in updates if update.approved_by_id}:
        people = User.objects.in_bulk(keys)
        for update in updates:
            update.approved_by = people.get(update.approved_by_id)


def _files(update_ids: Iterable[int]) -> dict[int | None, list[Evidence]]:
    """Return the files of these updates by the key of the update; 1 query, or none."""
    found: dict[int | None, list[Evidence]] = defaultdict(list)
    if keys := list(update_ids):
        for file in rows(Evidence, "update_id = ANY(%s) ORDER BY uploaded_at, id", keys):
            found[file.update_id].append(file)
    return found


def _moments(entries: list[Entry], submissions: tuple[Submission, ...]) -> tuple[Moment, ...]:
    """Return entries and submissions together, newest first."""
    moments = [Moment(entry.at, entry=entry) for entry in entries]
    moments += [Moment(item.at, submission=item) for item in submissions]
    return tuple(sorted(moments, key=lambda moment: moment.at, reverse=True))


def _submissions(assignment: Assignment, before: datetime) -> tuple[Submission, ...]:
    """Return the updates in order, without their answers."""
    return tuple(map(Submission._make, tuples(_SUBMISSIONS, assignment.pk, before)))


def _reviews(
    assignment: Assignment, submissions: tuple[Submission, ...], before: datetime
) -> list[Review]:
    """The reviews in order, with their corrections; up to 2 queries, none without a claim."""
    if not any(item.is_claim for item in submissions):
        return []
    reviews = [review for review in reviews_of(assignment.pk) if review.reviewed_at < before]
    return with_second_reviews(reviews) if assignment.body.reviews_claims else reviews


def _due_date_changes(assignment: Assignment, before: datetime) -> tuple[DueDateChange, ...]:
    if not assignment.due_date_changes_count:
        return ()
    changes = assignment.due_date_changes.filter(decided_at__lt=before)
    return tuple(changes.select_related("decided_by").order_by("number"))


def _steps(assignment: Assignment, before: datetime) -> list[Step]:
    """The rows of the steps in the order of their changes; 1 query."""
    condition = "assignment_id = %s AND changed_at < %s ORDER BY changed_at, own.id"
    return rows(Step, condition, assignment.pk, before, related=("changed_by",))


def _withdrawal(assignment: Assignment, before: datetime) -> Withdrawal | None:
    if assignment.status != rules.Status.WITHDRAWN:
        return None
    withdrawals = Withdrawal.objects.filter(assignment=assignment, withdrawn_at__lt=before)
    return withdrawals.select_related("withdrawn_by").first()


def _endings(withdrawal: Withdrawal | None, before: datetime) -> list[Ending]:
    """The kinds of the withdrawal in order; 1 query, none without one."""
    if withdrawal is None:
        return []
    endings = withdrawal.endings.filter(recorded_at__lt=before)
    return list(endings.select_related("superseded_by__inspection", "recorded_by"))


def _requests(assignment: Assignment, before: datetime) -> list[DueDateRequest]:
    condition = "own.assignment_id = %s AND own.asked_at < %s ORDER BY own.number"
    requests = rows(DueDateRequest, condition, assignment.pk, before, related=("asked_by",))
    prefetch_related_objects(requests, "decision__decided_by")
    return requests


def _questions(assignment: Assignment, before: datetime) -> list[Question]:
    condition = "own.assignment_id = %s AND own.asked_at < %s ORDER BY own.number"
    questions = rows(Question, condition, assignment.pk, before, related=("asked_by",))
    prefetch_related_objects(questions, "replies__replied_by")
    return questions


def _due_on(assignment: Assignment, changes: tuple[DueDateChange, ...], at: datetime) -> date:
    """The due date in force at an instant."""
    due_on = assignment.original_due_on
    for change in changes:
        if change.decided_at <= at:
            due_on = change.to_due_on
    return due_on
