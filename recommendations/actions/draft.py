"""Writing an update before it is sent (design, rules 5 and 6)."""

from datetime import datetime
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import User
from recommendations.actions.change import Refusal
from recommendations.models import Assignment, Draft

FIELDS = ("status", "confidence", "account", "next_steps", "blockers", "forecast_on")


class DraftConflict(Exception):
    """Somebody saved the draft after this person opened it; `draft` holds what they wrote."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(f"{draft.saved_by.name} changed this draft while you were writing.")
        self.draft = draft


def refuse_unless_open(assignment: Assignment) -> None:
    """Raise a Refusal where the body has nothing to say on the assignment now."""
    if assignment.is_waiting_for_review:
        raise Refusal(
            "A claim is waiting for review. You can send another update after it was answered."
        )
    if not assignment.is_open:
        raise Refusal(
            f"This recommendation is {assignment.get_status_display().lower()}, "
            "so it takes no more updates."
        )


@transaction.atomic
def open_draft(*, assignment: Assignment, by: User, at: datetime) -> Draft:
    """The assignment's draft, begun now if there is none. Raises Refusal if it is not open."""
    assignment = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    refuse_unless_open(assignment)
    draft, _ = Draft.objects.select_related("saved_by").get_or_create(
        assignment=assignment, defaults={"saved_by": by, "started_at": at, "saved_at": at}
    )
    return draft


@transaction.atomic
def save_draft(*, draft: Draft, version: int, by: User, at: datetime, **answers: Any) -> Draft:
    """Keep answers in the draft. `version` is the one that the person's page was made from.

    Raises DraftConflict where one of these answers was saved meanwhile, by somebody else or in
    another window: nothing is overwritten silently. Raises Refusal where the draft is gone.
    """
    unknown = answers.keys() - set(FIELDS)
    if unknown:
        raise TypeError(f"A draft has no {', '.join(sorted(unknown))}.")
    stored = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("saved_by")
        .filter(pk=draft.pk)
        .first()
    )
    if stored is None:
        raise Refusal("This update was already sent, or its draft was deleted.")
    changed = {name for name, value in answers.items() if getattr(stored, name) != value}
    if any(stored.is_newer(name, than=version) for name in changed):
        raise DraftConflict(stored)
    if changed:
        stored.version += 1
        stored.saved_by, stored.saved_at = by, at
        for name in changed:
            setattr(stored, name, answers[name])
            stored.field_versions[name] = stored.version
        stored.save()
    return stored


@transaction.atomic
def discard_draft(*, draft: Draft, by: User, at: datetime, version: int | None = None) -> None:
    """Throw a draft away. The audit trail says who did, not what it held.

    With `version`, raises DraftConflict where something was saved after the person looked.
    """
    stored = (
        Draft.objects.select_for_update(of=("self",))
        .select_related("saved_by", "assignment__body")
        .filter(pk=draft.pk)
        .first()
    )
    if stored is None:
        return
    if version is not None and stored.version > version:
        raise DraftConflict(stored)
    assignment = stored.assignment
    stored.delete()
    audit.record(at=at, act="draft discarded", actor=by, subject=assignment, body=assignment.body)
