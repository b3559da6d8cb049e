"""What can be taken away: files of each page at once, and large ones made by a job."""

from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces import audit
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, may
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.request_download import ask_for_download, may_ask_for
from recommendations.evidence.file_types import size_in_words
from recommendations.exports.background import is_still
from recommendations.models import Download, Inspection
from recommendations.pages.downloads.file_views import TYPES
from recommendations.pages.downloads.forms import DownloadForm
from recommendations.tasks import queue_download

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


@get_or_post
def downloads(request: ReaderRequest) -> HttpResponse:
    """The list; a POST asks for a large file."""
    reader = request.user
    kind = request.POST.get("kind", "")
    bound = None
    if request.method == "POST":
        if kind not in Download.Kind or not may_ask_for(reader, kind):
            raise Http404
        bound = DownloadForm(kind, request.POST, today=rules.london_day(request.now))
        if bound.is_valid() and (download := _ask(request, bound)) is not None:
            return redirect(download)
    offered = _offered(request, bound)
    context = {
        "form": bound,
        "pages": [(n, title) for n, (title, needed) in PAGES.items() if may(reader, needed)],
        "offered": offered if Inspection.objects.current() else [],
        "own": Download.objects.filter(asked_by=reader).defer("content")[:10],
    }
    return render(request, "downloads/downloads.html", context)


def _ask(request: ReaderRequest, form: DownloadForm) -> Download | None:
    """Ask for the file. None where that is refused, which the form then says."""
    file_type, parameters = form.asked
    try:
        download = ask_for_download(
            kind=form.kind,
            file_type=file_type,
            parameters=parameters,
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    queue_download(download.pk)
    return download


def _offered(request: ReaderRequest, bound: DownloadForm | None) -> list[Offered]:
    today = rules.london_day(request.now)
    return [
        Offered(
            kind=kind.value,
            title=str(kind.label),
            text=EXPLAINED[kind],
            form=bound if bound and bound.kind == kind else DownloadForm(kind, today=today),
        )
        for kind in Download.Kind
        if may_ask_for(request.user, kind)
    ]


@require_safe
def made_download(request: ReaderRequest, key: UUID) -> HttpResponse:
    """How far it is, or the link; it asks again by itself."""
    download = _own(request, key)
    context = {
        "download": download,
        "size": size_in_words(download.size),
        "file_url": reverse("made_file", args=[download.key]),
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    name = "downloads/_state.html" if is_fragment else "downloads/download.html"
    return render(request, name, context)


@require_safe
def made_file(request: ReaderRequest, key: UUID) -> HttpResponse:
    """The file, for the person who asked; audited."""
    download = _own(request, key)
    if download.state != State.READY:
        raise Http404
    if request.method == "GET":
        audit.record(
            at=request.now,
            act="file downloaded",
            actor=request.user,
            subject=download,
            name=download.name,
        )
    response = HttpResponse(bytes(download.content), content_type=_FILE_TYPES[download.file_type])
    response["Content-Disposition"] = f'attachment; filename="{download.name}"'
    return response


def _own(request: ReaderRequest, key: UUID) -> Download:
    """Another's does not exist, nor what was made for a role or body that one had before."""
    download = Download.objects.filter(key=key, asked_by=request.user).first()
    if download is None or not is_still(download, request.user):
        raise Http404
    return download
