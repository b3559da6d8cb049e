"""What can be taken away: files of each page at once, and large ones made by a job."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from forces import audit
from forces.models import User
from forces.permissions import Permission, may
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.ask_for_download import ask_for_download, may_ask_for
from recommendations.evidence.kinds import size_in_words
from recommendations.exports.making import is_still
from recommendations.forms.download import DownloadForm
from recommendations.models import Download, Inspection
from recommendations.tasks import queue_download
from recommendations.views.files import TYPES
from recommendations.views.papers import reader_of

PAGES = {
    "overview": ("National overview", Permission.SEE_OVERVIEW),
    "heatmap": ("Heatmap, with every position and its dates", Permission.SEE_POSITION),
    "recommendations": ("Recommendations", Permission.SEE_POSITION),
    "forces": ("Forces and national bodies", Permission.SEE_POSITION),
    "trends": ("Trends", Permission.SEE_OVERVIEW),
}
EXPLAINED = {
    Download.Kind.UPDATES: "Each update that you may read, with its account and its review.",
    Download.Kind.MONTHS: "How every recommendation stood in every body, month by month.",
    Download.Kind.BRIEFING: "The position, the heatmap, a page for each recommendation, and what "
    "changed: a PDF on A4, tagged for screen readers.",
}
_FILE_TYPES = {**TYPES, "pdf": "application/pdf"}
State = Download.State


@dataclass(frozen=True)
class Offered:
    """One kind of large file with its form."""

    kind: str
    title: str
    text: str
    form: DownloadForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def downloads(request: HttpRequest) -> HttpResponse:
    """The list; a POST asks for a large file."""
    reader, now = reader_of(request), timezone.now()
    kind = request.POST.get("kind", "")
    bound = None
    if request.method == "POST":
        if kind not in Download.Kind or not may_ask_for(reader, kind):
            raise Http404
        bound = DownloadForm(kind, request.POST, today=rules.london_day(now))
        if bound.is_valid() and (asked := _asked(bound, reader, now)) is not None:
            return redirect(asked)
    offered = _offered(reader, now, bound)
    context = {
        "form": bound,
        "pages": [(n, title) for n, (title, needed) in PAGES.items() if may(reader, needed)],
        "offered": offered if Inspection.objects.current() else [],
        "own": Download.objects.filter(asked_by=reader).defer("content")[:10],
    }
    return render(request, "downloads/list.html", context)


def _asked(form: DownloadForm, reader: User, now: datetime) -> Download | None:
    """None where it is refused, which the form then says."""
    file_type, parameters = form.asked
    try:
        asked = ask_for_download(
            kind=form.kind, file_type=file_type, parameters=parameters, by=reader, at=now
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    queue_download(asked.pk)
    return asked


def _offered(reader: User, now: datetime, bound: DownloadForm | None) -> list[Offered]:
    today = rules.london_day(now)
    return [
        Offered(
            kind=kind.value,
            title=str(kind.label),
            text=EXPLAINED[kind],
            form=bound if bound and bound.kind == kind else DownloadForm(kind, today=today),
        )
        for kind in Download.Kind
        if may_ask_for(reader, kind)
    ]


@never_cache
@require_safe
def made_download(request: HttpRequest, key: UUID) -> HttpResponse:
    """How far it is, or the link; it asks again by itself."""
    asked = _own(request, key)
    context = {
        "download": asked,
        "size": size_in_words(asked.size),
        "file_url": reverse("made_file", args=[asked.key]),
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    name = "downloads/_state.html" if is_fragment else "downloads/made.html"
    return render(request, name, context)


@never_cache
@require_safe
def made_file(request: HttpRequest, key: UUID) -> HttpResponse:
    """The file, for the person who asked; audited."""
    asked = _own(request, key)
    if asked.state != State.READY:
        raise Http404
    if request.method == "GET":
        audit.record(
            at=timezone.now(),
            act="file downloaded",
            actor=reader_of(request),
            subject=asked,
            name=asked.name,
        )
    response = HttpResponse(bytes(asked.content), content_type=_FILE_TYPES[asked.file_type])
    response["Content-Disposition"] = f'attachment; filename="{asked.name}"'
    return response


def _own(request: HttpRequest, key: UUID) -> Download:
    """Another's does not exist, nor what was made for a role or body that one had before."""
    reader = reader_of(request)
    asked = Download.objects.filter(key=key, asked_by=reader).first()
    if asked is None or not is_still(asked, reader):
        raise Http404
    return asked
