"""What an administrator does about the jobs: start one, and try again what was parked."""

from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from recommendations.actions.change import Refusal
from recommendations.models import ImportBatch, JobRun, OutboxMail

NOT_PARKED = "It is not parked any more: somebody else was quicker."


@transaction.atomic
def note_job_started(*, job: str, by: User, at: datetime) -> None:
    audit.record(at=at, act="job started", actor=by, job=job)


@transaction.atomic
def try_run_again(*, run: JobRun, by: User, at: datetime) -> None:
    """The caller queues it anew. Raises Refusal where it is not parked."""
    parked = JobRun.objects.filter(pk=run.pk, state=JobRun.State.PARKED)
    if not parked.update(state=JobRun.State.FAILED):
        raise Refusal(NOT_PARKED)
    audit.record(at=at, act="job tried again", actor=by, subject=run, job=run.job)


@transaction.atomic
def try_mail_again(*, mail: OutboxMail, by: User, at: datetime) -> None:
    """Raises Refusal where it is not parked."""
    parked = OutboxMail.objects.filter(pk=mail.pk, state=OutboxMail.State.PARKED)
    fresh = {"crashes": 0, "claimed_at": None, "created_at": at, "next_attempt_at": at}
    if not parked.update(state=OutboxMail.State.WAITING, **fresh):
        raise Refusal(NOT_PARKED)
    audit.record(at=at, act="mail tried again", actor=by, subject=mail, body=mail.reader.body)


@transaction.atomic
def try_import_again(*, batch: ImportBatch, by: User, at: datetime) -> None:
    """It goes on where it was. Raises Refusal where it is not parked."""
    locked = ImportBatch.objects.select_for_update().defer("content").get(pk=batch.pk)
    if locked.state != ImportBatch.State.PARKED:
        raise Refusal(NOT_PARKED)
    locked.state, locked.parked_in = locked.parked_in, ""
    locked.tries, locked.moved_at, locked.sentence = 0, at, ""
    locked.save(update_fields=["state", "parked_in", "tries", "moved_at", "sentence"])
    audit.record(at=at, act="import tried again", actor=by, subject=batch)
