"""Turning a checked draft into an update (design, rules 5 and 6)."""

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
    """Submit the draft with this token, as it was checked (`version`).

    Sending it twice gives the same update. Raises Refusal if the draft is incomplete, has
    changed since it was checked, is gone, or its assignment takes no update now.
    """
    try:
        return _sent(token) or _submit(token, version, by=by, at=at)
    except Refusal:
        # The other of two clicks was faster, perhaps on a server whose clock is ahead of this one.
        if sent := _sent(token):
            return sent
        raise


def _sent(token: UUID) -> Update | None:
    return Update.objects.filter(token=token).first()


def _submit(token: UUID, version: int, *, by: User, at: datetime) -> Update:
    gone = Refusal("This draft is no longer there: it was deleted.")
    draft = Draft.objects.filter(token=token).first()
    if draft is None:
        raise gone
    with changing(draft.assignment_id, at=at, because="update submitted") as assignment:
        draft = Draft.objects.select_for_update().filter(token=token).first()
        if draft is None:  # sent or deleted while this one waited for the assignment
            raise gone
        refuse_if_closed(assignment, draft)
        if draft.version != version:
            raise Refusal("The draft was changed after you checked it. Check it again.")
        update = _update_from(draft, by=by, at=at)
        update.save(force_insert=True)
        draft.evidence.update(update=update, draft=None)
        draft.delete()
        _record(update, by=by, at=at)
    return update


def missing_answers(draft: Draft) -> list[str]:
    """Which answers a draft still lacks before it can be submitted, by field name."""
    required = [answer.name for answer in answers_for(draft.status) if answer.is_required]
    return [name for name in required if not getattr(draft, name)]


def _update_from(draft: Draft, *, by: User, at: datetime) -> Update:
    if missing_answers(draft):
        raise Refusal("Some questions have no answer yet. Answer them before you submit.")
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
