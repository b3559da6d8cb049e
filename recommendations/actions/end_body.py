"""Ends an organisation on a day, with what it has open moving to its successor.

An administrator records the day and can correct or cancel it before. A job ends the organisation on
that day; today's is ended at once.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from forces import audit
from forces.accounts.move_memberships import lock_people, move_memberships
from forces.models import Body, BodyEnd, User
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.change import outdate_current_snapshots
from recommendations.actions.move_assignments import lock_to_move, move_assignments
from recommendations.rules import OPEN, london_day

HAS_ENDED = "This organisation has ended, so this can no longer be changed."
CHANGED = "Somebody has changed this since you opened the page. Check it again."
IN_THE_PAST = "The day must be today or later: the positions of past days do not change."


@transaction.atomic
def record_body_end(
    *,
    body: Body,
    ends_on: date,
    successor: Body | None,
    reason: str,
    corrects: BodyEnd | None,
    by: User,
    at: datetime,
) -> BodyEnd:
    """Record the first London day without an organisation, and end it at once if that is today.

    `corrects` is the end that the user saw, which this one replaces. Raises Refusal as
    `body_end_error` says, or if somebody has recorded another end.
    """
    locked, following = _lock(body, successor)
    if error := body_end_error(locked, following, ends_on=ends_on, on=london_day(at)):
        raise Refusal(error)
    is_today = ends_on <= london_day(at)
    if is_today:
        _lock_moving(locked, following)
    end = _add(locked, ends_on, following, reason, seen=corrects, by=by, at=at)
    if is_today:
        _apply(end, at=at)
    return end


@transaction.atomic
def cancel_body_end(*, end: BodyEnd, reason: str, by: User, at: datetime) -> BodyEnd:
    """Record that an organisation does not end after all. Raises Refusal if it has ended."""
    locked, _ = _lock(end.body, None)
    if locked.ended_at is not None:
        raise Refusal(HAS_ENDED)
    return _add(locked, None, None, reason, seen=end, by=by, at=at)


def body_end_error(body: Body, successor: Body | None, *, ends_on: date, on: date) -> str:
    """Return why an organisation cannot end like this, or ""; 2 queries."""
    if body.ended_at is not None:
        return HAS_ENDED
    if ends_on < on:
        return IN_THE_PAST
    if body.reviews_claims:
        return f"{body.name} reviews claims, so it cannot end."
    if successor is None:
        return _predecessor_error(body)
    if successor == body or successor.kind != body.kind:
        return "Select another organisation of the same kind as the successor."
    if successor.ended_at is not None:
        return f"{successor.name} has ended, so it cannot be the successor."
    if (other := BodyEnd.objects.valid().filter(body=successor).first()) and other.ends_on:
        return (
            f"{successor.name} ends on {wording.day(other.ends_on)}, so it cannot be the successor."
        )
    return _predecessor_error(body)


def _predecessor_error(body: Body) -> str:
    waiting = BodyEnd.objects.valid().filter(successor=body, body__ended_at=None)
    if (other := waiting.select_related("body").first()) is not None:
        return f"It will be the successor of {other.body.name}. Change that first."
    return ""


def apply_body_ends(*, at: datetime) -> str:
    """End the organisations whose day has come, and move claims that were returned since.

    Returns a sentence, or "" if there was nothing to do. Can be run twice.
    """
    due = BodyEnd.objects.due(on=london_day(at)).order_by("ends_on", "pk")
    left = due.filter(body__ended_at__isnull=False, body__assignments__status__in=OPEN)
    names = []
    for end in (due.filter(body__ended_at=None) | left).distinct():
        with transaction.atomic():
            names.append(_apply(end, at=at))
    return f"Ended: {', '.join(names)}." if names else ""


def _apply(end: BodyEnd, *, at: datetime) -> str:
    """Move what is open, then end the organisation unless it has ended; return its name."""
    body, successor = _lock(end.body, end.successor)
    if body.ended_at is not None:
        successor = body.succeeded_by
    _lock_moving(body, successor)
    count = move_assignments(
        body, successor=successor, reason=end.reason, by=end.recorded_by, at=at
    )
    people = move_memberships(body, successor=successor, by=end.recorded_by, at=at)
    if body.ended_at is None:
        # Not `save`, whose signal would lock the revision before the audit chain.
        Body.objects.filter(pk=body.pk).update(ended_at=at, succeeded_by=successor)
        Body.objects.filter(succeeded_by=body).update(succeeded_by=successor)
    audit.record(
        at=at,
        act="organisation ended",
        actor=end.recorded_by,
        subject=body,
        body=body,
        successor=successor.name if successor else "",
        assignments=count,
        people=people,
    )
    outdate_current_snapshots()
    return body.name


def _add(
    body: Body,
    ends_on: date | None,
    successor: Body | None,
    reason: str,
    *,
    seen: BodyEnd | None,
    by: User,
    at: datetime,
) -> BodyEnd:
    last = BodyEnd.objects.filter(body=body, corrected_by=None).first()
    valid = last if last and last.ends_on else None
    if valid != seen:
        raise Refusal(CHANGED)
    end = BodyEnd.objects.create(
        body=body,
        ends_on=ends_on,
        successor=successor,
        reason=reason,
        corrects=last,
        recorded_at=at,
        recorded_by=by,
    )
    audit.record(
        at=at,
        act="end of organisation recorded" if ends_on else "end of organisation cancelled",
        actor=by,
        subject=body,
        body=body,
        rows=[end],
        ends_on=ends_on.isoformat() if ends_on else "",
        successor=successor.name if successor else "",
        reason=reason,
    )
    outdate_current_snapshots()
    return end


def _lock_moving(body: Body, successor: Body | None) -> None:
    lock_people(body)
    lock_to_move(body, successor)


def _lock(body: Body, successor: Body | None) -> tuple[Body, Body | None]:
    """Lock both organisations, and those that the first one has followed; return the two."""
    keys = [body.pk] + ([successor.pk] if successor else [])
    bodies = Body.objects.select_for_update(no_key=True, of=("self",))
    rows = bodies.filter(Q(pk__in=keys) | Q(succeeded_by=body))
    locked = {row.pk: row for row in rows.select_related("succeeded_by").order_by("pk")}
    return locked[body.pk], locked[successor.pk] if successor else None
