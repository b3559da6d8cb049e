"""Whether the jobs run: administrators can start one, or try a stopped one again."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from forces.accounts.single_sign_on import people_without_listed_groups
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import tasks
from recommendations.actions.confirm_deletion import NOTHING_STOPPED, confirm_deletion
from recommendations.actions.jobs import (
    NO_REDIS,
    record_job_started,
    retry_email,
    retry_import,
    retry_run,
)
from recommendations.dashboards.jobs.jobs import jobs_sentence
from recommendations.job_log import broker, figures
from recommendations.models import ImportBatch, JobRun, OutboxEmail, StoppedDeletion
from recommendations.retention.limits import MAX_ITEMS, MAX_SHARE

MAX_LISTED = 20


@require_safe
@requires(Permission.SEE_JOBS)
def jobs(request: ReaderRequest) -> HttpResponse:
    """The schedule, the queues, the workers, recent failures and what was stopped."""
    scheduled_jobs = figures.scheduled_jobs(at=request.now)
    status = broker.get_status(at=request.now)
    runs = JobRun.objects.order_by("-started_at", "-pk")
    imports = ImportBatch.objects.filter(state=ImportBatch.State.PARKED)
    emails = OutboxEmail.objects.filter(state=OutboxEmail.State.PARKED)
    querysets = {
        "run": runs.filter(state=JobRun.State.PARKED),
        "import": imports.defer("content", "results").order_by("-pk"),
        "email": emails.select_related("reader").order_by("-pk"),
    }
    parked = [(kind, row) for kind, rows in querysets.items() for row in rows[:MAX_LISTED]]
    stop = StoppedDeletion.objects.first()
    context = {
        "jobs": scheduled_jobs,
        "broker": status,
        "sentence": jobs_sentence(
            scheduled_jobs,
            status,
            len(parked),
            is_deletion_stopped=stop is not None,
            groups_not_listed=people_without_listed_groups(since=request.now - timedelta(days=7)),
        ),
        "stop": stop,
        "failed": runs.filter(state__in=[JobRun.State.FAILED, JobRun.State.LOST])[:MAX_LISTED],
        "parked": parked,
    }
    return render(request, "jobs/jobs.html", context)


@require_POST
@requires(Permission.SEE_JOBS)
def job_start(request: ReaderRequest) -> HttpResponse:
    """Queues a job of the schedule; it does no harm if one is running."""
    job = request.POST.get("job", "")
    titles = {entry["task"]: title for title, entry in settings.CELERY_BEAT_SCHEDULE.items()}
    if job not in titles:
        raise Http404
    if tasks.queue_task(job):
        record_job_started(job=job.rpartition(".")[2], by=request.user, at=request.now)
        title = titles[job].capitalize()
        messages.success(request, f"{title} will run now. Refresh this page to see the result.")
    else:
        messages.error(request, NO_REDIS)
    return redirect("jobs")


@get_or_post
@requires(Permission.CONFIRM_DELETIONS)
def deletion(request: ReaderRequest) -> HttpResponse:
    """What a stopped deletion would remove. A POST confirms it, and queues the job."""
    if request.method == "POST":
        count = request.POST.get("count", "")
        try:
            confirm_deletion(
                count=int(count) if count.isdecimal() else 0, by=request.user, at=request.now
            )
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("jobs")
        is_queued = tasks.queue(tasks.housekeeping)
        when = "now" if is_queued else "tonight, because Redis is not responding"
        messages.success(request, f"Deletion confirmed. It will run {when}.")
        return redirect("jobs")
    stop = StoppedDeletion.objects.first()
    if stop is None:
        messages.info(request, NOTHING_STOPPED)
        return redirect("jobs")
    context = {"stop": stop, "max_items": MAX_ITEMS, "max_percent": round(MAX_SHARE * 100)}
    return render(request, "jobs/deletion.html", context)


@require_POST
@requires(Permission.SEE_JOBS)
def retry_parked(request: ReaderRequest, kind: str, key: int) -> HttpResponse:
    try:
        if kind == "run":
            run = get_object_or_404(JobRun, pk=key)
            retry_run(run=run, queue=tasks.queue_task, by=request.user, at=request.now)
        elif kind == "import":
            batch = get_object_or_404(ImportBatch.objects.defer("content"), pk=key)
            retry_import(batch=batch, by=request.user, at=request.now)
            tasks.queue(tasks.process_import, batch.pk)
        elif kind == "email":
            email = get_object_or_404(OutboxEmail.objects.select_related("reader__body"), pk=key)
            retry_email(email=email, by=request.user, at=request.now)
            tasks.queue_outbox()
        else:
            raise Http404
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Trying again.")
    return redirect("jobs")
