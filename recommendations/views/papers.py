"""Finding what a page is about; what the reader may not see does not exist (design, rule 9)."""

from django.http import Http404, HttpRequest

from forces.models import User
from forces.permissions import may_update
from recommendations.models import Assignment, Inspection


def reader_of(request: HttpRequest) -> User:
    """The person signed in; every page here asks for one."""
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def inspection_of(request: HttpRequest) -> Inspection | None:
    """The current inspection; one query a request."""
    if not hasattr(request, "_inspection"):
        request._inspection = Inspection.objects.current()  # type: ignore[attr-defined]
    inspection: Inspection | None = request._inspection  # type: ignore[attr-defined]
    return inspection


def find_assignment(request: HttpRequest, slug: str, number: int) -> Assignment:
    """The body's assignment of the current inspection, if the reader may see its papers."""
    found = (
        Assignment.objects.with_papers_for(reader_of(request))
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


def find_assignment_to_update(request: HttpRequest, slug: str, number: int) -> Assignment:
    """The same, if the reader may also write for the body."""
    found = find_assignment(request, slug, number)
    if not may_update(reader_of(request), found.body):
        raise Http404
    return found
