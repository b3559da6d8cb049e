"""Submits a checked draft as an update."""

import json
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing
from recommendations.actions.drafts import DELETED, refuse_if_closed
from recommendations.models import Assignment, Draft, Update
from recommendations.models.answers import ANSWERS, answers_for
from recommendations.rules import london_day
from recommendations.update_rules import Contradiction, contradictions

CHANGED = "The draft has changed since you checked it. Check it again."


def submit_update(*, token: UUID, version: int, by: User, at: datetime) -> Update:
    """Submit the draft with this token, in the version that the user checked.

    If its answers are those of the latest update, the new one says that nothing has changed.
    Submitting it twice returns the same update. Raises Refusal if the draft is incomplete, has
    changed since, no longer exists, contradicts itself without a confirmation, needs the approval
    of a chief officer, or its assignment does not accept updates now.
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
    draft = Draft.objects.filter(token=token).first()
    if draft is None:
        raise Refusal(DELETED)
    with changing(draft.assignment_id, at=at, because="update submitted") as assignment:
        draft = Draft.objects.select_for_update().filter(token=token).first()
        if draft is None:  # submitted or deleted while this waited for the lock
            raise Refusal(DELETED)
        draft.assignment = assignment
        refuse_if_closed(assignment, draft)
        if draft.version != version:
            raise Refusal(CHANGED)
        refuse_without_approval(assignment)
        update = store_update(draft, assignment, author=by, at=at)
        record_update(update, by=by, at=at)
    return update


def refuse_without_approval(assignment: Assignment) -> None:
    """Raise a Refusal if a chief officer has to approve the organisation's updates."""
    if assignment.body.requires_approval:
        raise Refusal(f"A chief officer has to approve updates of {assignment.body.name}.")


def store_update(
    draft: Draft,
    assignment: Assignment,
    *,
    author: User,
    at: datetime,
    approved_by: User | None = None,
    approve: Callable[[], None] = lambda: None,
) -> Update:
    """Replace a draft by the update, with its evidence. Both are locked.

    `approve` records the decision of the chief officer, before the draft is deleted.
    """
    update = _update_from(draft, assignment, author=author, approved_by=approved_by, at=at)
    update.save(force_insert=True)
    draft.evidence.update(update=update, draft=None)
    approve()
    draft.delete()
    return update


def content_hash(answers: Draft | Update) -> str:
    """Return the SHA-256 of what a chief officer approves: answers, files, and what it corrects.

    It is the same for a draft and the update that it becomes.
    """
    names = [answer.name for answer in answers_for(answers.status, requires_approval=True)]
    content = {
        "assignment": answers.assignment_id,
        "corrects": answers.corrects_id,
        "answers": {name: getattr(answers, name) for name in names},
        "files": sorted(answers.evidence.values_list("name", "sha256")),
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()


def missing_answers(draft: Draft) -> list[str]:
    """Return the field names of required answers that a draft does not have yet."""
    answers = answers_for(draft.status, requires_approval=draft.requires_approval)
    return [a.name for a in answers if a.is_required and not getattr(draft, a.name)]


def refuse_if_unready(draft: Draft, *, due_on: date, on: date) -> list[Contradiction]:
    """Return the confirmed contradictions. Raises Refusal if the draft cannot be submitted."""
    if missing_answers(draft):
        raise Refusal("Answer all the questions before you submit.")
    found = contradictions_in(draft, due_on=due_on, on=on)
    if not set(found) <= set(draft.confirmed_contradictions):
        raise Refusal("Some answers contradict each other. Check them again.")
    return found


def contradictions_in(draft: Draft, *, due_on: date, on: date) -> list[Contradiction]:
    """Return what contradicts itself in the answers that would be submitted on a London day."""
    return contradictions(
        status=draft.status,
        confidence="" if draft.is_claim else draft.confidence,
        forecast_on=draft.forecast_on,
        has_blockers=not draft.is_claim and bool(draft.blocker_causes or draft.blockers),
        due_on=due_on,
        on=on,
    )


def _update_from(
    draft: Draft, assignment: Assignment, *, author: User, approved_by: User | None, at: datetime
) -> Update:
    found = refuse_if_unready(draft, due_on=assignment.due_on, on=london_day(at))
    answers = {answer.name: getattr(draft, answer.name) for answer in answers_for(draft.status)}
    evidence_count = draft.evidence.count()
    latest = assignment.updates.order_by("number").last()
    has_news = evidence_count > 0 or not repeats_answers(draft, latest)
    return Update(
        assignment_id=draft.assignment_id,
        number=Update.objects.filter(assignment_id=draft.assignment_id).count() + 1,
        token=draft.token,
        submitted_at=at,
        submitted_by=author,
        approved_by=approved_by,
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
    """Record the audit event of a new update, and of its evidence.

    `by` is the author, or the chief officer whose approval has submitted it.
    """
    files = list(update.evidence.all())
    approval = {"author": update.submitted_by_id} if update.approved_by_id else {}
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
        **approval,
    )
