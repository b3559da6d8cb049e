"""What an administrator can do about jobs: start one, and try again what was stopped."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from forces import audit
from forces.models import User
from forces.refusal import Refusal
from recommendations.models import ImportBatch, JobRun, OutboxEmail
from recommendations.readers import reason_not_to_send
from recommendations.rules import london_day

NO_REDIS = "Redis is not responding, so nothing was started. Try again later."
NOT_PARKED = "Someone else has already tried this again."


@transaction.atomic
def record_job_started(*, job: str, by: User, at: datetime) -> None:
    audit.record(at=at, act="job started", actor=by, job=job)


@transaction.atomic
def retry_run(*, run: JobRun, queue: Callable[..., bool], by: User, at: datetime) -> None:
    """Queue a parked run again; `queue` takes the job and its arguments and returns if it could.

    Raises Refusal where it is not parked, or cannot be queued: then it stays parked.
    """
    parked = JobRun.objects.filter(pk=run.pk, state=JobRun.State.PARKED)
    if not parked.update(state=JobRun.State.FAILED):
        raise Refusal(NOT_PARKED)
    try:
        is_queued = queue(run.job, *run.arguments)
    except LookupError:
        raise Refusal(f"There is no longer a job called {run.job}. It cannot be run.") from None
    if not is_queued:
        raise Refusal(NO_REDIS)
    audit.record(at=at, act="job tried again", actor=by, subject=run, job=run.job)


@transaction.atomic
def retry_email(*, email: OutboxEmail, by: User, at: datetime) -> None:
    """Queue a parked email. Raises Refusal where it is not parked, or must not be sent."""
    parked = OutboxEmail.objects.filter(pk=email.pk, state=OutboxEmail.State.PARKED)
    if reason := reason_not_to_send(email, on=london_day(at)):
        raise Refusal(reason)
    fresh = {"crashes": 0, "claimed_at": None, "first_tried_at": None, "next_attempt_at": at}
    if not parked.update(state=OutboxEmail.State.WAITING, **fresh):
        raise Refusal(NOT_PARKED)
    audit.record(at=at, act="mail tried again", actor=by, subject=email, body=email.reader.body)


@transaction.atomic
def retry_import(*, batch: ImportBatch, by: User, at: datetime) -> None:
    """Put a parked import back in the state it was in. Raises Refusal where it is not parked."""
    locked = ImportBatch.objects.select_for_update().defer("content").get(pk=batch.pk)
    if locked.state != ImportBatch.State.PARKED:
        raise Refusal(NOT_PARKED)
    locked.state, locked.parked_in = locked.parked_in, ""
    locked.tries, locked.moved_at, locked.sentence = 0, at, ""
    locked.save(update_fields=["state", "parked_in", "tries", "moved_at", "sentence"])
    audit.record(at=at, act="import tried again", actor=by, subject=batch)
