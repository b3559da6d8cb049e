"""Writes histories as the rows that the actions would have written, in bulk."""

import hashlib
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Model

from forces import audit
from recommendations import models
from recommendations.demonstration.history import ReplayedState, flag_episodes, replay
from recommendations.demonstration.phrases import read_data_file
from recommendations.demonstration.story import DueDateEvent, Event, Plan, ReviewEvent, UpdateEvent
from recommendations.evidence import storage
from recommendations.evidence.file_types import CSV, TEXT
from recommendations.models.answers import BlockerCause, ReportedStatus
from recommendations.models.review import ReturnCause

KINDS: dict[str, type[Model]] = {
    "Updates": models.Update,
    "Evidence": models.Evidence,
    "Reviews": models.Review,
    "Due date changes": models.DueDateChange,
    "Withdrawals": models.Withdrawal,
    "Flag episodes": models.FlagEpisode,
}
_EVIDENCE_TITLES = (
    "Summary of the check",
    "Extract of the protocol",
    "Attendance of the briefing",
)


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


def write_histories(histories: list[AssignmentHistory], *, until: date) -> dict[str, int]:
    """Write all rows; return how many there are of each kind."""
    rows = _RowsByModel(list)
    events: list[audit.NewEvent] = []
    for history in histories:
        events += rows.add(history)
        rows[models.FlagEpisode] += [
            models.FlagEpisode(assignment=history.assignment, **episode)
            for episode in flag_episodes(history.states, until=until)
        ]
    for model in KINDS.values():
        model._default_manager.bulk_create(rows[model])
    events.sort(key=lambda event: event.at)
    audit.record_all(events)
    return {kind: len(rows[model]) for kind, model in KINDS.items()}


class _RowsByModel(defaultdict[type[Model], list[Any]]):
    """The unsaved rows of each table."""

    def add(self, history: AssignmentHistory) -> Iterator[audit.NewEvent]:
        """Add the rows of a history; yield the audit events that the actions would record."""
        assignment = history.assignment
        due_on, number, changes_count = assignment.original_due_on, 0, 0
        update = models.Update()
        for event in history.events:
            subject: Model = assignment
            act = event.cause
            details: dict[str, Any] = {}
            rows: list[Model] = []
            match event:
                case UpdateEvent():
                    number += 1
                    update, evidence = self._add_update(event, history, number=number)
                    subject, rows = update, [update, *evidence]
                    act = "claim submitted" if update.is_claim else act
                    details = {
                        "assignment": assignment.pk,
                        "number": number,
                        "status": update.status,
                    }
                case ReviewEvent():
                    subject = self._add_review(event, update)
                    rows = [subject]
                    details = {"assignment": assignment.pk, "update": number}
                case DueDateEvent():
                    changes_count += 1
                    change = models.DueDateChange(
                        assignment=assignment,
                        number=changes_count,
                        from_due_on=due_on,
                        to_due_on=event.to,
                        reason=event.reason,
                        decided_at=event.at,
                        decided_by=event.by,
                    )
                    self[models.DueDateChange].append(change)
                    rows = [change]
                    due_on = event.to
                    details = {"to": event.to.isoformat()}
                case _:
                    withdrawal = models.Withdrawal(
                        assignment=assignment,
                        reason=event.reason,
                        withdrawn_at=event.at,
                        withdrawn_by=event.by,
                    )
                    self[models.Withdrawal].append(withdrawal)
                    rows = [withdrawal]
                    act = "assignment withdrawn"
            yield audit.NewEvent(
                at=event.at,
                act=act,
                actor=event.by,
                subject=subject,
                body=assignment.body,
                rows=rows,
                details=details,
            )

    def _add_update(
        self, event: UpdateEvent, history: AssignmentHistory, *, number: int
    ) -> tuple[models.Update, list[models.Evidence]]:
        token = UUID(int=history.rng.getrandbits(128), version=4)
        rng = _detail_rng(token)
        update = models.Update(
            assignment=history.assignment,
            number=number,
            token=token,
            signed_off_by=_signatory(rng, is_force=history.assignment.body.is_force),
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
        evidence = _evidence(update) if event.status == ReportedStatus.IMPLEMENTED else []
        update.evidence_count = len(evidence)
        self[models.Update].append(update)
        self[models.Evidence] += evidence
        return update, evidence

    def _add_review(self, event: ReviewEvent, claim: models.Update) -> models.Review:
        is_return = event.decision == models.Review.Decision.RETURNED
        review = models.Review(
            update=claim,
            decision=event.decision,
            causes=[_detail_rng(claim.token).choice(ReturnCause.values[:3])] if is_return else [],
            reason=event.reason,
            reviewed_at=event.at,
            reviewed_by=event.by,
        )
        self[models.Review].append(review)
        return review


def _detail_rng(token: UUID) -> Random:
    """Return the random numbers for an update's details, apart from those of its history."""
    return Random(f"papers {token}")  # noqa: S311  # nosec B311 # made-up data


def _signatory(rng: Random, *, is_force: bool) -> str:
    """Return the post and name of a person who approved an update."""
    names = read_data_file("names.toml")
    post = rng.choice(names["posts"]) if is_force else "Deputy Director"
    return f"{post} {rng.choice(names['signatories'])}"


def _blocker_causes(rng: Random) -> list[str]:
    """Return one or two causes, in the order of the form."""
    chosen = rng.sample(BlockerCause.values[:-1], rng.choice((1, 1, 2)))
    return [cause for cause in BlockerCause.values if cause in chosen]


def _evidence(update: models.Update) -> list[models.Evidence]:
    """Store one or two small files for a claim; return their unsaved rows."""
    rng = _detail_rng(update.token)
    assignment = update.assignment
    about = f"{assignment.body.name}, recommendation {assignment.recommendation.number}"
    files = []
    for file_number in range(1, rng.choice((1, 1, 2)) + 1):
        if file_number == 2:
            kind, title, text = CSV, "Figures by month", "month,count\nMay,4\nJune,7\n"
        else:
            kind, title = TEXT, rng.choice(_EVIDENCE_TITLES)
            text = "All of it was made by a program.\n"
        label = "Demonstration data. This file is made up, and shows nothing."
        content = f"{label}\n{about}\n{title}\n\n{text}".encode()
        key = UUID(int=rng.getrandbits(128), version=4)
        storage.delete_file(key)  # the same seed gives the same keys
        storage.save_file(io.BytesIO(content), key=key)
        file = models.Evidence(
            update=update,
            key=key,
            name=f"{title} (demonstration).{kind.extensions[0]}",
            kind=kind.content_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            scan=models.Evidence.Scan.NOT_SCANNED,
            uploaded_at=update.submitted_at,
            uploaded_by=update.submitted_by,
        )
        files.append(file)
    return files
