"""Writes histories as the rows that the actions would have written, in bulk."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

from django.db import models

from forces.models import AuditEvent
from recommendations.demonstration.copy_rows import copy_rows, reserve_ids
from recommendations.demonstration.events import (
    DueDateEvent,
    Event,
    ReviewEvent,
    UpdateEvent,
    WithdrawalEvent,
)
from recommendations.demonstration.history import ReplayedState, flag_episodes, replay
from recommendations.demonstration.story import Plan
from recommendations.demonstration.update_details import (
    blocker_causes,
    detail_rng,
    evidence_rows,
    return_causes,
    signatory,
)
from recommendations.models import (
    Assignment,
    DueDateChange,
    Evidence,
    FlagEpisode,
    Review,
    Update,
    Withdrawal,
)
from recommendations.models.answers import ReportedStatus

Row = dict[str, Any]  # values by column name


@dataclass(frozen=True)
class AssignmentHistory:
    """One assignment and its events in order."""

    assignment: Assignment
    plan: Plan
    events: list[Event]
    rng: Random

    @cached_property
    def states(self) -> list[ReplayedState]:
        return replay(
            assigned_at=self.assignment.assigned_at,
            due_on=self.assignment.original_due_on,
            events=self.events,
        )


def write_histories(histories: list[AssignmentHistory], *, until: date) -> dict[str, int]:
    """Write all rows; return how many there are of each kind."""
    rows = _RowsByModel(histories)
    for history in histories:
        rows.add(history)
        rows[FlagEpisode].extend(
            {"assignment_id": history.assignment.pk, **episode}
            for episode in flag_episodes(history.states, until=until)
        )
    rows[AuditEvent].sort(key=lambda row: row["at"])  # its trigger chains them in this order
    kinds = {
        "Updates": Update,
        "Evidence": Evidence,
        "Reviews": Review,
        "Due date changes": DueDateChange,
        "Withdrawals": Withdrawal,
        "Flag episodes": FlagEpisode,
    }
    for model in (*kinds.values(), AuditEvent):
        copy_rows(model, rows[model])
    return {kind: len(rows[model]) for kind, model in kinds.items()}


class _RowsByModel(defaultdict[type[models.Model], list[Row]]):
    """The rows of each table, and the audit events that go with them."""

    def __init__(self, histories: list[AssignmentHistory]) -> None:
        super().__init__(list)
        kinds = [type(event) for history in histories for event in history.events]
        self._update_ids = iter(reserve_ids(Update, kinds.count(UpdateEvent)))
        self._review_ids = iter(reserve_ids(Review, kinds.count(ReviewEvent)))

    def add(self, history: AssignmentHistory) -> None:
        assignment = history.assignment
        due_on, number, changes_count = assignment.original_due_on, 0, 0
        update: Row = {}
        for event in history.events:
            match event:
                case UpdateEvent():
                    number += 1
                    update = self._add_update(event, history, number=number)
                case ReviewEvent():
                    self._add_review(event, assignment, update)
                case DueDateEvent():
                    changes_count += 1
                    self[DueDateChange].append(
                        {
                            "assignment_id": assignment.pk,
                            "number": changes_count,
                            "from_due_on": due_on,
                            "to_due_on": event.to,
                            "reason": event.reason,
                            "decided_at": event.at,
                            "decided_by_id": event.by.pk,
                        }
                    )
                    due_on = event.to
                    self._audit(event, assignment, to=event.to.isoformat())
                case WithdrawalEvent():
                    self[Withdrawal].append(
                        {
                            "assignment_id": assignment.pk,
                            "reason": event.reason,
                            "withdrawn_at": event.at,
                            "withdrawn_by_id": event.by.pk,
                        }
                    )
                    self._audit(event, assignment, act="assignment withdrawn")

    def _add_update(self, event: UpdateEvent, history: AssignmentHistory, *, number: int) -> Row:
        assignment, key = history.assignment, next(self._update_ids)
        token = UUID(int=history.rng.getrandbits(128), version=4)
        is_claim = event.status == ReportedStatus.IMPLEMENTED
        evidence = _evidence(event, assignment, key, token) if is_claim else []
        rng = detail_rng(token)
        row = {
            "id": key,
            "assignment_id": assignment.pk,
            "number": number,
            "token": token,
            "signed_off_by": signatory(rng, is_force=assignment.body.is_force),
            "blocker_causes": blocker_causes(rng) if event.blockers else [],
            "submitted_at": event.at,
            "submitted_by_id": event.by.pk,
            "status": event.status,
            "confidence": event.confidence,
            "account": event.account,
            "next_steps": event.next_steps,
            "blockers": event.blockers,
            "forecast_on": event.forecast_on,
            "evidence_count": len(evidence),
        }
        self[Update].append(row)
        self[Evidence] += evidence
        self._audit(
            event,
            assignment,
            act="claim submitted" if is_claim else event.cause,
            subject=("update", key),
            assignment=assignment.pk,
            number=number,
            status=event.status,
        )
        return row

    def _add_review(self, event: ReviewEvent, assignment: Assignment, claim: Row) -> None:
        key = next(self._review_ids)
        is_return = event.decision == Review.Decision.RETURNED
        self[Review].append(
            {
                "id": key,
                "update_id": claim["id"],
                "decision": event.decision,
                "causes": return_causes(detail_rng(claim["token"])) if is_return else [],
                "reason": event.reason,
                "reviewed_at": event.at,
                "reviewed_by_id": event.by.pk,
            }
        )
        self._audit(
            event,
            assignment,
            subject=("review", key),
            assignment=assignment.pk,
            update=claim["number"],
        )

    def _audit(
        self,
        event: Event,
        about: Assignment,
        /,
        *,
        act: str = "",
        subject: tuple[str, int] | None = None,
        **details: Any,
    ) -> None:
        """Add the event that the action would have recorded. The database sets its hash."""
        subject_type, subject_id = subject or ("assignment", about.pk)
        self[AuditEvent].append(
            {
                "at": event.at,
                "act": act or event.cause,
                "actor_id": event.by.pk,
                "body_id": about.body_id,
                "subject_type": subject_type,
                "subject_id": subject_id,
                "details": details,
            }
        )


def _evidence(event: UpdateEvent, assignment: Assignment, key: int, token: UUID) -> list[Row]:
    return evidence_rows(
        detail_rng(token),
        update_id=key,
        body=assignment.body,
        number=assignment.recommendation.number,
        at=event.at,
        by=event.by,
    )
