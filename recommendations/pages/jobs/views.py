"""Whether the jobs run: for the administrator, who can start one or try a parked one again."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import tasks
from recommendations.actions.jobs import (
    NO_REDIS,
    note_job_started,
    try_import_again,
    try_mail_again,
    try_run_again,
)
from recommendations.dashboards.jobs.jobs import jobs_sentence
from recommendations.job_log import broker
from recommendations.job_log.figures import scheduled
from recommendations.models import ImportBatch, JobRun, OutboxMail

SHOWN = 20


@require_safe
@requires(Permission.SEE_JOBS)
def jobs(request: ReaderRequest) -> HttpResponse:
    """The schedule, the queues, the workers, what failed and what is parked."""
    rows, work = scheduled(at=request.now), broker.work(at=request.now)
    runs = JobRun.objects.order_by("-started_at", "-pk")
    parked_imports = ImportBatch.objects.filter(state=ImportBatch.State.PARKED)
    parked_mails = OutboxMail.objects.filter(state=OutboxMail.State.PARKED)
    parked = {
        "run": runs.filter(state=JobRun.State.PARKED)[:SHOWN],
        "import": parked_imports.defer("content", "results").order_by("-pk")[:SHOWN],
        "mail": parked_mails.select_related("reader").order_by("-pk")[:SHOWN],
    }
    things = [(kind, thing) for kind, found in parked.items() for thing in found]
    context = {
        "rows": rows,
        "work": work,
        "sentence": jobs_sentence(rows, work, len(things)),
        "failed": runs.filter(state__in=[JobRun.State.FAILED, JobRun.State.LOST])[:SHOWN],
        "parked": things,
    }
    return render(request, "jobs/jobs.html", context)


@require_POST
@requires(Permission.SEE_JOBS)
def job_start(request: ReaderRequest) -> HttpResponse:
    """One job of the schedule, now; a second one at the same time does no harm."""
    job = request.POST.get("job", "")
    known = {entry["task"]: title for title, entry in settings.CELERY_BEAT_SCHEDULE.items()}
    if job not in known:
        raise Http404
    if tasks.start(job):
        note_job_started(job=job.rpartition(".")[2], by=request.user, at=request.now)
        messages.success(request, f"“{known[job].capitalize()}” is queued. Look again shortly.")
    else:
        messages.error(request, NO_REDIS)
    return redirect("jobs")


@require_POST
@requires(Permission.SEE_JOBS)
def parked_again(request: ReaderRequest, kind: str, key: int) -> HttpResponse:
    """A parked run, import or mail."""
    try:
        if kind == "run":
            run = get_object_or_404(JobRun, pk=key)
            try_run_again(run=run, queue=tasks.start, by=request.user, at=request.now)
        elif kind == "import":
            batch = get_object_or_404(ImportBatch.objects.defer("content"), pk=key)
            try_import_again(batch=batch, by=request.user, at=request.now)
            tasks.queue_import(batch.pk)
        elif kind == "mail":
            mails = OutboxMail.objects.select_related("reader__body")
            try_mail_again(mail=get_object_or_404(mails, pk=key), by=request.user, at=request.now)
            tasks.queue_mail()
        else:
            raise Http404
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "It is tried again.")
    return redirect("jobs")
