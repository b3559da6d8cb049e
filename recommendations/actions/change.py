"""Wraps every change of an assignment's history: locks, flags, position and revision.

Every transaction takes its locks in this order: what the action is about if it is not an
assignment (an import, a recommendation, a person, or a body with its evidence quota), the
assignments by key, the draft, the audit chain (by recording an event), and last the inspection's
revision. The functions here lock the assignments and the revision.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal

from forces.refusal import Refusal
from recommendations.models import Assignment, Inspection
from recommendations.positions import positions
from recommendations.positions.flag_episodes import settle
from recommendations.rules import london_day

# Sent with `inspection_id` after the commit of a change: the snapshots are out of date.
position_changed = Signal()


@contextmanager
def changing(assignment_id: int, *, at: datetime, because: str) -> Iterator[Assignment]:
    """Do as `changing_all` for one assignment, and yield it."""
    with changing_all([assignment_id], at=at, because=because) as locked:
        yield locked[assignment_id]


@contextmanager
def changing_all(
    assignment_ids: Iterable[int], *, at: datetime, because: str
) -> Iterator[dict[int, Assignment]]:
    """Lock assignments, let the caller write their history, then update all that depends on it.

    Yields them by primary key; the locks last until the transaction ends. The number of SQL
    statements does not depend on the number of assignments. Raises Refusal if `at` is before the
    latest change of any of them, because a history is written in order.
    """
    on, assignments = london_day(at), Assignment.objects.filter(pk__in=list(assignment_ids))
    with transaction.atomic():
        rows = assignments.select_for_update(of=("self",)).select_related("recommendation", "body")
        locked = {assignment.pk: assignment for assignment in rows.order_by("pk")}
        if any(at < assignment.changed_at for assignment in locked.values()):
            raise Refusal("This recommendation has changed since you opened it. Check it again.")
        settle(assignments, on=on)
        yield locked
        positions.refresh(locked)
        settle(assignments, on=on, because=because)
        for inspection_id in sorted({row.recommendation.inspection_id for row in locked.values()}):
            count_revision(inspection_id)


def lock_assignment(assignment_id: int) -> Assignment:
    """Lock one assignment; return it with its body, recommendation and latest update."""
    assignments = Assignment.objects.select_for_update(of=("self",))
    return assignments.select_related("body", "recommendation", "latest_update").get(
        pk=assignment_id
    )


def lock(assignment_ids: Iterable[int]) -> None:
    """Lock several assignments before the first of them changes.

    Every change also locks the audit chain. Locking the next assignment after that could deadlock
    with a transaction that has locked it and waits for the chain.
    """
    keys = Assignment.objects.filter(pk__in=assignment_ids).order_by("pk")
    list(keys.select_for_update(of=("self",)).values_list("pk", flat=True))


def outdate_current_snapshots(**_: object) -> None:
    """Mark the snapshots of every inspection as old: they show names of organisations."""
    for inspection in Inspection.objects.in_order():
        count_revision(inspection.pk)


def outdate_if_renamed(*, update_fields: frozenset[str] | None, **_: object) -> None:
    """Do the same if a person's name was saved: pages show who decided.

    The admin, single sign-on and removing a person change names, and save the changed fields alone.
    Whole people are saved by new passwords.
    """
    if update_fields is not None and "name" in update_fields:
        outdate_current_snapshots()


def count_revision(inspection_id: int) -> None:
    """Mark the snapshots of the inspection as old, and send `position_changed` after the commit."""
    Inspection.objects.filter(pk=inspection_id).update(revision=F("revision") + 1)
    transaction.on_commit(
        lambda: position_changed.send(sender=Inspection, inspection_id=inspection_id), robust=True
    )
