"""Opens, saves and discards drafts of updates."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.actions.change import lock_assignment
from recommendations.evidence.storage import move_to_bin
from recommendations.models import Assignment, Draft, Update
from recommendations.models.answers import ANSWERS
from recommendations.rules import CLOSED, london_day
from recommendations.update_rules import Contradiction

HAS_DRAFT = "There is a draft of the next update. Submit or delete it first."
WAITING = "This update is waiting for approval. Take it back if you need to change it."
DELETED = "This draft has been deleted."
CONTRADICTABLE = frozenset({"status", "confidence", "forecast_on"})


class DraftConflict(Exception):
    """Somebody else saved the draft after this user opened it; `draft` is the stored one."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"{draft.saved_by.name} changed this draft while you were writing.")
        self.draft = draft


def update_error(assignment: Assignment, draft: Draft | None = None) -> str:
    """Return why no update can be written and submitted now, or "".

    The same as `closed_error`, and a draft that waits for approval cannot be changed.
    """
    waiting = WAITING if draft and draft.is_waiting_for_approval else ""
    return closed_error(assignment, draft) or waiting


def closed_error(assignment: Assignment, draft: Draft | None = None) -> str:
    """Return why the assignment accepts no update now, or "".

    A draft that corrects the latest update may withdraw a claim that is waiting for review. An
    older update cannot be corrected.
    """
    corrects = draft.corrects_id if draft else None
    if corrects is not None and assignment.latest_update_id != corrects:
        return "There is a newer update, so you cannot submit this correction."
    if assignment.is_waiting_for_review and corrects is None:
        return "A claim is waiting for review. You can submit another update after the review."
    if assignment.status in CLOSED:
        status = assignment.get_status_display().lower()
        return f"This recommendation is {status}, so you cannot submit an update."
    return ""


def correction_error(assignment: Assignment) -> str:
    """Return why the latest update cannot be corrected now, or ""."""
    if assignment.latest_update_id is None:
        return "There are no updates to correct."
    return update_error(assignment, Draft(corrects_id=assignment.latest_update_id))


def refuse_if_closed(assignment: Assignment, draft: Draft | None = None) -> None:
    """Raise a Refusal if no update can be written and submitted now."""
    if error := update_error(assignment, draft):
        raise Refusal(error)


@transaction.atomic
def open_draft(
    *, assignment: Assignment, by: User, at: datetime, correcting: Update | None = None
) -> Draft:
    """Return the assignment's draft, and create it if there is none.

    It begins with the answers of the latest update, or of the update that it corrects. After a
    returned claim the status is left out. Raises Refusal if no update can be submitted now, or a
    draft of another update exists.
    """
    assignment = lock_assignment(assignment.pk)
    draft = Draft.objects.select_related("saved_by").filter(assignment=assignment).first()
    if correcting is not None and draft is not None and draft.corrects_id != correcting.pk:
        raise Refusal(HAS_DRAFT)
    first = correcting or assignment.latest_update
    answers = {name: getattr(first, name) for name in ANSWERS} if first else {}
    if assignment.is_returned:
        del answers["status"]
    if assignment.body.requires_approval:
        answers.pop("signed_off_by", None)
    new_draft = Draft(
        assignment=assignment,
        saved_by=by,
        started_at=at,
        saved_at=at,
        corrects=correcting,
        **answers,
    )
    refuse_if_closed(assignment, draft or new_draft)
    if draft is not None:
        return draft
    new_draft.save(force_insert=True)
    _record("draft begun", new_draft, by=by, at=at)
    return new_draft


def locked_draft(draft: Draft) -> Draft:
    """Return the stored draft, locked. Raises Refusal if it no longer exists."""
    stored = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("saved_by", "assignment__body")
        .filter(pk=draft.pk)
        .first()
    )
    if stored is None:
        raise Refusal("This update has already been submitted, or its draft has been deleted.")
    return stored


def refuse_if_waiting(draft: Draft) -> None:
    """Raise a Refusal if the draft waits for approval."""
    if draft.is_waiting_for_approval:
        raise Refusal(WAITING)


@transaction.atomic
def save_draft(
    *,
    draft: Draft,
    version: int,
    by: User,
    at: datetime,
    is_autosave: bool = False,
    confirmed: Sequence[Contradiction] | None = None,
    **answers: Any,
) -> Draft:
    """Save answers in the draft. `version` is the one from which the user's page was made.

    `confirmed` are the contradictions that the user has confirmed. Without it, a change of an
    answer that can contradict another one removes the earlier confirmations.

    Raises DraftConflict if one of these answers has been saved since, by somebody else or in
    another window: nothing is overwritten silently. Raises Refusal if the draft no longer exists,
    or waits for approval.
    Automatic saves (`is_autosave`) of one user are recorded once in the audit trail, not every
    few seconds.
    """
    unknown = answers.keys() - ANSWERS.keys()
    if unknown:
        raise TypeError(f"A draft has no {', '.join(sorted(unknown))}.")
    stored = locked_draft(draft)
    refuse_if_waiting(stored)
    changed = {name for name, value in answers.items() if getattr(stored, name) != value}
    if any(stored.is_newer(name, than=version) for name in changed):
        raise DraftConflict(stored)
    confirmations = _confirmations(stored, changed, confirmed)
    if changed or confirmations != stored.confirmed_contradictions:
        is_recorded = is_autosave and stored.saved_by_id == by.pk
        stored.version += 1
        stored.saved_by, stored.saved_at = by, at
        stored.confirmed_contradictions = confirmations
        for name in changed:
            setattr(stored, name, answers[name])
            stored.field_versions[name] = stored.version
        stored.save()
        if not is_recorded:
            _record("draft saved", stored, by=by, at=at, answers=sorted(changed))
    return stored


def _confirmations(
    draft: Draft, changed: set[str], confirmed: Sequence[Contradiction] | None
) -> list[str]:
    """Return the contradictions that are confirmed once these answers have changed."""
    if confirmed is not None:
        return [contradiction.value for contradiction in confirmed]
    return [] if changed & CONTRADICTABLE else list(draft.confirmed_contradictions)


@transaction.atomic
def discard_draft(
    *, draft: Draft, by: User | None, at: datetime, version: int | None = None
) -> None:
    """Delete a draft; its evidence goes to the bin. The audit trail records who, not the answers.

    With `version`, raises DraftConflict if something has been saved since that version. Raises
    Refusal if the draft waits for approval.
    """
    try:
        stored = locked_draft(draft)
    except Refusal:
        return
    refuse_if_waiting(stored)
    if version is not None and stored.version > version:
        raise DraftConflict(stored)
    keys = list(stored.evidence.values_list("key", flat=True))
    _record("draft discarded", stored, by=by, at=at, evidence=len(keys))
    stored.delete()
    transaction.on_commit(lambda: move_to_bin(keys, on=london_day(at)), robust=True)


def _record(act: str, draft: Draft, *, by: User | None, at: datetime, **details: Any) -> None:
    assignment = draft.assignment
    audit.record(at=at, act=act, actor=by, subject=assignment, body=assignment.body, **details)
