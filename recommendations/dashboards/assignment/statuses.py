"""The statuses of one assignment one after another, from its records.

A plain form of `status` in `recommendations.positions.positions`; a test holds both equal.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from recommendations.models import Review, Withdrawal
from recommendations.models.answers import ReportedStatus
from recommendations.rules import Status


class Submission(NamedTuple):
    """What is needed of an update to place it: the answers are read only if it is shown."""

    pk: int
    number: int
    at: datetime
    reported: str  # a ReportedStatus

    @property
    def is_claim(self) -> bool:
        return self.reported == ReportedStatus.IMPLEMENTED


class StatusChange(NamedTuple):
    at: datetime
    status: Status


def status_changes(
    assigned_at: datetime,
    submissions: Sequence[Submission],
    reviews: Iterable[Review],
    withdrawal: Withdrawal | None,
    *,
    before: datetime,
) -> list[StatusChange]:
    """Return every status with the instant from which it applied, up to `before`."""
    decisions = _decisions(reviews)
    changes = [StatusChange(assigned_at, Status.NOT_STARTED)]
    ends = [*(following.at for following in submissions[1:]), before]
    for submission, until in zip(submissions, ends, strict=False):
        changes.append(StatusChange(submission.at, _reported(submission)))
        changes += [
            StatusChange(max(at, submission.at), status)
            for at, status in decisions.get(submission.pk, [])
            if at < until
        ]
    if withdrawal is not None:
        changes.append(StatusChange(withdrawal.withdrawn_at, Status.WITHDRAWN))
    shown = [change for change in changes if change.at < before]
    return [
        change
        for index, change in enumerate(shown)
        if index == 0 or change.status != shown[index - 1].status
    ]


def _reported(submission: Submission) -> Status:
    return Status.EVIDENCE_SUBMITTED if submission.is_claim else Status(submission.reported)


def _decisions(reviews: Iterable[Review]) -> dict[int, list[StatusChange]]:
    """Return the decisions on each claim in order, by the key of the update."""
    found: dict[int, list[StatusChange]] = {}
    for review in reviews:
        found[review.update_id] = [
            StatusChange(review.reviewed_at, _decided(review.decision)),
            *(
                StatusChange(row.corrected_at, _decided(row.decision))
                for row in review.all_corrections
            ),
        ]
    return found


def _decided(decision: str) -> Status:
    is_accepted = decision == Review.Decision.ACCEPTED
    return Status.IMPLEMENTED if is_accepted else Status.IN_PROGRESS
