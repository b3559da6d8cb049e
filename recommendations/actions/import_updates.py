"""Submits many updates at once for an import: all of them or none."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Max

from forces import audit
from forces.models import User
from recommendations.actions.change import changing_all
from recommendations.actions.drafts import refuse_if_closed
from recommendations.models import Assignment, Update

_NAMESPACE = UUID("6d0b8b5e-3d2c-4a63-9d5f-0e3c1a7f4b11")
_BATCH_SIZE = 500  # updates in one statement


def import_updates(
    *,
    updates: Iterable[tuple[int, int, dict[str, Any]]],
    name: str,
    sha256: str,
    by: User,
    at: datetime,
    told: Callable[[int], None] = lambda done: None,
) -> int:
    """Write updates (assignment key, row of the file, answers) in this order; return their number.

    The rows must have been checked. `told` is called with the number written so far.
    Raises Refusal if an assignment does not accept updates now.
    """
    rows = list(updates)
    with changing_all({key for key, _, _ in rows}, at=at, because="update submitted") as locked:
        for assignment in locked.values():
            refuse_if_closed(assignment)
        created = _create(rows, sha256=sha256, by=by, at=at, told=told)
        audit.record_all(_event(update, locked[update.assignment_id], by, at) for update in created)
        audit.record(
            at=at, act="updates imported", actor=by, file=name, sha256=sha256, count=len(created)
        )
    return len(created)


def _create(
    rows: list[tuple[int, int, dict[str, Any]]],
    *,
    sha256: str,
    by: User,
    at: datetime,
    told: Callable[[int], None],
) -> list[Update]:
    keys = {key for key, _, _ in rows}
    numbers = Update.objects.filter(assignment__in=keys).order_by().values_list("assignment")
    latest_numbers = Counter(dict(numbers.annotate(Max("number"))))
    updates = []
    for key, row_number, answers in rows:
        latest_numbers[key] += 1
        updates.append(
            Update(
                assignment_id=key,
                number=latest_numbers[key],
                token=uuid5(_NAMESPACE, f"{sha256} {row_number}"),
                submitted_at=at,
                submitted_by=by,
                **answers,
            )
        )
    for start in range(0, len(updates), _BATCH_SIZE):
        Update.objects.bulk_create(updates[start : start + _BATCH_SIZE])
        told(start + _BATCH_SIZE)
    return updates


def _event(update: Update, assignment: Assignment, by: User, at: datetime) -> audit.Event:
    return audit.Event(
        at=at,
        act="claim submitted" if update.is_claim else "update submitted",
        actor=by,
        subject=update,
        body=assignment.body,
        details={
            "assignment": assignment.pk,
            "number": update.number,
            "status": update.status,
            "imported": True,
        },
    )
