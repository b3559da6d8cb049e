"""Submits a checked draft as an update."""

from datetime import datetime
from uuid import UUID

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import changing
from recommendations.actions.drafts import refuse_if_closed
from recommendations.models import Draft, Update
from recommendations.models.answers import answers_for


def submit_update(*, token: UUID, version: int, by: User, at: datetime) -> Update:
    """Submit the draft with this token, in the version that the user checked.

    Submitting it twice returns the same update. Raises Refusal if the draft is incomplete, has
    changed since, no longer exists, or its assignment does not accept updates now.
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
        update = _update_from(draft, by=by, at=at)
        update.save(force_insert=True)
        draft.evidence.update(update=update, draft=None)
        draft.delete()
        _record(update, by=by, at=at)
    return update


def missing_answers(draft: Draft) -> list[str]:
    """Return the field names of required answers that a draft does not have yet."""
    required = [answer.name for answer in answers_for(draft.status) if answer.is_required]
    return [name for name in required if not getattr(draft, name)]


def _update_from(draft: Draft, *, by: User, at: datetime) -> Update:
    if missing_answers(draft):
        raise Refusal("Answer all the questions before you submit.")
    answers = {answer.name: getattr(draft, answer.name) for answer in answers_for(draft.status)}
    return Update(
        assignment_id=draft.assignment_id,
        number=Update.objects.filter(assignment_id=draft.assignment_id).count() + 1,
        token=draft.token,
        submitted_at=at,
        submitted_by=by,
        evidence_count=draft.evidence.count(),
        corrects_id=draft.corrects_id,
        **answers,
    )


def _act(update: Update) -> str:
    if update.corrects_id is not None:
        return "update corrected"
    return "claim submitted" if update.is_claim else "update submitted"


def _record(update: Update, *, by: User, at: datetime) -> None:
    audit.record(
        at=at,
        act=_act(update),
        actor=by,
        subject=update,
        body=update.assignment.body,
        assignment=update.assignment_id,
        number=update.number,
        status=update.status,
        corrects=update.corrects_id,
        evidence=list(update.evidence.values_list("sha256", flat=True)),
    )
