"""Moves what an organisation that ends has open to its successor.

What it has implemented stays with it, and so does a claim until it is reviewed: a job moves the
assignment if it is returned. So each is counted once.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from django.db import models

from forces import audit
from forces.models import Body, User
from recommendations.actions.change import changing_all, lock
from recommendations.actions.request_approval import close_request, locked_draft_of
from recommendations.models import (
    ApprovalDecision,
    Assignment,
    Draft,
    DueDateChange,
    DueDateDecision,
    DueDateRequest,
    Ending,
    Step,
    Update,
    Withdrawal,
)
from recommendations.models.answers import ANSWERS
from recommendations.positions import positions
from recommendations.positions.flag_episodes import settle
from recommendations.rules import OPEN, Confidence, EndingKind, Status, london_day


@dataclass(frozen=True, kw_only=True)
class AssignmentsToMove:
    """What becomes of the assignments of an organisation that ends, by recommendation."""

    moving: list[Assignment]  # begin for the successor
    merging: list[tuple[Assignment, Assignment]]  # with the one that the successor has and keeps
    waiting: list[Assignment]  # claims that wait for review
    implemented: list[Assignment]

    @property
    def ending(self) -> list[Assignment]:
        return self.moving + [assignment for assignment, _ in self.merging]


def assignments_to_move(body: Body, successor: Body | None) -> AssignmentsToMove:
    """Return what would move now; 2 queries. Without a successor, `moving` would end."""
    rows = Assignment.objects.filter(body=body).select_related("recommendation__inspection")
    assignments = list(rows.order_by("recommendation__inspection", *_ORDER))
    of_successor = Assignment.objects.filter(body=successor) if successor else ()
    present = {row.recommendation_id: row for row in of_successor}
    open_ones = [row for row in assignments if row.status in OPEN]
    return AssignmentsToMove(
        moving=[row for row in open_ones if row.recommendation_id not in present],
        merging=[
            (row, present[row.recommendation_id])
            for row in open_ones
            if row.recommendation_id in present
        ],
        waiting=[row for row in assignments if row.is_waiting_for_review],
        implemented=[row for row in assignments if row.status == Status.IMPLEMENTED],
    )


_ORDER = ("recommendation__number", "recommendation__part")


def lock_to_move(body: Body, successor: Body | None) -> None:
    """Lock what `move_assignments` changes, before the first event locks the audit chain."""
    found = assignments_to_move(body, successor)
    lock([*(row.pk for row in found.ending), *(own.pk for _, own in found.merging)])
    drafts = Draft.objects.filter(assignment__in=found.ending).order_by("assignment")
    list(drafts.select_for_update(of=("self",)).values_list("pk", flat=True))


def move_assignments(
    body: Body, *, successor: Body | None, reason: str, by: User, at: datetime
) -> int:
    """End the open assignments, and begin those of the successor; return how many ended.

    The caller's transaction has locked both organisations.
    """
    found = assignments_to_move(body, successor)
    if not found.ending:
        return 0
    kept = [row.pk for _, row in found.merging]
    with changing_all([*(row.pk for row in found.ending), *kept], at=at, because="moved") as locked:
        former = [locked[row.pk] for row in found.ending if locked[row.pk].status in OPEN]
        by_recommendation = {locked[key].recommendation_id: locked[key] for key in kept}
        if successor is not None:
            by_recommendation |= _begin(former, successor, except_for=by_recommendation, at=at)
        begun = [row for row in by_recommendation.values() if row.pk not in locked]
        events = [
            _move(row, by_recommendation.get(row.recommendation_id), reason, begun, by=by, at=at)
            for row in former
        ]
        audit.record_all(events)
        if own := [row.pk for row in begun]:
            positions.refresh(own)
            settle(Assignment.objects.filter(pk__in=own), on=london_day(at), because="moved")
    return len(former)


def _begin(
    former: Iterable[Assignment],
    successor: Body,
    *,
    except_for: dict[int, Assignment],
    at: datetime,
) -> dict[int, Assignment]:
    rows = [
        Assignment(
            recommendation=row.recommendation,
            body=successor,
            is_lead=False,
            assigned_at=at,
            original_due_on=row.original_due_on,
            due_on=row.due_on,
            heard_at=at,
            changed_at=at,
        )
        for row in former
        if row.recommendation_id not in except_for
    ]
    return {row.recommendation_id: row for row in Assignment.objects.bulk_create(rows)}


def _move(
    former: Assignment,
    successor: Assignment | None,
    reason: str,
    begun: list[Assignment],
    *,
    by: User,
    at: datetime,
) -> audit.NewEvent:
    """End one assignment, and give what is open of it to the successor's; return the event."""
    withdrawal = Withdrawal.objects.create(
        assignment=former, reason=reason, withdrawn_at=at, withdrawn_by=by
    )
    ending = Ending.objects.create(
        withdrawal=withdrawal,
        number=1,
        kind=EndingKind.MOVED if successor else EndingKind.NO_FURTHER_ACTION,
        recorded_at=at,
        recorded_by=by,
    )
    rows: list[models.Model] = [withdrawal, ending]
    is_new = successor in begun
    if successor is not None and is_new:
        rows += [successor, *_due_date(former, successor, by=by, at=at)]
        rows += [*_answers(former, successor, by=by, at=at), *_steps(former, successor, at=at)]
    _move_draft(former, successor, at=at)
    rows += _request(former, successor if is_new else None, by=by, at=at)
    return audit.NewEvent(
        at=at,
        act="assignment moved" if successor else "assignment withdrawn",
        actor=by,
        subject=former,
        body=former.body,
        rows=rows,
        details={
            "kind": ending.kind,
            "to": successor.body.name if successor else "",
            "has_own": successor is not None and not is_new,
        },
    )


def _due_date(
    former: Assignment, successor: Assignment, *, by: User, at: datetime
) -> list[DueDateChange]:
    """Give it the due date that was agreed last."""
    if former.due_on == former.original_due_on:
        return []
    return [
        DueDateChange.objects.create(
            assignment=successor,
            number=1,
            from_due_on=former.original_due_on,
            to_due_on=former.due_on,
            reason=f"Agreed with {former.body.name} before it ended.",
            decided_at=at,
            decided_by=by,
        )
    ]


def _answers(former: Assignment, successor: Assignment, *, by: User, at: datetime) -> list[Update]:
    """Let the first update have the latest answers that are no claim.

    After a returned claim it is in progress. If nothing was reported before the claim, the due date
    is the forecast, because the claim has none.
    """
    reported = former.updates.filter(status__in=OPEN).order_by("number").last()
    latest = former.updates.order_by("number").last()
    if latest is None:
        return []
    answers = {name: getattr(reported or latest, name) for name in ANSWERS}
    answers |= {"status": former.status, "signed_off_by": ""}
    if reported is None:
        answers |= {"confidence": Confidence.AMBER, "forecast_on": former.due_on}
    account = f"Reported by {former.body.name}, which has ended: {latest.account}"
    update = Update(
        assignment=successor,
        number=1,
        token=uuid4(),
        submitted_at=at,
        submitted_by=by,
        **answers | {"account": account},
    )
    update.save(force_insert=True)
    return [update]


def _steps(former: Assignment, successor: Assignment, *, at: datetime) -> list[Step]:
    """Move the steps that are not done. Done ones stay with the organisation that took them."""
    return [
        Step.objects.create(
            assignment=successor,
            step=number,
            number=1,
            title=step.title,
            due_on=step.due_on,
            is_removed=False,
            changed_at=at,
            changed_by_id=step.changed_by_id,
        )
        for number, step in enumerate(former.steps.current().filter(done_on=None), start=1)
    ]


def _move_draft(former: Assignment, successor: Assignment | None, *, at: datetime) -> None:
    """Move the draft, unless the successor has one, or cannot submit it."""
    draft = locked_draft_of(former)
    if draft is None:
        return
    if draft.is_waiting_for_approval:
        outcome = ApprovalDecision.Outcome.DELETED
        close_request(draft, former, outcome=outcome, by=None, at=at)
    if successor is None or successor.status not in OPEN:
        return
    if not Draft.objects.filter(assignment=successor).exists():
        Draft.objects.filter(pk=draft.pk).update(assignment=successor, corrects=None)


def _request(
    former: Assignment, successor: Assignment | None, *, by: User, at: datetime
) -> list[models.Model]:
    """Close an open request for more time, and repeat it for a new assignment."""
    request = former.due_date_requests.filter(decision=None).first()
    if request is None:
        return []
    rows: list[models.Model] = [
        DueDateDecision.objects.create(
            request=request,
            outcome=DueDateDecision.Outcome.TAKEN_BACK,
            words=f"{former.body.name} has ended.",
            decided_at=at,
            decided_by=by,
        )
    ]
    if successor is not None and request.asked_due_on > former.due_on:
        repeated = DueDateRequest.objects.create(
            assignment=successor,
            number=1,
            due_on=former.due_on,
            asked_due_on=request.asked_due_on,
            reason=request.reason,
            asked_at=at,
            asked_by_id=request.asked_by_id,
        )
        rows.append(repeated)
    return rows
