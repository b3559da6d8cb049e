"""The statuses of one assignment one after another, from its records.

A plain form of `status` in `recommendations.positions.positions`; a test holds both equal.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from recommendations.models import Ending, Review, Withdrawal
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
    is_self_assessed: bool = False
    ending: str = ""  # an EndingKind
    superseded_by: str = ""  # is in the history

    @property
    def is_returned(self) -> bool:
        """Return False: a drawing shows the status of a returned claim."""
        return False


def status_changes(
    assigned_at: datetime,
    submissions: Sequence[Submission],
    reviews: Iterable[Review],
    withdrawal: Withdrawal | None,
    endings: Iterable[Ending] = (),
    *,
    before: datetime,
    is_department: bool = False,
) -> list[StatusChange]:
    """Return every status with the instant from which it applied, up to `before`.

    `is_department`: what its analysts accept is self-assessed until a second review.
    """
    decisions = _decisions(reviews, is_department=is_department)
    changes = [StatusChange(assigned_at, Status.NOT_STARTED)]
    ends = [*(following.at for following in submissions[1:]), before]
    for submission, until in zip(submissions, ends, strict=False):
        changes.append(StatusChange(submission.at, _reported(submission)))
        changes += [
            change._replace(at=max(change.at, submission.at))
            for change in decisions.get(submission.pk, [])
            if change.at < until
        ]
    if withdrawal is not None:
        kinds = {withdrawal.withdrawn_at: ""} | {row.recorded_at: row.kind for row in endings}
        changes += [StatusChange(at, Status.WITHDRAWN, ending=kind) for at, kind in kinds.items()]
    shown = [change for change in changes if change.at < before]
    return [
        change
        for index, change in enumerate(shown)
        if index == 0 or change[1:] != shown[index - 1][1:]
    ]


def _reported(submission: Submission) -> Status:
    return Status.EVIDENCE_SUBMITTED if submission.is_claim else Status(submission.reported)


def _decisions(reviews: Iterable[Review], *, is_department: bool) -> dict[int, list[StatusChange]]:
    """Return the decisions on each claim in order, by the key of the update."""
    found: dict[int, list[StatusChange]] = {}
    for review in reviews:
        decisions = [(review.reviewed_at, review.decision)]
        decisions += [(row.corrected_at, row.decision) for row in review.all_corrections]
        changes = [_decided(at, decision, is_department) for at, decision in decisions]
        changes += [
            StatusChange(row.reviewed_at, Status.IMPLEMENTED) for row in review.read_second_reviews
        ]
        found[review.update_id] = sorted(changes, key=lambda change: change.at)
    return found


def _decided(at: datetime, decision: str, is_department: bool) -> StatusChange:
    if decision == Review.Decision.ACCEPTED:
        return StatusChange(at, Status.IMPLEMENTED, is_self_assessed=is_department)
    return StatusChange(at, Status.IN_PROGRESS)
