"""Writing an update before it is sent (design, rules 5 and 6)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.evidence.storage import forget_all
from recommendations.models import Assignment, Draft, Update
from recommendations.models.answers import ANSWERS
from recommendations.rules import CLOSED


class DraftConflict(Exception):
    """Somebody saved the draft after this person opened it; `draft` holds what they wrote."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"{draft.saved_by.name} changed this draft while you were writing.")
        self.draft = draft


def why_closed(assignment: Assignment, draft: Draft | None = None) -> str:
    """Why no update can be sent now; empty where one can.

    A draft that corrects an update may take back a claim that is waiting for review, but not
    correct what is no longer the latest update.
    """
    corrects = draft.corrects_id if draft else None
    if corrects is not None and assignment.latest_update_id != corrects:
        return "A newer update was sent since, so this correction cannot be sent."
    if assignment.is_waiting_for_review and corrects is None:
        return "A claim is waiting for review. You can send another update after it was answered."
    if assignment.status in CLOSED:
        status = assignment.get_status_display().lower()
        return f"This recommendation is {status}, so it takes no more updates."
    return ""


def why_no_correction(assignment: Assignment) -> str:
    """Why the latest update cannot be corrected now; empty where it can."""
    if assignment.latest_update_id is None:
        return "No update has been sent, so there is nothing to correct."
    return why_closed(assignment, Draft(corrects_id=assignment.latest_update_id))


def refuse_if_closed(assignment: Assignment, draft: Draft | None = None) -> None:
    """Raise a Refusal where no update can be sent now."""
    if why := why_closed(assignment, draft):
        raise Refusal(why)


@transaction.atomic
def open_draft(
    *, assignment: Assignment, by: User, at: datetime, correcting: Update | None = None
) -> Draft:
    """The assignment's draft, begun now if there is none. Raises Refusal if it is not open.

    One that corrects the latest update begins with that update's answers.
    """
    assignment = (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("body")
        .get(pk=assignment.pk)
    )
    draft = Draft.objects.select_related("saved_by").filter(assignment=assignment).first()
    if correcting is not None and draft is not None and draft.corrects_id != correcting.pk:
        raise Refusal("A draft of the next update is begun. Send or delete it first.")
    answers = {name: getattr(correcting, name) for name in ANSWERS} if correcting else {}
    begun = Draft(
        assignment=assignment,
        saved_by=by,
        started_at=at,
        saved_at=at,
        corrects=correcting,
        **answers,
    )
    refuse_if_closed(assignment, draft or begun)
    if draft is not None:
        return draft
    begun.save(force_insert=True)
    _record("draft begun", begun, by=by, at=at)
    return begun


def locked_draft(draft: Draft) -> Draft:
    """The draft as it is stored, locked. Raises Refusal where it is gone."""
    stored = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("saved_by", "assignment__body")
        .filter(pk=draft.pk)
        .first()
    )
    if stored is None:
        raise Refusal("This update was already sent, or its draft was deleted.")
    return stored


@transaction.atomic
def save_draft(
    *,
    draft: Draft,
    version: int,
    by: User,
    at: datetime,
    is_by_itself: bool = False,
    **answers: Any,
) -> Draft:
    """Keep answers in the draft. `version` is the one that the person's page was made from.

    Raises DraftConflict where one of these answers was saved meanwhile, by somebody else or in
    another window: nothing is overwritten silently. Raises Refusal where the draft is gone.
    Pages that save by themselves (`is_by_itself`) leave one line in the audit trail, not hundreds.
    """
    unknown = answers.keys() - ANSWERS.keys()
    if unknown:
        raise TypeError(f"A draft has no {', '.join(sorted(unknown))}.")
    stored = locked_draft(draft)
    changed = {name for name, value in answers.items() if getattr(stored, name) != value}
    if any(stored.is_newer(name, than=version) for name in changed):
        raise DraftConflict(stored)
    if changed:
        is_told = is_by_itself and stored.saved_by_id == by.pk
        stored.version += 1
        stored.saved_by, stored.saved_at = by, at
        for name in changed:
            setattr(stored, name, answers[name])
            stored.field_versions[name] = stored.version
        stored.save()
        if not is_told:
            _record("draft saved", stored, by=by, at=at, answers=sorted(changed))
    return stored


@transaction.atomic
def discard_draft(
    *, draft: Draft, by: User | None, at: datetime, version: int | None = None
) -> None:
    """Throw a draft and its evidence away. The audit trail says who did, not what it held.

    With `version`, raises DraftConflict where something was saved after the person looked.
    """
    try:
        stored = locked_draft(draft)
    except Refusal:
        return
    if version is not None and stored.version > version:
        raise DraftConflict(stored)
    keys = list(stored.evidence.values_list("key", flat=True))
    _record("draft discarded", stored, by=by, at=at, evidence=len(keys))
    stored.delete()
    transaction.on_commit(lambda: forget_all(keys), robust=True)


def _record(act: str, draft: Draft, *, by: User | None, at: datetime, **details: Any) -> None:
    assignment = draft.assignment
    audit.record(at=at, act=act, actor=by, subject=assignment, body=assignment.body, **details)
