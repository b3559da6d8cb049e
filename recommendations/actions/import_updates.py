"""Submits many updates in one transaction, as an import does."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from django.db.models import Max

from forces import audit
from forces.models import Body, User
from recommendations.actions.change import changing_all
from recommendations.actions.drafts import refuse_if_closed
from recommendations.actions.submit_update import act_of, refuse_without_approval
from recommendations.models import Assignment, Update
from recommendations.update_rules import Contradiction

BATCH_SIZE = 500
_TOKEN_NAMESPACE = UUID("6d0b8b5e-3d2c-4a63-9d5f-0e3c1a7f4b11")


@dataclass(frozen=True)
class PlannedUpdate:
    """An update to submit: the assignment's key, the row of the file, and the checked answers.

    `confirmed` are the contradictions in the row, which the person who imports it has confirmed.
    """

    assignment_id: int
    row: int
    answers: dict[str, Any]
    confirmed: Sequence[Contradiction] = ()


def import_updates(
    *,
    updates: Sequence[PlannedUpdate],
    name: str,
    sha256: str,
    by: User,
    at: datetime,
    body: Body | None = None,
    report_progress: Callable[[int], None] = lambda done: None,
) -> int:
    """Submit the updates of a file in this order, all or none. Returns how many.

    `body` is the only organisation that the file may have updates of, or None.
    `report_progress` is called with the number of rows written. Raises Refusal where an
    assignment does not take updates now.
    """
    keys = {update.assignment_id for update in updates}
    with changing_all(keys, at=at, because="update submitted") as locked:
        for assignment in locked.values():
            refuse_if_closed(assignment)
            refuse_without_approval(assignment)
        rows = _rows(updates, sha256=sha256, by=by, at=at)
        for start in range(0, len(rows), BATCH_SIZE):
            Update.objects.bulk_create(rows[start : start + BATCH_SIZE])
            report_progress(start + BATCH_SIZE)
        audit.record_all(_event(row, locked[row.assignment_id], by, at) for row in rows)
        audit.record(
            at=at,
            act="updates imported",
            actor=by,
            body=body,
            file=name,
            sha256=sha256,
            count=len(rows),
        )
    return len(rows)


def _rows(updates: Sequence[PlannedUpdate], *, sha256: str, by: User, at: datetime) -> list[Update]:
    """Return unsaved rows that continue the numbers of each assignment's updates."""
    earlier = Update.objects.filter(assignment__in={update.assignment_id for update in updates})
    last_numbers = earlier.order_by().values_list("assignment").annotate(Max("number"))
    numbers = Counter(dict(last_numbers))
    rows = []
    for update in updates:
        numbers[update.assignment_id] += 1
        rows.append(
            Update(
                assignment_id=update.assignment_id,
                number=numbers[update.assignment_id],
                token=uuid5(_TOKEN_NAMESPACE, f"{sha256} {update.row}"),
                submitted_at=at,
                submitted_by=by,
                confirmed_contradictions=list(update.confirmed),
                **update.answers,
            )
        )
    return rows


def _event(update: Update, assignment: Assignment, by: User, at: datetime) -> audit.NewEvent:
    return audit.NewEvent(
        at=at,
        act=act_of(update),
        actor=by,
        subject=update,
        body=assignment.body,
        rows=[update],
        details={
            "assignment": assignment.pk,
            "number": update.number,
            "status": update.status,
            "contradictions": update.confirmed_contradictions,
            "imported": True,
        },
    )
