"""Whether the jobs run: for the administrator, who can start one or try a parked one again."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from forces.models import User
from forces.permissions import Permission, may
from forces.refusal import Refusal
from recommendations import broker, tasks, wording
from recommendations.actions.jobs import (
    NO_REDIS,
    note_job_started,
    try_import_again,
    try_mail_again,
    try_run_again,
)
from recommendations.broker import Work
from recommendations.job_figures import Job, scheduled
from recommendations.models import ImportBatch, JobRun, OutboxMail
from recommendations.views.papers import reader_of

SHOWN = 20
FAILED_STATES = {JobRun.State.FAILED, JobRun.State.PARKED, JobRun.State.LOST}


@never_cache
@require_safe
def jobs(request: HttpRequest) -> HttpResponse:
    """The schedule, the queues, the workers, what failed and what is parked."""
    _administrator(request)
    now = timezone.now()
    rows, work = scheduled(at=now), broker.work(at=now)
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
        "sentence": _sentence(rows, work, len(things)),
        "failed": runs.filter(state__in=[JobRun.State.FAILED, JobRun.State.LOST])[:SHOWN],
        "parked": things,
    }
    return render(request, "jobs/list.html", context)


@require_POST
def job_start(request: HttpRequest) -> HttpResponse:
    """One job of the schedule, now; a second one at the same time does no harm."""
    person, asked = _administrator(request), request.POST.get("job", "")
    known = {entry["task"]: title for title, entry in settings.CELERY_BEAT_SCHEDULE.items()}
    if asked not in known:
        raise Http404
    if tasks.start(asked):
        note_job_started(job=asked.rpartition(".")[2], by=person, at=timezone.now())
        messages.success(request, f"“{known[asked].capitalize()}” is queued. Look again shortly.")
    else:
        messages.error(request, NO_REDIS)
    return redirect("jobs")


@require_POST
def parked_again(request: HttpRequest, kind: str, key: int) -> HttpResponse:
    """A parked run, import or mail."""
    person, now = _administrator(request), timezone.now()
    try:
        if kind == "run":
            run = get_object_or_404(JobRun, pk=key)
            try_run_again(run=run, queue=tasks.start, by=person, at=now)
        elif kind == "import":
            batch = get_object_or_404(ImportBatch.objects.defer("content"), pk=key)
            try_import_again(batch=batch, by=person, at=now)
            tasks.queue_import(batch.pk)
        elif kind == "mail":
            mails = OutboxMail.objects.select_related("reader__body")
            try_mail_again(mail=get_object_or_404(mails, pk=key), by=person, at=now)
            tasks.queue_mail()
        else:
            raise Http404
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "It is tried again.")
    return redirect("jobs")


def _administrator(request: HttpRequest) -> User:
    if not may(request.user, Permission.SEE_JOBS):
        raise Http404
    return reader_of(request)


def _sentence(rows: list[Job], work: Work, parked: int) -> str:
    """Whether all is well; else what is wrong."""
    wrong = []
    if not work.answers:
        wrong.append("Redis does not answer")
    elif not work.workers:
        wrong.append("no worker is alive")
    late = [job.title for job in rows if job.is_late]
    if late:
        wrong.append(f"late: {', '.join(late)}")
    failed = [job.title for job in rows if job.last and job.last.state in FAILED_STATES]
    if failed:
        wrong.append(f"failed last time: {', '.join(failed)}")
    if parked:
        wrong.append(f"{wording.count(parked, 'parked thing')}")
    if wrong:
        told = "; ".join(wrong)
        return f"{told[0].upper()}{told[1:]}."
    workers = wording.count(len(work.workers), "worker")
    verb = "is" if len(work.workers) == 1 else "are"
    return f"All jobs ran when they should; {workers} {verb} alive."
