"""What an administrator does about the jobs: start one, and try again what was parked."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.models import ImportBatch, JobRun, OutboxMail
from recommendations.readers import why_not

NO_REDIS = "Redis does not answer, so nothing was started. Try again when it does."
NOT_PARKED = "It is not parked any more: somebody else was quicker."


@transaction.atomic
def note_job_started(*, job: str, by: User, at: datetime) -> None:
    audit.record(at=at, act="job started", actor=by, job=job)


@transaction.atomic
def try_run_again(*, run: JobRun, queue: Callable[..., bool], by: User, at: datetime) -> None:
    """`queue` takes the job and its arguments, and says whether it could.

    Raises Refusal where it is not parked, or cannot be queued: then it stays parked.
    """
    parked = JobRun.objects.filter(pk=run.pk, state=JobRun.State.PARKED)
    if not parked.update(state=JobRun.State.FAILED):
        raise Refusal(NOT_PARKED)
    try:
        is_queued = queue(run.job, *run.arguments)
    except LookupError:
        raise Refusal(f"No job is called {run.job} any more: this one stays parked.") from None
    if not is_queued:
        raise Refusal(NO_REDIS)
    audit.record(at=at, act="job tried again", actor=by, subject=run, job=run.job)


@transaction.atomic
def try_mail_again(*, mail: OutboxMail, by: User, at: datetime) -> None:
    """Raises Refusal where it is not parked, or is not to be sent any more."""
    parked = OutboxMail.objects.filter(pk=mail.pk, state=OutboxMail.State.PARKED)
    if words := why_not(mail):
        raise Refusal(words)
    fresh = {"crashes": 0, "claimed_at": None, "first_tried_at": None, "next_attempt_at": at}
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
