"""Changes to email preferences by the reader, by an administrator, or by an unsubscribe link."""

from datetime import datetime
from typing import Any

from django.db import transaction

from forces import audit
from forces.models import Body, User
from forces.refusal import Refusal
from recommendations.models import EmailPreference
from recommendations.models.email_preference import NO_REJECTIONS

ALREADY_CHANGED = (
    "Someone else has changed whether chief officers get copies. Your change was not saved. "
    "Check the setting and try again."
)


@transaction.atomic
def set_email_preferences(
    *, reader: User, weekly: str, at_once: bool, by: User, at: datetime
) -> EmailPreference:
    """Save the reader's choice; return it. Nothing is recorded if it is unchanged.

    Unsubscribe links from before a changed choice no longer do anything.
    """
    choice = _lock(reader.pk)
    before = {"weekly": choice.weekly, "at_once": choice.at_once}
    choice.weekly_version += choice.weekly != weekly
    choice.at_once_version += choice.at_once != at_once
    if _save(choice, weekly=weekly, at_once=at_once):
        changes: dict[str, Any] = {
            "weekly": [before["weekly"], weekly],
            "at_once": [before["at_once"], at_once],
        }
        audit.record(
            at=at, act="mail chosen", actor=by, subject=reader, body=reader.body, **changes
        )
    return choice


@transaction.atomic
def unsubscribe_reader(*, reader: User, is_weekly: bool, version: int, at: datetime) -> None:
    """Stop the weekly email, or instant alerts, by the signed link in an email.

    Anyone who holds the email can use it, so the audit trail names nobody. Does nothing if the
    reader has chosen these emails after the link was made, when the choice had this version.
    """
    choice = _lock(reader.pk)
    if choice.version(is_weekly=is_weekly) != version:
        return
    weekly = EmailPreference.Weekly.NEVER if is_weekly else choice.weekly
    if _save(choice, weekly=weekly, at_once=choice.at_once and is_weekly):
        audit.record(
            at=at,
            act="mail left by its link",
            actor=None,
            subject=reader,
            body=reader.body,
            stream="weekly" if is_weekly else "at once",
        )


@transaction.atomic
def reset_rejections(*, reader: User, by: User, at: datetime) -> None:
    """Reset the count of rejections, so that emails to the address are sent again."""
    choice = _lock(reader.pk)
    if not choice.rejections:
        return
    EmailPreference.objects.filter(pk=choice.pk).update(**NO_REJECTIONS)
    audit.record(at=at, act="address trusted again", actor=by, subject=reader, body=reader.body)


@transaction.atomic
def set_chief_officer_copies(
    *, body: Body, wanted: bool, shown: bool, by: User, at: datetime
) -> None:
    """Set whether the body's chief officers get its weekly digest.

    Raises Refusal where the setting is no longer as `shown` and the form did not change it: saving
    it would undo a colleague's change.
    """
    locked = Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    if locked.copies_to_chief_officers == wanted:
        return
    if shown == wanted:
        raise Refusal(ALREADY_CHANGED)
    Body.objects.filter(pk=body.pk).update(copies_to_chief_officers=wanted)
    audit.record(
        at=at,
        act="copies to chief officers chosen",
        actor=by,
        subject=body,
        body=body,
        wanted=[not wanted, wanted],
    )


def _save(choice: EmailPreference, *, weekly: str, at_once: bool) -> bool:
    """Return whether anything has changed."""
    if (choice.weekly, choice.at_once) == (weekly, at_once):
        return False
    choice.weekly, choice.at_once = weekly, at_once
    choice.save(update_fields=["weekly", "at_once", "weekly_version", "at_once_version"])
    return True


def _lock(reader_id: int) -> EmailPreference:
    choice, _ = EmailPreference.objects.select_for_update().get_or_create(reader_id=reader_id)
    return choice
