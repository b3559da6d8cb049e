"""Submitting many updates at once, as an import does: all of them or none."""

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
PIECE = 500


def import_updates(
    *,
    updates: Iterable[tuple[int, int, dict[str, Any]]],
    name: str,
    sha256: str,
    by: User,
    at: datetime,
    told: Callable[[int], None] = lambda done: None,
) -> int:
    """Write updates (assignment key, row of the file, answers) in this order; how many.

    The rows must be checked. Raises Refusal where an assignment takes no update now.
    """
    listed = list(updates)
    keys = {key for key, _, _ in listed}
    with changing_all(keys, at=at, because="update submitted") as locked:
        for assignment in locked.values():
            refuse_if_closed(assignment)
        written = _written(listed, sha256=sha256, by=by, at=at, told=told)
        audit.record_all(_event(update, locked[update.assignment_id], by, at) for update in written)
        audit.record(
            at=at, act="updates imported", actor=by, file=name, sha256=sha256, count=len(written)
        )
    return len(written)


def _written(
    listed: list[tuple[int, int, dict[str, Any]]],
    *,
    sha256: str,
    by: User,
    at: datetime,
    told: Callable[[int], None],
) -> list[Update]:
    keys = {key for key, _, _ in listed}
    numbers = Update.objects.filter(assignment__in=keys).order_by().values_list("assignment")
    sent = Counter(dict(numbers.annotate(Max("number"))))
    rows = []
    for key, row, answers in listed:
        sent[key] += 1
        token = uuid5(_NAMESPACE, f"{sha256} {row}")
        rows.append(
            Update(
                assignment_id=key,
                number=sent[key],
                token=token,
                submitted_at=at,
                submitted_by=by,
                **answers,
            )
        )
    for start in range(0, len(rows), PIECE):
        Update.objects.bulk_create(rows[start : start + PIECE])
        told(start + PIECE)
    return rows


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
