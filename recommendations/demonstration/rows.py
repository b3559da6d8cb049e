"""Writes histories as the rows that the actions would have written, in bulk."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Model

from forces import audit
from recommendations import models
from recommendations.actions.withdraw_assignment import ending_details
from recommendations.demonstration.evidence import detail_rng, save_evidence
from recommendations.demonstration.history import ReplayedState, flag_episodes, replay
from recommendations.demonstration.phrases import read_data_file
from recommendations.demonstration.story import (
    DueDateEvent,
    Event,
    Plan,
    ReviewEvent,
    UpdateEvent,
    WithdrawalEvent,
)
from recommendations.models.answers import BlockerCause, ReportedStatus
from recommendations.models.review import ReturnCause
from recommendations.rules import EndingKind

KINDS: dict[str, type[Model]] = {
    "Updates": models.Update,
    "Evidence": models.Evidence,
    "Reviews": models.Review,
    "Due date changes": models.DueDateChange,
    "Withdrawals": models.Withdrawal,
    "Kinds of withdrawals": models.Ending,
    "Flag episodes": models.FlagEpisode,
}
RowsByModel = defaultdict[type[Model], list[Any]]


@dataclass(frozen=True)
class AssignmentHistory:
    """One assignment and its events in order."""

    assignment: models.Assignment
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

    @property
    def has_active_officers(self) -> bool:
        return any(officer.is_active for officer in self.plan.officers)


def write_histories(
    histories: list[AssignmentHistory], *, until: date
) -> tuple[dict[str, int], list[audit.NewEvent]]:
    """Write all rows; return how many there are of each kind, and the events to record."""
    rows: RowsByModel = defaultdict(list)
    events: list[audit.NewEvent] = []
    recommendations = {
        history.assignment.recommendation.reference: history.assignment.recommendation
        for history in histories
    }
    for history in histories:
        events += _HistoryRows(history, rows, recommendations).add_all()
        rows[models.FlagEpisode] += [
            models.FlagEpisode(assignment=history.assignment, **episode)
            for episode in flag_episodes(history.states, until=until)
        ]
    updates: list[models.Update] = rows[models.Update]
    # First those with something new, as those that confirm one, and the other rows, refer to them.
    models.Update.objects.bulk_create([update for update in updates if update.confirms is None])
    models.Update.objects.bulk_create([update for update in updates if update.confirms])
    for kind, model in KINDS.items():
        if kind != "Updates":
            model._default_manager.bulk_create(rows[model])
    return {kind: len(rows[model]) for kind, model in KINDS.items()}, events


class _HistoryRows:
    """Adds the rows of one assignment to those of its table."""

    def __init__(
        self,
        history: AssignmentHistory,
        rows: RowsByModel,
        recommendations: Mapping[str, models.Recommendation],
    ) -> None:
        self.history = history
        self.rows = rows
        self.recommendations = recommendations
        self.assignment = history.assignment
        self.due_on = history.assignment.original_due_on
        self.update = models.Update(number=0)
        self.due_date_changes_count = 0

    def add_all(self) -> Iterator[audit.NewEvent]:
        """Add a row for each event; yield the audit events that the actions would record."""
        for event in self.history.events:
            match event:
                case UpdateEvent():
                    yield self._add_update(event)
                case ReviewEvent():
                    yield self._add_review(event)
                case DueDateEvent():
                    yield self._add_due_date_change(event)
                case WithdrawalEvent():
                    yield self._add_withdrawal(event)

    def _add_update(self, event: UpdateEvent) -> audit.NewEvent:
        token = UUID(int=self.history.rng.getrandbits(128), version=4)
        rng = detail_rng(token)
        before = self.update
        self.update = update = models.Update(
            assignment=self.assignment,
            number=before.number + 1,
            token=token,
            signed_off_by=_signatory(rng, is_force=self.assignment.body.is_force),
            blocker_causes=_blocker_causes(rng) if event.blockers else [],
            submitted_at=event.at,
            submitted_by=event.by,
            status=event.status,
            confidence=event.confidence,
            account=event.account,
            next_steps=event.next_steps,
            blockers=event.blockers,
            forecast_on=event.forecast_on,
        )
        if event.is_no_change:
            update.confirms = before.confirms or before
            update.signed_off_by = before.signed_off_by
            update.blocker_causes = before.blocker_causes
        evidence = save_evidence(update) if event.status == ReportedStatus.IMPLEMENTED else []
        update.evidence_count = len(evidence)
        self.rows[models.Update].append(update)
        self.rows[models.Evidence] += evidence
        return self._audit_event(
            event,
            _act_of(update),
            subject=update,
            rows=[update, *evidence],
            details={
                "assignment": self.assignment.pk,
                "number": update.number,
                "status": update.status,
            },
        )

    def _add_review(self, event: ReviewEvent) -> audit.NewEvent:
        claim = self.update
        is_return = event.decision == models.Review.Decision.RETURNED
        review = models.Review(
            update=claim,
            decision=event.decision,
            causes=[detail_rng(claim.token).choice(ReturnCause.values[:3])] if is_return else [],
            reason=event.reason,
            reviewed_at=event.at,
            reviewed_by=event.by,
        )
        self.rows[models.Review].append(review)
        details = {"assignment": self.assignment.pk, "update": claim.number}
        return self._audit_event(event, event.cause, subject=review, rows=[review], details=details)

    def _add_due_date_change(self, event: DueDateEvent) -> audit.NewEvent:
        self.due_date_changes_count += 1
        change = models.DueDateChange(
            assignment=self.assignment,
            number=self.due_date_changes_count,
            from_due_on=self.due_on,
            to_due_on=event.to,
            reason=event.reason,
            decided_at=event.at,
            decided_by=event.by,
        )
        self.rows[models.DueDateChange].append(change)
        self.due_on = event.to
        details = {"to": event.to.isoformat()}
        return self._audit_event(
            event, event.cause, subject=self.assignment, rows=[change], details=details
        )

    def _add_withdrawal(self, event: WithdrawalEvent) -> audit.NewEvent:
        withdrawal = models.Withdrawal(
            assignment=self.assignment,
            reason=event.reason,
            withdrawn_at=event.at,
            withdrawn_by=event.by,
        )
        ending = models.Ending(
            withdrawal=withdrawal,
            number=1,
            kind=EndingKind.SUPERSEDED if event.superseded_by else EndingKind.NO_FURTHER_ACTION,
            superseded_by=self.recommendations.get(event.superseded_by),
            recorded_at=event.at,
            recorded_by=event.by,
        )
        self.rows[models.Withdrawal].append(withdrawal)
        self.rows[models.Ending].append(ending)
        return self._audit_event(
            event,
            "assignment withdrawn",
            subject=self.assignment,
            rows=[withdrawal, ending],
            details=ending_details(ending),
        )

    def _audit_event(
        self,
        event: Event,
        act: str,
        *,
        subject: Model,
        rows: list[Model],
        details: dict[str, Any] | None = None,
    ) -> audit.NewEvent:
        return audit.NewEvent(
            at=event.at,
            act=act,
            actor=event.by,
            subject=subject,
            body=self.assignment.body,
            rows=rows,
            details=details or {},
        )


def _act_of(update: models.Update) -> str:
    """Return the name of the audit event: `confirms` has no key before it is stored."""
    if update.confirms is not None:
        return "no change confirmed"
    return "claim submitted" if update.is_claim else "update submitted"


def _signatory(rng: Random, *, is_force: bool) -> str:
    """Return the post and name of a person who approved an update."""
    names = read_data_file("names.toml")
    post = rng.choice(names["posts"]) if is_force else "Deputy Director"
    return f"{post} {rng.choice(names['signatories'])}"


def _blocker_causes(rng: Random) -> list[str]:
    """Return one or two causes, in the order of the form."""
    chosen = rng.sample(BlockerCause.values[:-1], rng.choice((1, 1, 2)))
    return [cause for cause in BlockerCause.values if cause in chosen]
