"""Holds back the digests of a week, and releases them."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.models import DigestWeek, OutboxEmail
from recommendations.models.outbox import OutboxEmailQuerySet

State = OutboxEmail.State
HELD_TOO_LONG = "Held back until the week was over."


@transaction.atomic
def hold_week(*, iso_year: int, iso_week: int, reason: str, by: User, at: datetime) -> int:
    """Stop creating and sending the week's digests; return how many emails were waiting.

    An email that a sender has claimed is still sent, or is held if the first attempt fails. Raises
    Refusal where the week is over or held back.
    """
    week = DigestWeek.locked(iso_year, iso_week)
    if week.is_over(at=at):
        raise Refusal("That week is over, so no more of its digests will be sent.")
    if week.held_at is not None:
        raise Refusal("Digests for that week are already held back.")
    week.held_at, week.held_by, week.reason = at, by, reason
    week.save()
    held = _emails(week).free(at=at).update(state=State.HELD, claimed_at=None)
    audit.record(
        at=at, act="digests held back", actor=by, week=str(week), reason=reason, emails=held
    )
    return held


@transaction.atomic
def release_week(*, iso_year: int, iso_week: int, by: User, at: datetime) -> int:
    """Queue the held emails; return how many. None if the week is over: they expire.

    Raises Refusal where the week is not held back.
    """
    week = DigestWeek.locked(iso_year, iso_week)
    if week.held_at is None:
        raise Refusal("Digests for that week are not held back.")
    week.held_at, week.held_by, week.reason = None, None, ""
    week.save()
    held, free = _emails(week).filter(state=State.HELD), _emails(week).free(at=at)
    if week.is_over(at=at):
        for emails in (held, free):
            emails.update(state=State.EXPIRED, claimed_at=None, last_error=HELD_TOO_LONG)
        queued = 0
    else:
        queued = held.update(state=State.WAITING, next_attempt_at=at)
    audit.record(at=at, act="digests released", actor=by, week=str(week), emails=queued)
    return queued


def _emails(week: DigestWeek) -> OutboxEmailQuerySet:
    return OutboxEmail.objects.of_week(week.iso_year, week.iso_week)
