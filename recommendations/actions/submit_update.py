"""Submits a checked draft as an update."""

from datetime import date, datetime
from uuid import UUID

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing
from recommendations.actions.drafts import refuse_if_closed
from recommendations.models import Assignment, Draft, Update
from recommendations.models.answers import ANSWERS, ReportedStatus, answers_for
from recommendations.rules import london_day
from recommendations.update_rules import Contradiction, contradictions


def submit_update(*, token: UUID, version: int, by: User, at: datetime) -> Update:
    """Submit the draft with this token, in the version that the user checked.

    If its answers are those of the latest update, the new one says that nothing has changed.
    Submitting it twice returns the same update. Raises Refusal if the draft is incomplete, has
    changed since, no longer exists, contradicts itself without a confirmation, or its assignment
    does not accept updates now.
    """
    try:
        return _submitted(token) or _submit(token, version, by=by, at=at)
    except Refusal:
        # The other of two clicks was faster, perhaps on a server whose clock is ahead of this one.
        if update := _submitted(token):
            return update
        raise


def _submitted(token: UUID) -> Update | None:
    return Update.objects.filter(token=token).first()


def _submit(token: UUID, version: int, *, by: User, at: datetime) -> Update:
    deleted = Refusal("This draft has been deleted.")
    draft = Draft.objects.filter(token=token).first()
    if draft is None:
        raise deleted
    with changing(draft.assignment_id, at=at, because="update submitted") as assignment:
        draft = Draft.objects.select_for_update().filter(token=token).first()
        if draft is None:  # submitted or deleted while this waited for the lock
            raise deleted
        refuse_if_closed(assignment, draft)
        if draft.version != version:
            raise Refusal("The draft has changed since you checked it. Check it again.")
        update = _update_from(draft, assignment, by=by, at=at)
        update.save(force_insert=True)
        draft.evidence.update(update=update, draft=None)
        draft.delete()
        record_update(update, by=by, at=at)
    return update


def missing_answers(draft: Draft) -> list[str]:
    """Return the field names of required answers that a draft does not have yet."""
    required = [answer.name for answer in answers_for(draft.status) if answer.is_required]
    return [name for name in required if not getattr(draft, name)]


def contradictions_in(draft: Draft, *, due_on: date, on: date) -> list[Contradiction]:
    """Return what contradicts itself in the answers that would be submitted on a London day."""
    is_claim = draft.status == ReportedStatus.IMPLEMENTED
    return contradictions(
        status=draft.status,
        confidence="" if is_claim else draft.confidence,
        forecast_on=draft.forecast_on,
        has_blockers=not is_claim and bool(draft.blocker_causes or draft.blockers),
        due_on=due_on,
        on=on,
    )


def _update_from(draft: Draft, assignment: Assignment, *, by: User, at: datetime) -> Update:
    if missing_answers(draft):
        raise Refusal("Answer all the questions before you submit.")
    found = contradictions_in(draft, due_on=assignment.due_on, on=london_day(at))
    if not set(found) <= set(draft.confirmed_contradictions):
        raise Refusal("Some answers contradict each other. Check them again.")
    answers = {answer.name: getattr(draft, answer.name) for answer in answers_for(draft.status)}
    evidence_count = draft.evidence.count()
    latest = assignment.updates.order_by("number").last()
    has_news = evidence_count > 0 or not repeats_answers(draft, latest)
    return Update(
        assignment_id=draft.assignment_id,
        number=Update.objects.filter(assignment_id=draft.assignment_id).count() + 1,
        token=draft.token,
        submitted_at=at,
        submitted_by=by,
        evidence_count=evidence_count,
        corrects_id=draft.corrects_id,
        confirms_id=None if has_news or latest is None else latest.confirms_id or latest.pk,
        confirmed_contradictions=found,
        **answers,
    )


def repeats_answers(draft: Draft, latest: Update | None) -> bool:
    """Return whether a draft has the answers of the latest update, which is no claim.

    Without evidence it is then recorded as “no change”. A correction never is.
    """
    if latest is None or latest.is_claim or draft.corrects_id is not None:
        return False
    return all(getattr(draft, name) == getattr(latest, name) for name in ANSWERS)


def act_of(update: Update) -> str:
    """Return the name of the audit event."""
    if update.corrects_id is not None:
        return "update corrected"
    if update.confirms_id is not None:
        return "no change confirmed"
    return "claim submitted" if update.is_claim else "update submitted"


def record_update(update: Update, *, by: User, at: datetime) -> None:
    """Record the audit event of a new update, and of its evidence."""
    files = list(update.evidence.all())
    audit.record(
        at=at,
        act=act_of(update),
        actor=by,
        subject=update,
        body=update.assignment.body,
        rows=[update, *files],
        assignment=update.assignment_id,
        number=update.number,
        status=update.status,
        corrects=update.corrects_id,
        confirms=update.confirms_id,
        contradictions=update.confirmed_contradictions,
        evidence=[file.sha256 for file in files],
    )
