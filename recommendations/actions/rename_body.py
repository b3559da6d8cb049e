"""Records the names of organisations: a new name from a day on, and corrections of recorded names.

`Body.name` and `short_name` are the names of today. A name that begins on a later day is copied to
them by a job on that day.
"""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format

from forces import audit
from forces.models import Body, BodyName, User
from forces.refusal import Refusal
from recommendations.actions.change import outdate_current_snapshots
from recommendations.rules import london_day

CORRECTED = "Somebody has corrected this name since you opened the page. Check it again."
SAME_DAY = "There is already a name from that day. Correct that name instead."
NO_CHANGE = "That is already its name on that day, so nothing would change."


@transaction.atomic
def rename_body(
    *, body: Body, name: str, short_name: str, since: date, by: User, at: datetime
) -> BodyName:
    """Record that an organisation has a new name from a London day on, in the past or to come.

    Raises Refusal if a name begins on that day already, if nothing would change, or if another
    organisation has the name.
    """
    locked = _lock(body)
    names = _valid_names(locked)
    if any(row.since == since for row in names):
        raise Refusal(SAME_DAY)
    before = _first_name(locked, at=at) if not names else None
    in_force = before or _in_force_on(since, locked)
    if (in_force.name, in_force.short_name) == (name, short_name):
        raise Refusal(NO_CHANGE)
    _refuse_taken_names(locked, name, short_name, at=at)
    row = BodyName.objects.create(
        body=locked, name=name, short_name=short_name, since=since, recorded_at=at, recorded_by=by
    )
    _use_name_of_today(locked, at=at)
    audit.record(
        at=at,
        act="organisation renamed",
        actor=by,
        subject=locked,
        body=locked,
        rows=[before, row] if before else [row],
        since=since.isoformat(),
        before=_in_words(in_force),
        after=_in_words(row),
    )
    outdate_current_snapshots()
    return row


@transaction.atomic
def correct_body_name(
    *,
    body: Body,
    recorded: BodyName | None,
    name: str,
    short_name: str,
    since: date | None,
    by: User,
    at: datetime,
) -> BodyName:
    """Correct a name that was recorded wrongly, or its first day: that was never its name.

    `recorded` is None for the name that an organisation has had since before names were recorded,
    whose `since` is None and stays. A rename that never happened is corrected to the name before
    it. Raises Refusal as `rename_body` does, and if somebody has corrected the name already.
    """
    locked = _lock(body)
    names = _valid_names(locked)
    first = _first_name(locked, at=at) if recorded is None and not names else None
    wrong = first or next((row for row in names if row == recorded), None)
    if wrong is None:
        raise Refusal(CORRECTED)
    _refuse_dates(wrong, names, since=since)
    if (wrong.name, wrong.short_name, wrong.since) == (name, short_name, since):
        raise Refusal("Nothing would change.")
    _refuse_taken_names(locked, name, short_name, at=at)
    row = BodyName.objects.create(
        body=locked,
        name=name,
        short_name=short_name,
        since=since,
        corrects=wrong,
        recorded_at=at,
        recorded_by=by,
    )
    _use_name_of_today(locked, at=at)
    audit.record(
        at=at,
        act="organisation name corrected",
        actor=by,
        subject=locked,
        body=locked,
        rows=[first, row] if first else [row],
        before=_in_words(wrong),
        after=_in_words(row),
    )
    outdate_current_snapshots()
    return row


def begin_new_names(*, at: datetime) -> str:
    """Give each organisation the recorded name of today; return a sentence, or "" for no change."""
    begun = [
        body.name
        for body in Body.objects.filter(pk__in=BodyName.objects.values("body")).order_by("pk")
        if _begin_new_name(body, at=at)
    ]
    return f"New names in use: {', '.join(begun)}." if begun else ""


@transaction.atomic
def _begin_new_name(body: Body, *, at: datetime) -> bool:
    former, locked = str(body), _lock(body)
    if not _use_name_of_today(locked, at=at):
        return False
    audit.record(
        at=at,
        act="organisation name in use",
        actor=None,
        subject=locked,
        body=locked,
        before=former,
        after=locked.name,
    )
    body.name = locked.name
    outdate_current_snapshots()
    return True


def _lock(body: Body) -> Body:
    return Body.objects.select_for_update(no_key=True, of=("self",)).get(pk=body.pk)


def _valid_names(body: Body) -> list[BodyName]:
    return list(BodyName.objects.valid().filter(body=body))


def _in_force_on(on: date, body: Body) -> BodyName:
    return BodyName.objects.in_force_on(on).filter(body=body)[0]


def _first_name(body: Body, *, at: datetime) -> BodyName:
    """Record the name that the organisation has always had."""
    return BodyName.objects.create(
        body=body, name=body.name, short_name=body.short_name, recorded_at=at
    )


def _use_name_of_today(body: Body, *, at: datetime) -> bool:
    """Copy the name of today to the organisation; return whether it had another one."""
    today = _in_force_on(london_day(at), body)
    if (body.name, body.short_name) == (today.name, today.short_name):
        return False
    body.name, body.short_name = today.name, today.short_name
    # Not `save`, whose signal would lock the revision before the audit chain.
    Body.objects.filter(pk=body.pk).update(name=body.name, short_name=body.short_name)
    return True


def _refuse_dates(wrong: BodyName, names: list[BodyName], *, since: date | None) -> None:
    if (wrong.since is None) != (since is None):
        raise Refusal("The first name has no first day, and every later name has one.")
    if any(row.since == since for row in names if row != wrong):
        raise Refusal(SAME_DAY)


def _refuse_taken_names(body: Body, name: str, short_name: str, *, at: datetime) -> None:
    """Raise Refusal if another organisation has one of the names, or will have it.

    A name that another organisation no longer has may be used again.
    """
    is_same = Q(name__iexact=name) | Q(short_name__iexact=short_name)
    to_come = BodyName.objects.valid().filter(is_same, since__gt=london_day(at))
    others = Body.objects.filter(is_same | Q(pk__in=to_come.values("body"))).exclude(pk=body.pk)
    if (other := others.first()) is not None:
        raise Refusal(f"{other.name} has this name or short name already.")


def _in_words(row: BodyName) -> str:
    since = f" since {date_format(row.since)}" if row.since else ""
    return f"{row.name} ({row.short_name}){since}"
