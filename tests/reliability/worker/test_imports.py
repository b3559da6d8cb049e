"""An import whose worker is killed writes nothing, and is resumed."""

from datetime import timedelta

from django.core.cache import caches
from django.utils import timezone

from forces.audit_check import check_trail
from recommendations.imports import batches
from recommendations.models import ImportBatch, Update
from recommendations.positions import positions
from recommendations.tasks import process_import, queue
from tests.factories import AssignmentFactory, UserFactory
from tests.recommendations.imports.files import as_csv, row
from tests.reliability.worker.conftest import StartWorker, kill, wait_until

ROWS = 600


def test_a_killed_import_writes_all_or_nothing(start_worker: StartWorker):
    assignment = AssignmentFactory(body__short_name="Kent", recommendation__number=1)
    analyst = UserFactory()
    content = as_csv(*(row(Progress=f"Step {number}.") for number in range(ROWS)))
    now = timezone.now()
    batch = batches.create_batch(content=content, name="a.csv", by=analyst, at=now)
    batches.check(batch.pk, at=now)
    batches.confirm(batch, is_right=False, by=analyst, at=now)
    worker = start_worker()
    caches["redis"].clear()  # the progress of the check
    queue(process_import, batch.pk)
    wait_until(lambda: batches.progress(batch) > 0)  # it is writing
    kill(worker)
    batch.refresh_from_db()
    assert Update.objects.count() == (ROWS if batch.state == ImportBatch.State.DONE else 0)

    start_worker()
    later = timezone.now() + timedelta(minutes=5)
    wait_until(lambda: batches.resume(at=later) == 0, seconds=90)
    batch.refresh_from_db()
    assert batch.state == ImportBatch.State.DONE
    assert Update.objects.count() == ROWS
    assignment.refresh_from_db()
    assert assignment.latest_update.number == ROWS
    assert positions.mismatched_ids() == []
    assert check_trail().findings == ()
