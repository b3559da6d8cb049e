"""The frame around every change of an assignment's history."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.dispatch import Signal

from recommendations import positions
from recommendations.flags import settle
from recommendations.models import Assignment, Inspection
from recommendations.rules import london_day

# Sent after the commit of a change, with `inspection_id`: the rendered dashboards are out of date.
position_changed = Signal()


class Refusal(Exception):
    """An act that makes no sense now. Its text is a sentence for the person who tried."""


@contextmanager
def changing(assignment_id: int, *, at: datetime, because: str) -> Iterator[Assignment]:
    """Lock one assignment, let the caller write its history, and bring all else up to it.

    Yields the assignment, locked until the transaction ends. Raises Refusal where `at` lies
    before the latest change: a history is written in order.
    """
    on = london_day(at)
    this = Assignment.objects.filter(pk=assignment_id)
    with transaction.atomic():
        assignment = (
            this.select_for_update(of=("self",)).select_related("recommendation", "body").get()
        )
        if at < assignment.changed_at:
            raise Refusal("Something newer has happened to this recommendation. Look at it again.")
        settle(this, on=on)
        yield assignment
        positions.refresh([assignment.pk])
        settle(this, on=on, because=because)
        count_revision(assignment.recommendation.inspection_id)


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
