"""Stories as the rows that the actions would have written, in bulk."""

from dataclasses import dataclass
from datetime import date
from random import Random
from uuid import UUID

from forces import audit
from recommendations.demonstration.events import DueDateMoved, Event, Reviewed, Said, Withdrawn
from recommendations.demonstration.history import Stand, episodes, replay
from recommendations.demonstration.papers import (
    blocker_causes,
    evidence_of,
    return_causes,
    signed_off_by,
)
from recommendations.demonstration.story import Plan
from recommendations.models import (
    Assignment,
    DueDateChange,
    Evidence,
    FlagEpisode,
    Review,
    Update,
    Withdrawal,
)


@dataclass(frozen=True)
class Told:
    """One assignment and what happened to it."""

    assignment: Assignment
    plan: Plan
    events: list[Event]
    rng: Random

    def stands(self) -> list[Stand]:
        return replay(
            assigned_at=self.assignment.assigned_at,
            due_on=self.assignment.original_due_on,
            events=self.events,
        )


class _Writer:
    """Collects the rows of every story, then writes each table at once."""

    def __init__(self) -> None:
        self.updates: list[Update] = []
        self.reviews: list[Review] = []
        self.changes: list[DueDateChange] = []
        self.withdrawals: list[Withdrawal] = []
        self.episodes: list[FlagEpisode] = []
        self.evidence: list[Evidence] = []
        self._written: list[tuple[Event, Assignment, Update | Review | Assignment]] = []

    def add(self, told: Told, *, until: date) -> None:
        assignment = told.assignment
        updates: list[Update] = []
        due_on, moves = assignment.original_due_on, 0
        for event in told.events:
            subject: Update | Review | Assignment = assignment
            match event:
                case Said():
                    subject = _update(event, told, number=len(updates) + 1)
                    updates.append(subject)
                    self.evidence += _with_evidence(subject)
                case Reviewed():
                    subject = _review(event, updates[-1])
                    self.reviews.append(subject)
                case DueDateMoved():
                    moves += 1
                    self.changes.append(_change(event, assignment, moves, due_on))
                    due_on = event.to
                case Withdrawn():
                    self.withdrawals.append(_withdrawal(event, assignment))
            self._written.append((event, assignment, subject))
        self.updates += updates
        self.episodes += [
            FlagEpisode(assignment=assignment, **vars(episode))
            for episode in episodes(told.stands(), until=until)
        ]

    def write(self) -> None:
        Update.objects.bulk_create(self.updates, batch_size=1000)
        Evidence.objects.bulk_create(self.evidence)
        Review.objects.bulk_create(self.reviews)
        DueDateChange.objects.bulk_create(self.changes)
        Withdrawal.objects.bulk_create(self.withdrawals)
        FlagEpisode.objects.bulk_create(self.episodes, batch_size=1000)
        self._written.sort(key=lambda written: written[0].at)
        audit.record_all(_audit_event(*written) for written in self._written)


def write_histories(told: list[Told], *, until: date) -> dict[str, int]:
    """Write all of it; how many of each kind."""
    writer = _Writer()
    for one in told:
        writer.add(one, until=until)
    writer.write()
    return {
        "Updates": len(writer.updates),
        "Evidence": len(writer.evidence),
        "Reviews": len(writer.reviews),
        "Due date changes": len(writer.changes),
        "Withdrawals": len(writer.withdrawals),
        "Flag episodes": len(writer.episodes),
    }


def _papers_rng(token: UUID) -> Random:
    """A source of its own, so that papers change no story."""
    return Random(f"papers {token}")  # noqa: S311  # nosec B311 # a story


def _with_evidence(update: Update) -> list[Evidence]:
    files = evidence_of(update, _papers_rng(update.token))
    update.evidence_count = len(files)
    return files


def _update(event: Said, told: Told, *, number: int) -> Update:
    token = UUID(int=told.rng.getrandbits(128), version=4)
    rng = _papers_rng(token)
    return Update(
        assignment=told.assignment,
        number=number,
        token=token,
        signed_off_by=signed_off_by(rng, is_force=told.assignment.body.is_force),
        blocker_causes=blocker_causes(rng) if event.blockers else [],
        submitted_at=event.at,
        submitted_by=event.by,
        status=event.status,
        confidence=event.confidence,
        account=event.account,
        next_steps=event.next_steps,
        blockers=event.blockers,
        forecast_on=event.forecast_on,
    )


def _review(event: Reviewed, claim: Update) -> Review:
    return Review(
        update=claim,
        decision=event.decision,
        causes=return_causes(_papers_rng(claim.token))
        if event.decision == Review.Decision.RETURNED
        else [],
        reason=event.reason,
        reviewed_at=event.at,
        reviewed_by=event.by,
    )


def _change(
    event: DueDateMoved, assignment: Assignment, number: int, from_due_on: date
) -> DueDateChange:
    return DueDateChange(
        assignment=assignment,
        number=number,
        from_due_on=from_due_on,
        to_due_on=event.to,
        reason=event.reason,
        decided_at=event.at,
        decided_by=event.by,
    )


def _withdrawal(event: Withdrawn, assignment: Assignment) -> Withdrawal:
    return Withdrawal(
        assignment=assignment, reason=event.reason, withdrawn_at=event.at, withdrawn_by=event.by
    )


def _audit_event(
    event: Event, assignment: Assignment, subject: Update | Review | Assignment
) -> audit.Event:
    """The event that the action would have recorded."""
    act = event.because
    details: dict[str, object] = {}
    match subject:
        case Update():
            act = "claim submitted" if subject.is_claim else act
            details = {
                "assignment": assignment.pk,
                "number": subject.number,
                "status": subject.status,
            }
        case Review():
            details = {"assignment": assignment.pk, "update": subject.update.number}
        case _ if isinstance(event, Withdrawn):
            act = "assignment withdrawn"
    if isinstance(event, DueDateMoved):
        details = {"to": event.to.isoformat()}
    return audit.Event(
        at=event.at, act=act, actor=event.by, subject=subject, body=assignment.body, details=details
    )
