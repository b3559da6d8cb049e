"""Downloads: links to the files of each page, and large files that a task generates."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces import audit
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, may, requires
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.request_download import may_request_download, request_download
from recommendations.evidence.file_types import file_size
from recommendations.exports.background import may_open
from recommendations.inspections import has_page
from recommendations.models import Download
from recommendations.pages.downloads.file_views import CONTENT_TYPES
from recommendations.pages.downloads.forms import DownloadForm
from recommendations.pages.lookups import current_inspection
from recommendations.tasks import create_download, queue

PAGES = {
    "overview": ("National overview", Permission.SEE_OVERVIEW),
    "heatmap": ("Heatmap, with every position and its dates", Permission.SEE_POSITION),
    "recommendations": ("Recommendations", Permission.SEE_POSITION),
    "forces": ("Forces and national organisations", Permission.SEE_POSITION),
    "responses": ("Responses", Permission.SEE_POSITION),
    "outcomes": ("Outcomes", Permission.SEE_POSITION),
    "waiting": ("Waiting for each other", Permission.SEE_POSITION),
    "joint-actions": ("Joint actions", Permission.SEE_POSITION),
    "fragmentation": ("Fragmentation", Permission.SEE_POSITION),
    "closures": ("Closed lines", Permission.SEE_POSITION),
    "trends": ("Trends", Permission.SEE_OVERVIEW),
}
DESCRIPTIONS = {
    Download.Kind.UPDATES: "Each update that you have permission to see, with its progress and "
    "its review.",
    Download.Kind.MONTHS: "The status of every recommendation in every organisation, month by "
    "month.",
    Download.Kind.BRIEFING: "The national overview, the heatmap, a page for each recommendation "
    "and recent changes. It is an A4 PDF, tagged for screen readers.",
}


@get_or_post
@requires(Permission.SEE_POSITION)
def downloads(request: ReaderRequest) -> HttpResponse:
    """The list of downloads. A POST requests a large file."""
    reader = request.user
    today = rules.london_day(request.now)
    kinds = [kind for kind in Download.Kind if may_request_download(reader, kind)]
    bound = None
    if request.method == "POST":
        kind = request.POST.get("kind", "")
        if kind not in kinds:
            raise Http404
        bound = DownloadForm(kind, request.POST, today=today)
        if bound.is_valid() and (download := _request_download(request, bound)) is not None:
            return redirect(download)
    offered = [
        {
            "kind": kind.value,
            "title": str(kind.label),
            "text": DESCRIPTIONS[kind],
            "form": bound if bound and bound.kind == kind else DownloadForm(kind, today=today),
        }
        for kind in kinds
    ]
    context = {
        "form": bound,
        "pages": [
            (name, title)
            for name, (title, needed) in PAGES.items()
            if may(reader, needed) and has_page(name)
        ],
        "large_downloads": offered if current_inspection(request) else [],
        "own_downloads": Download.objects.filter(asked_by=reader).defer("content")[:10],
    }
    return render(request, "downloads/downloads.html", context)


def _request_download(request: ReaderRequest, form: DownloadForm) -> Download | None:
    """Request the file. Returns None if that is refused, with the reason as a form error."""
    since = form.cleaned_data.get("since")
    try:
        download = request_download(
            kind=form.kind,
            file_type=form.cleaned_data.get("file_type", "pdf"),
            parameters={"since": since.isoformat()} if since else {},
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return None
    queue(create_download, download.pk)
    return download


@require_safe
@requires(Permission.SEE_POSITION)
def download_page(request: ReaderRequest, key: UUID) -> HttpResponse:
    """The progress of a download, which refreshes itself, or the link to its file."""
    download = _own_download(request, key)
    context = {
        "download": download,
        "size": file_size(download.size),
        "file_url": reverse("download_file", args=[download.key]),
    }
    is_fragment = bool(request.headers.get("HX-Request"))
    name = "downloads/_state.html" if is_fragment else "downloads/download.html"
    return render(request, name, context)


@require_safe
@requires(Permission.SEE_POSITION)
def download_file(request: ReaderRequest, key: UUID) -> HttpResponse:
    """The file, for the person who requested it. Audited."""
    download = _own_download(request, key)
    if download.state != Download.State.READY:
        raise Http404
    if request.method == "GET":
        audit.record(
            at=request.now,
            act="file downloaded",
            actor=request.user,
            subject=download,
            name=download.name,
        )
    content_type = CONTENT_TYPES.get(download.file_type, "application/pdf")
    response = HttpResponse(bytes(download.content), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{download.name}"'
    return response


def _own_download(request: ReaderRequest, key: UUID) -> Download:
    download = Download.objects.filter(key=key, asked_by=request.user).first()
    if download is None or not may_open(download, request.user):
        raise Http404
    return download
