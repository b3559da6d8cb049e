"""An import is checked once, whatever happened to it or to another one in the meantime."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.evidence import isolation
from recommendations.imports import batches
from recommendations.models import ImportBatch
from tests.factories import ASSIGNED_AT
from tests.recommendations.imports.files import as_csv, row

pytestmark = pytest.mark.django_db
State = ImportBatch.State


def test_a_cancelled_import_is_not_checked_again(assignment, analyst):
    now = timezone.now()
    batch = batches.create_batch(content=as_csv(row()), name="a.csv", by=analyst, at=now)
    batches.discard(batch, at=now)
    ImportBatch.objects.update(state=State.CHECKING)  # as if it was read before
    batches.check(batch.pk, at=now)
    batch.refresh_from_db()
    assert batch.state == State.DISCARDED


def test_one_unreadable_batch_does_not_stop_the_others(assignment, analyst):
    long_ago = timezone.now() - timedelta(hours=1)
    first, second = (
        batches.create_batch(
            content=as_csv(row(Progress=text)), name="a.csv", by=analyst, at=long_ago
        )
        for text in ("one", "two")
    )
    ImportBatch.objects.filter(pk=first.pk).update(content=b"", rows_total=1)
    batches.resume(at=timezone.now())
    second.refresh_from_db()
    assert second.state == State.CHECKED


def test_a_busy_service_does_not_cancel_an_import(assignment, analyst, monkeypatch):
    batch = batches.create_batch(
        content=as_csv(row()), name="updates.csv", by=analyst, at=ASSIGNED_AT
    )
    monkeypatch.setattr(isolation, "MAX_SECONDS", 0.01)
    with ExitStack() as busy:
        for _ in range(isolation.MAX_PROCESSES):
            busy.enter_context(isolation._processes)
        batches.check(batch.pk, at=ASSIGNED_AT)
    batch.refresh_from_db()
    assert batch.state == batches.State.CHECKING
    monkeypatch.undo()
    batches.check(batch.pk, at=ASSIGNED_AT)
    batch.refresh_from_db()
    assert batch.state == batches.State.CHECKED
