"""Finding what a page is about; what the reader may not see does not exist (design, rule 9)."""

from django.http import Http404, HttpRequest

from forces.http import ReaderRequest
from forces.permissions import may_update
from recommendations.models import Assignment, Inspection


def inspection_of(request: HttpRequest) -> Inspection | None:
    """The current inspection; one query a request."""
    if not hasattr(request, "_inspection"):
        request._inspection = Inspection.objects.current()  # type: ignore[attr-defined]
    inspection: Inspection | None = request._inspection  # type: ignore[attr-defined]
    return inspection


def find_assignment(request: ReaderRequest, slug: str, number: int) -> Assignment:
    """The body's assignment of the current inspection, if the reader may see its papers."""
    found = (
        Assignment.objects.with_papers_for(request.user)
        .filter(
            recommendation__inspection=Inspection.objects.current(),
            recommendation__number=number,
            body__slug=slug,
        )
        .select_related("recommendation__inspection", "recommendation__lead_body", "body")
        .first()
    )
    if found is None:
        raise Http404
    return found


def find_assignment_to_update(request: ReaderRequest, slug: str, number: int) -> Assignment:
    """The same, if the reader may also write for the body."""
    found = find_assignment(request, slug, number)
    if not may_update(request.user, found.body):
        raise Http404
    return found
