"""An import is checked once, whatever happened to it or to another one in the meantime."""

from datetime import timedelta

import pytest
from django.utils import timezone

from recommendations.imports import batches
from recommendations.models import ImportBatch
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
