"""The frame around every change of an assignment's history."""

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

# Sent after the commit of a change, with `inspection_id`: the rendered dashboards are out of date.
position_changed = Signal()


@contextmanager
def changing(assignment_id: int, *, at: datetime, because: str) -> Iterator[Assignment]:
    """The frame of `changing_all` round one assignment."""
    with changing_all([assignment_id], at=at, because=because) as locked:
        yield locked[assignment_id]


@contextmanager
def changing_all(
    assignment_ids: Iterable[int], *, at: datetime, because: str
) -> Iterator[dict[int, Assignment]]:
    """Lock assignments, let the caller write their history, and bring all else up to it.

    Yields them by key, locked until the transaction ends. The same number of statements however
    many they are. Raises Refusal where `at` lies before the latest change of one: a history is
    written in order.
    """
    on, these = london_day(at), Assignment.objects.filter(pk__in=list(assignment_ids))
    with transaction.atomic():
        found = these.select_for_update(of=("self",)).select_related("recommendation", "body")
        locked = {assignment.pk: assignment for assignment in found.order_by("pk")}
        if any(at < assignment.changed_at for assignment in locked.values()):
            raise Refusal("Something newer has happened to this recommendation. Look at it again.")
        settle(these, on=on)
        yield locked
        positions.refresh(locked)
        settle(these, on=on, because=because)
        for inspection_id in {each.recommendation.inspection_id for each in locked.values()}:
            count_revision(inspection_id)


def lock(assignment_ids: Iterable[int]) -> None:
    """Lock several assignments before the first of them changes.

    Each change locks the audit chain, too: who asked for the next assignment after that could wait
    for somebody who holds it and waits for the chain.
    """
    keys = Assignment.objects.filter(pk__in=assignment_ids).order_by("pk")
    list(keys.select_for_update(of=("self",)).values_list("pk", flat=True))


def body_changed(**_: object) -> None:
    """A body's name or place stands in the rendered dashboards, too."""
    inspection = Inspection.objects.current()
    if inspection is not None:
        count_revision(inspection.pk)


def count_revision(inspection_id: int) -> None:
    """Mark every snapshot of the inspection as old, and say so after the commit."""
    Inspection.objects.filter(pk=inspection_id).update(revision=F("revision") + 1)
    transaction.on_commit(
        lambda: position_changed.send(sender=Inspection, inspection_id=inspection_id), robust=True
    )
