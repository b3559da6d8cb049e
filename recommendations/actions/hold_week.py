"""Holding back the digests of a week, and letting them go."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from forces import audit
from forces.models import User
from recommendations.actions.change import Refusal
from recommendations.models import DigestWeek, OutboxMail
from recommendations.rules import london_day

State = OutboxMail.State


@transaction.atomic
def hold_week(*, iso_year: int, iso_week: int, reason: str, by: User, at: datetime) -> int:
    """Make none of its digests, and send none that waits; how many were waiting.

    What a sender has in hand at this moment goes, or waits where it is not taken at once. Raises
    Refusal where it is held already.
    """
    week = DigestWeek.locked(iso_year, iso_week)
    if week.held_at is not None:
        raise Refusal(f"{week} is held back already.")
    week.held_at, week.held_by, week.reason = at, by, reason
    week.save()
    free = Q(claimed_at=None) | Q(next_attempt_at__lte=at)
    held = _mails(week).filter(free, state=State.WAITING).update(state=State.HELD, claimed_at=None)
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
    is_over = (iso_year, iso_week) < london_day(at).isocalendar()[:2]
    held = _mails(week).filter(state=State.HELD)
    if is_over:
        _mails(week).filter(state__in=[State.HELD, State.WAITING]).update(
            state=State.EXPIRED, last_error="Held back until the week was over."
        )
        sent = 0
    else:
        sent = held.update(state=State.WAITING, created_at=at, next_attempt_at=at)
    audit.record(at=at, act="digests released", actor=by, week=str(week), mails=sent)
    return sent


def _mails(week: DigestWeek) -> QuerySet[OutboxMail]:
    return OutboxMail.objects.filter(digest__iso_year=week.iso_year, digest__iso_week=week.iso_week)
