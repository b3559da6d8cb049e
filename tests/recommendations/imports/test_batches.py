"""An import is checked later if its file could not be read in time."""

from contextlib import ExitStack

from recommendations.evidence import isolation
from recommendations.imports import batches
from tests.factories import ASSIGNED_AT
from tests.recommendations.imports.files import as_csv, row


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
