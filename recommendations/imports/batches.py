"""A file on its way into the register: taken in, checked, confirmed and written."""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import caches
from django.db import IntegrityError, transaction
from django.db.models import F

from forces.models import User
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.import_updates import import_updates
from recommendations.advisory_lock import alone
from recommendations.evidence.file_names import clean_name
from recommendations.evidence.file_types import Unacceptable
from recommendations.imports.plan import CLAIM, ERROR, NOTHING, UPDATE, Outcome, Planned, Planner
from recommendations.imports.spreadsheet import read_rows
from recommendations.models import ImportBatch, Inspection
from recommendations.rules import london_day

log = logging.getLogger(__name__)

AT_ONCE = 200  # rows: so many are done within a request
MOST_TRIES = 5  # so often a file is tried of which workers die
STALLED = timedelta(minutes=2)  # without news, a batch is taken up again
_LOCK = 0x1317  # a name space of advisory locks
State = ImportBatch.State


def take_in(*, content: bytes, name: str, by: User, at: datetime) -> ImportBatch:
    """Keep a file that can be read. Raises Unacceptable for one that cannot."""
    cleaned = clean_name(name)
    rows = read_rows(content, name=cleaned)
    return ImportBatch.objects.create(
        uploaded_by=by,
        uploaded_at=at,
        moved_at=at,
        name=cleaned,
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        rows_total=len(rows),
    )


def earlier(batch: ImportBatch) -> ImportBatch | None:
    """The import that has written the very same file already."""
    done = ImportBatch.objects.filter(sha256=batch.sha256, state=State.DONE)
    return done.defer("content", "results").first()


def check(batch_id: int, *, at: datetime) -> None:
    """Plan every row and keep what would happen. Twice, or killed and again: the same."""
    with alone(_LOCK, batch_id) as is_free:
        batch = ImportBatch.objects.filter(pk=batch_id, state=State.CHECKING).first()
        inspection = Inspection.objects.current()
        if not is_free or batch is None or inspection is None or not _begins(batch, at=at):
            return
        try:
            outcomes, _ = _plan(batch, inspection, at=at, told=_teller(batch))
        except Unacceptable as reason:  # dropped a moment ago, or other rules than at the upload
            _move(batch, State.DISCARDED, at=at, sentence=str(reason))
            return
        results = [outcome.as_json() for outcome in outcomes]
        _move(batch, State.CHECKED, at=at, results=results)


def _begins(batch: ImportBatch, *, at: datetime) -> bool:
    """Count one more try, before the work. False where there were too many: it is parked."""
    if batch.tries >= MOST_TRIES:
        why = "This file could not be worked on. An administrator can let it be tried again."
        _move(batch, State.PARKED, at=at, parked_in=batch.state, sentence=why)
        log.error("Import %s is parked after %s tries.", batch.pk, batch.tries)
        return False
    ImportBatch.objects.filter(pk=batch.pk).update(tries=F("tries") + 1, moved_at=at)
    return True


def _move(batch: ImportBatch, to: str, *, at: datetime, **fields: Any) -> bool:
    """Whether the batch was still in the state that it was read in."""
    there = ImportBatch.objects.filter(pk=batch.pk, state=batch.state)
    return bool(there.update(state=to, moved_at=at, **({"tries": 0} | fields)))


def confirm(batch: ImportBatch, *, by: User, at: datetime) -> None:
    """Let it be written. Raises Refusal with errors, with nothing new, or after it was decided."""
    with transaction.atomic():
        locked = ImportBatch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != State.CHECKED:
            raise Refusal("This import was confirmed or dropped already.")
        found = {outcome.outcome for outcome in outcomes_of(locked)}
        if ERROR in found:
            raise Refusal("Some rows cannot be imported. Mend the file and upload it again.")
        if not found & {UPDATE, CLAIM}:
            raise Refusal("Nothing in this file is new, so there is nothing to import.")
        locked.state, locked.moved_at = State.WRITING, at
        locked.confirmed_by = by
        locked.save(update_fields=["state", "moved_at", "confirmed_by"])


def write(batch_id: int, *, at: datetime) -> None:
    """Write every row, or none; what changed since the check sends it back to be checked again."""
    with alone(_LOCK, batch_id) as is_free:
        batch = (
            ImportBatch.objects.filter(pk=batch_id, state=State.WRITING)
            .select_related("confirmed_by")
            .first()
        )
        inspection = Inspection.objects.current()
        if not is_free or batch is None or inspection is None or batch.confirmed_by is None:
            return
        if not _begins(batch, at=at):
            return
        try:
            with transaction.atomic():
                _write(batch, inspection, by=batch.confirmed_by, at=at)
        except (Refusal, Unacceptable, IntegrityError) as reason:
            same = "The same file was imported meanwhile."
            sentence = same if isinstance(reason, IntegrityError) else str(reason)
            batch.state = State.WRITING  # as it is stored: what was written is undone
            _move(batch, State.CHECKING, at=at, sentence=sentence)


def _write(batch: ImportBatch, inspection: Inspection, *, by: User, at: datetime) -> None:
    if earlier(batch) is not None:
        raise Refusal("The same file was imported meanwhile.")
    outcomes, planned = _plan(batch, inspection, at=at)
    if [outcome.as_json() for outcome in outcomes] != batch.results:
        raise Refusal("Something changed since the check, so every row was checked again.")
    import_updates(
        updates=[(each.assignment_id, each.row, each.answers) for each in planned],
        name=batch.name,
        sha256=batch.sha256,
        by=by,
        at=at,
        told=_teller(batch),
    )
    batch.state, batch.moved_at, batch.sentence, batch.tries = State.DONE, at, "", 0
    batch.save(update_fields=["state", "moved_at", "sentence", "tries"])


def _plan(
    batch: ImportBatch,
    inspection: Inspection,
    *,
    at: datetime,
    told: Callable[[int], None] = lambda done: None,
) -> tuple[list[Outcome], list[Planned]]:
    rows = read_rows(bytes(batch.content), name=batch.name)
    return Planner(inspection, on=london_day(at)).plan(rows, told=told)


def outcomes_of(batch: ImportBatch) -> list[Outcome]:
    return [Outcome.from_json(kept) for kept in batch.results]


def count_outcomes(outcomes: list[Outcome]) -> Counter[str]:
    """How many rows there are of each outcome (`plan.UPDATE` and the others)."""
    return Counter(outcome.outcome for outcome in outcomes)


def outcome_sentence(batch: ImportBatch, counts: Counter[str]) -> str:
    """`440 rows: 12 updates and 3 claims, 425 with nothing new, none with errors.`"""
    verb = "were" if batch.state == State.DONE else "would be"
    return (
        f"{wording.count(batch.rows_total, 'row')}: {wording.count(counts[UPDATE], 'update')} and "
        f"{wording.count(counts[CLAIM], 'claim')} {verb} sent; {counts[NOTHING]:,} with nothing "
        f"new; {counts[ERROR]:,} with errors."
    )


def discard(batch: ImportBatch, *, at: datetime) -> None:
    """Drop a file that was not confirmed: nothing is written. Raises Refusal where it was."""
    droppable = ImportBatch.objects.filter(
        pk=batch.pk, state__in=[State.CHECKING, State.CHECKED, State.DISCARDED]
    )
    if not droppable.update(state=State.DISCARDED, moved_at=at, content=b""):
        raise Refusal("This import was confirmed already, so it cannot be dropped.")


def resume(*, at: datetime) -> int:
    """Take up again what a killed worker or an emptied queue left lying."""
    stalled = ImportBatch.objects.filter(
        state__in=[State.CHECKING, State.WRITING], moved_at__lt=at - STALLED
    )
    found = list(stalled.order_by("pk").values_list("pk", "state"))
    for pk, state in found:
        try:
            (check if state == State.CHECKING else write)(pk, at=at)
        except Exception:  # one batch that cannot be worked on never stops the others
            log.exception("Import %s could not be taken up again.", pk)
    return len(found)


def progress(batch: ImportBatch) -> int:
    """How many rows are done, as far as is known; only for showing."""
    from redis.exceptions import RedisError

    try:
        return int(caches["redis"].get(_key(batch)) or 0)
    except (RedisError, OSError) as error:
        log.warning("How far an import is cannot be shown: %s", type(error).__name__)
        return 0


def _teller(batch: ImportBatch) -> Callable[[int], None]:
    from redis.exceptions import RedisError

    def tell(done: int) -> None:
        try:
            caches["redis"].set(_key(batch), done, timeout=600)
        except (RedisError, OSError) as error:
            log.warning("How far an import is cannot be told: %s", type(error).__name__)

    return tell


def _key(batch: ImportBatch) -> str:
    return f"import-progress-{batch.pk}"
