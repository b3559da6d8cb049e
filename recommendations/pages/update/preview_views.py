"""Pictures of evidence files."""

from http import HTTPStatus
from uuid import UUID

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from recommendations.actions.evidence import record_reading
from recommendations.evidence.previews import preview_kind, render_png
from recommendations.pages.update.evidence_views import SANDBOX, find_evidence


@require_safe
def evidence_preview(request: ReaderRequest, key: UUID) -> HttpResponse:
    """A PNG of an image or of the first page of a PDF; 404 for other types.

    The audit trail records who saw it, as it does for the file. A picture that cannot be rendered
    is answered with 415, because a 404 would be recorded as a denied request.
    """
    file = find_evidence(request, key)
    if preview_kind(file.kind) != "picture":
        raise Http404
    try:
        png = render_png(file.key, file.kind)
    except FileNotFoundError:
        png = None
    if png is None:
        return HttpResponse(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if request.method == "GET":
        record_reading([file], act="evidence previewed", by=request.user, at=request.now)
    return HttpResponse(
        png,
        content_type="image/png",
        headers={
            "Content-Security-Policy": SANDBOX,
            "Content-Disposition": 'inline; filename="preview.png"',
        },
    )
