"""Confirms a large deletion that the retention rules have stopped."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.models import StoppedDeletion

NOTHING_STOPPED = "No deletion is waiting for confirmation."
ALREADY_CONFIRMED = "This deletion has already been confirmed. It is done by the next run."


@transaction.atomic
def confirm_deletion(*, count: int, by: User | None, at: datetime) -> None:
    """Allow the next run to remove what was stopped; `by` is None for somebody in a shell.

    Raises Refusal if nothing was stopped, if it was already confirmed, or if the number is not
    `count`: then it has changed since it was read.
    """
    stop = StoppedDeletion.objects.select_for_update().first()
    if stop is None:
        raise Refusal(NOTHING_STOPPED)
    if stop.count != count:
        raise Refusal(
            f"Nothing was confirmed: it is about {stop.count:,} items now, not {count:,}. Check "
            "them again."
        )
    if stop.confirmed_at is not None:
        raise Refusal(ALREADY_CONFIRMED)
    stop.confirmed_at = at
    stop.save(update_fields=["confirmed_at"])
    audit.record(
        at=at, act="deletion of old data confirmed", actor=by, count=count, items=stop.items
    )
