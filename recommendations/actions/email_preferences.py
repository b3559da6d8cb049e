"""What a reader wants by mail, said by themselves, an administrator, or a mail's way out."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import Body, User
from forces.refusal import Refusal
from recommendations.models import MailChoice
from recommendations.models.email_preference import NOTHING_REFUSED

CHANGED_MEANWHILE = (
    "A colleague has changed meanwhile whether chief officers get copies. Nothing was kept: look "
    "at the setting again."
)


@transaction.atomic
def choose_mail(*, reader: User, weekly: str, at_once: bool, by: User, at: datetime) -> MailChoice:
    """Keep the choice; one that changes nothing leaves no event."""
    choice = _locked(reader.pk)
    before = (choice.weekly, choice.at_once)
    if before == (weekly, at_once):
        return choice
    choice.weekly, choice.at_once = weekly, at_once
    choice.save(update_fields=["weekly", "at_once"])
    audit.record(
        at=at,
        act="mail chosen",
        actor=by,
        subject=reader,
        body=reader.body,
        weekly=[before[0], weekly],
        at_once=[before[1], at_once],
    )
    return choice


@transaction.atomic
def leave_mail(*, reader: User, is_weekly: bool, at: datetime) -> None:
    """End the weekly mail, or the news at once, by the signed address of a mail.

    Whoever holds the mail can do it, so the audit trail names nobody.
    """
    choice = _locked(reader.pk)
    weekly = MailChoice.Weekly.NEVER if is_weekly else choice.weekly
    at_once = choice.at_once if is_weekly else False
    if (choice.weekly, choice.at_once) == (weekly, at_once):
        return
    choice.weekly, choice.at_once = weekly, at_once
    choice.save(update_fields=["weekly", "at_once"])
    audit.record(
        at=at,
        act="mail left by its link",
        actor=None,
        subject=reader,
        body=reader.body,
        stream="weekly" if is_weekly else "at once",
    )


@transaction.atomic
def trust_address(*, reader: User, by: User, at: datetime) -> None:
    """Mail goes to the address again, as if it had never refused any."""
    choice = _locked(reader.pk)
    if not choice.refusals:
        return
    MailChoice.objects.filter(pk=choice.pk).update(**NOTHING_REFUSED)
    audit.record(at=at, act="address trusted again", actor=by, subject=reader, body=reader.body)


@transaction.atomic
def copy_chief_officers(*, body: Body, wanted: bool, shown: bool, by: User, at: datetime) -> None:
    """Whether the body's chief officers get its weekly digest, too.

    Raises Refusal where it was not as `shown` any more: who left it as it was shown would undo
    what a colleague has changed meanwhile.
    """
    locked = Body.objects.select_for_update(no_key=True).get(pk=body.pk)
    if locked.copies_to_chief_officers == wanted:
        return
    if shown == wanted:
        raise Refusal(CHANGED_MEANWHILE)
    Body.objects.filter(pk=body.pk).update(copies_to_chief_officers=wanted)
    audit.record(
        at=at,
        act="copies to chief officers chosen",
        actor=by,
        subject=body,
        body=body,
        wanted=[not wanted, wanted],
    )


def _locked(reader_id: int) -> MailChoice:
    choice, _ = MailChoice.objects.select_for_update().get_or_create(reader_id=reader_id)
    return choice
