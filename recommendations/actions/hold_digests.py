"""Holding back the digests of a week, and letting them go."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.models import DigestWeek, OutboxMail
from recommendations.models.outbox import OutboxMails

State = OutboxMail.State
HELD_TOO_LONG = "Held back until the week was over."


@transaction.atomic
def hold_week(*, iso_year: int, iso_week: int, reason: str, by: User, at: datetime) -> int:
    """Make none of its digests, and send none that waits; how many were waiting.

    What a sender has in hand at this moment goes, or waits where it is not taken at once. Raises
    Refusal where it is held already, or over.
    """
    week = DigestWeek.locked(iso_year, iso_week)
    if week.is_over(at=at):
        raise Refusal("The week is over: nothing of it is sent any more.")
    if week.held_at is not None:
        raise Refusal(f"{week} is held back already.")
    week.held_at, week.held_by, week.reason = at, by, reason
    week.save()
    held = _mails(week).free(at=at).update(state=State.HELD, claimed_at=None)
    audit.record(
        at=at, act="digests held back", actor=by, week=str(week), reason=reason, mails=held
    )
    return held


@transaction.atomic
def release_week(*, iso_year: int, iso_week: int, by: User, at: datetime) -> int:
    """Send what was held; how many mails. Of a week that is over nothing is sent any more.

    Raises Refusal where it is not held.
    """
    week = DigestWeek.locked(iso_year, iso_week)
    if week.held_at is None:
        raise Refusal(f"{week} is not held back.")
    week.held_at, week.held_by, week.reason = None, None, ""
    week.save()
    held, free = _mails(week).filter(state=State.HELD), _mails(week).free(at=at)
    if week.is_over(at=at):
        for late in (held, free):
            late.update(state=State.EXPIRED, claimed_at=None, last_error=HELD_TOO_LONG)
        sent = 0
    else:
        sent = held.update(state=State.WAITING, next_attempt_at=at)
    audit.record(at=at, act="digests released", actor=by, week=str(week), mails=sent)
    return sent


def _mails(week: DigestWeek) -> OutboxMails:
    return OutboxMail.objects.of_week(week.iso_year, week.iso_week)
