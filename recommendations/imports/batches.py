"""The steps of an import: upload, check, confirm, write. Tasks may be killed and run again."""

import hashlib
import logging
from collections import Counter
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.db.models import F

from forces.models import Body, User
from forces.outages import redis_errors
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.import_updates import PlannedUpdate, import_updates
from recommendations.advisory_lock import try_lock
from recommendations.evidence.file_names import clean_name
from recommendations.evidence.file_types import UnacceptableFile
from recommendations.evidence.isolation import ServiceBusy
from recommendations.imports.outcomes import CLAIM, ERROR, NOTHING, UPDATE, RowOutcome
from recommendations.imports.plan import ImportPlanner, ReportProgress
from recommendations.imports.spreadsheet import read_sheet
from recommendations.inspections import inspection_of
from recommendations.models import ImportBatch, Inspection
from recommendations.rules import london_day

log = logging.getLogger(__name__)

MAX_ROWS_IN_REQUEST = 200  # larger files are left to a task
MAX_ATTEMPTS = 5  # attempts to check or write a file whose workers are killed
STALLED_AFTER = timedelta(minutes=2)  # without progress, a batch is started again
PROGRESS_TIMEOUT_SECONDS = 600
_LOCK_NAMESPACE = 0x1317  # of PostgreSQL advisory locks
_SAME_FILE = "The same file was imported while you were working."
State = ImportBatch.State


def create_batch(
    *, content: bytes, name: str, by: User, at: datetime, body: Body | None = None
) -> ImportBatch:
    """Store an uploaded file for checking. Raises UnacceptableFile if it cannot be read.

    With `body`, only updates of that organisation can be imported from it.
    """
    cleaned = clean_name(name)
    sheet = read_sheet(content, name=cleaned)
    return ImportBatch.objects.create(
        uploaded_by=by,
        uploaded_at=at,
        moved_at=at,
        name=cleaned,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        body=body,
        inspection=Inspection.objects.current(),
        rows_total=len(sheet.rows),
        notes=sheet.notes,
    )


def imported_before(batch: ImportBatch) -> ImportBatch | None:
    done = ImportBatch.objects.filter(sha256=batch.sha256, state=State.DONE)
    return done.defer("content", "results").first()


def check(batch_id: int, *, at: datetime) -> None:
    """Store the outcome of every row. Nothing changes if the batch has already been checked."""
    with try_lock(_LOCK_NAMESPACE, batch_id) as is_locked:
        batch = _with_people(batch_id, State.CHECKING)
        inspection = inspection_of(batch)
        if not is_locked or batch is None or inspection is None:
            return
        if not _start_attempt(batch, at=at):
            return
        try:
            outcomes, _ = _plan(batch, inspection, at=at, report_progress=_progress_reporter(batch))
        except ServiceBusy:
            return  # `resume` checks it later
        except UnacceptableFile as reason:  # cancelled in the meantime, or other rules since
            _move(batch, State.DISCARDED, at=at, sentence=str(reason))
            return
        results = [asdict(outcome) for outcome in outcomes]
        _move(batch, State.CHECKED, at=at, results=results)


def _with_people(batch_id: int, state: str) -> ImportBatch | None:
    batches = ImportBatch.objects.filter(pk=batch_id, state=state)
    return batches.select_related("confirmed_by", "body").first()


def _start_attempt(batch: ImportBatch, *, at: datetime) -> bool:
    """Count an attempt. After too many, park the batch instead and return False."""
    if batch.tries >= MAX_ATTEMPTS:
        sentence = "This file could not be processed. An administrator can try it again."
        _move(batch, State.PARKED, at=at, parked_in=batch.state, sentence=sentence)
        log.error("Import %s is parked after %s attempts.", batch.pk, batch.tries)
        return False
    ImportBatch.objects.filter(pk=batch.pk).update(tries=F("tries") + 1, moved_at=at)
    return True


def _move(batch: ImportBatch, to: str, *, at: datetime, **fields: Any) -> None:
    """Change the state, unless it is no longer the one that was read."""
    unchanged = ImportBatch.objects.filter(pk=batch.pk, state=batch.state)
    unchanged.update(state=to, moved_at=at, **({"tries": 0} | fields))


def confirm(batch: ImportBatch, *, is_right: bool, by: User, at: datetime) -> None:
    """Let a checked batch be written. `is_right` confirms the contradictions in its rows.

    Raises Refusal if it has errors, nothing new, or contradictions that are not confirmed.
    """
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != State.CHECKED:
            raise Refusal("This import has already been confirmed or cancelled.")
        rows = outcomes_of(locked)
        outcomes = {row.outcome for row in rows}
        if ERROR in outcomes:
            raise Refusal("Some rows cannot be imported. Correct them and upload the file again.")
        if not outcomes & {UPDATE, CLAIM}:
            raise Refusal("Nothing in this file is new, so there is nothing to import.")
        if not is_right and any(row.contradictions for row in rows):
            raise Refusal(
                "Some rows have answers that contradict each other. Confirm that they are right, "
                "or correct them and upload the file again."
            )
        locked.state, locked.moved_at = State.WRITING, at
        locked.confirmed_by = by
        locked.save(update_fields=["state", "moved_at", "confirmed_by"])


def write(batch_id: int, *, at: datetime) -> None:
    """Submit every row of a confirmed batch, or none.

    If anything has changed since the check, the batch goes back to be checked again.
    """
    with try_lock(_LOCK_NAMESPACE, batch_id) as is_locked:
        batch = _with_people(batch_id, State.WRITING)
        inspection = inspection_of(batch)
        if not is_locked or batch is None or inspection is None or batch.confirmed_by is None:
            return
        if not _start_attempt(batch, at=at):
            return
        try:
            with transaction.atomic():
                _write(batch, inspection, by=batch.confirmed_by, at=at)
        except (Refusal, UnacceptableFile, IntegrityError) as reason:
            sentence = _SAME_FILE if isinstance(reason, IntegrityError) else str(reason)
            batch.state = State.WRITING  # as stored: the transaction was rolled back
            _move(batch, State.CHECKING, at=at, sentence=sentence)


def _write(batch: ImportBatch, inspection: Inspection, *, by: User, at: datetime) -> None:
    if imported_before(batch) is not None:
        raise Refusal(_SAME_FILE)
    outcomes, updates = _plan(batch, inspection, at=at)
    if [asdict(outcome) for outcome in outcomes] != batch.results:
        raise Refusal("Something has changed since the check, so we checked every row again.")
    import_updates(
        updates=updates,
        name=batch.name,
        sha256=batch.sha256,
        body=batch.body,
        by=by,
        at=at,
        report_progress=_progress_reporter(batch),
    )
    batch.state, batch.moved_at, batch.sentence, batch.tries = State.DONE, at, "", 0
    batch.save(update_fields=["state", "moved_at", "sentence", "tries"])


def _plan(
    batch: ImportBatch,
    inspection: Inspection,
    *,
    at: datetime,
    report_progress: ReportProgress = lambda done: None,
) -> tuple[list[RowOutcome], list[PlannedUpdate]]:
    sheet = read_sheet(bytes(batch.content), name=batch.name)
    planner = ImportPlanner(inspection, on=london_day(at), body=batch.body)
    return planner.plan(sheet, report_progress=report_progress)


def outcomes_of(batch: ImportBatch) -> list[RowOutcome]:
    return [RowOutcome(**stored) for stored in batch.results]


def outcome_sentence(batch: ImportBatch, counts: Counter[str]) -> str:
    """Return `2 rows: 1 update and 0 claims would be sent; 1 with nothing new; 0 with errors.`"""
    verb = "were" if batch.state == State.DONE else "would be"
    rows = wording.count(batch.rows_total, "row")
    updates = wording.count(counts[UPDATE], "update")
    claims = wording.count(counts[CLAIM], "claim")
    return (
        f"{rows}: {updates} and {claims} {verb} sent; {counts[NOTHING]:,} with nothing new; "
        f"{counts[ERROR]:,} with errors."
    )


def discard(batch: ImportBatch, *, at: datetime) -> None:
    """Cancel an import and delete its file. Raises Refusal if it has been confirmed."""
    unconfirmed = ImportBatch.objects.filter(
        pk=batch.pk, state__in=[State.CHECKING, State.CHECKED, State.DISCARDED]
    )
    if not unconfirmed.update(state=State.DISCARDED, moved_at=at, content=b""):
        raise Refusal("This import has already been confirmed, so you cannot cancel it.")


def resume(*, at: datetime) -> int:
    """Start stalled batches again, after a killed worker or an emptied queue. Returns how many."""
    stalled = ImportBatch.objects.filter(
        state__in=[State.CHECKING, State.WRITING], moved_at__lt=at - STALLED_AFTER
    )
    batches = list(stalled.order_by("pk").values_list("pk", "state"))
    for pk, state in batches:
        try:
            (check if state == State.CHECKING else write)(pk, at=at)
        except Exception:  # so that one broken batch does not stop the others
            log.exception("Import %s could not be resumed.", pk)
    return len(batches)


def progress(batch: ImportBatch) -> int:
    """Return how many rows are done; 0 if Redis does not know. Only for display."""
    try:
        return int(caches["redis"].get(_progress_key(batch)) or 0)
    except redis_errors() as error:
        log.warning("The progress of an import cannot be read: %s", type(error).__name__)
        return 0


def _progress_reporter(batch: ImportBatch) -> ReportProgress:
    def report_progress(done: int) -> None:
        try:
            caches["redis"].set(_progress_key(batch), done, timeout=PROGRESS_TIMEOUT_SECONDS)
        except redis_errors() as error:
            log.warning("The progress of an import cannot be stored: %s", type(error).__name__)

    return report_progress


def _progress_key(batch: ImportBatch) -> str:
    return f"import-progress-{batch.pk}"
