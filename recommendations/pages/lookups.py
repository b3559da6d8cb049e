"""Look-ups of what a page is about. What the reader may not see is not found (404)."""

from django.http import Http404, HttpRequest, HttpResponseRedirect

from forces.http import ReaderRequest
from forces.models import User
from forces.names import body_on
from forces.permissions import may_see_documents, may_update
from forces.rows import first_row
from recommendations.dashboards.waiting_counts import WaitingCounts, waiting_counts
from recommendations.models import Assignment, Inspection
from recommendations.models.inspection import active_inspection


def inspections_of(request: HttpRequest) -> list[Inspection]:
    """Return all inspections, the first at the front; 1 query for each request."""
    if not hasattr(request, "_inspections"):
        request._inspections = Inspection.objects.in_order()  # type: ignore[attr-defined]
    inspections: list[Inspection] = request._inspections  # type: ignore[attr-defined]
    return inspections


def find_with_slug(request: HttpRequest, slug: str) -> Inspection | None:
    """Return the inspection with the slug, which a request's address begins with."""
    return next((row for row in inspections_of(request) if row.slug == slug), None)


def current_inspection(request: HttpRequest) -> Inspection | None:
    """Return the inspection of the request's address; 1 query for each request."""
    return active_inspection.get() or next(iter(inspections_of(request)), None)


def redirect_to_inspection(
    request: HttpRequest, inspection: Inspection | None
) -> HttpResponseRedirect | None:
    """Return a redirect if what the page shows is of another inspection than its address."""
    current = current_inspection(request)
    if inspection is None or inspection == current:
        return None
    path = request.get_full_path().removeprefix(current.prefix if current else "/")
    return HttpResponseRedirect(inspection.prefix + path.removeprefix("/"))


def find_inspection(request: HttpRequest) -> Inspection:
    """Return the current inspection. Raises Http404 if none is loaded."""
    inspection = current_inspection(request)
    if inspection is None:
        raise Http404
    return inspection


def waiting_for_reader(request: HttpRequest) -> WaitingCounts:
    """Return what waits for the person who is signed in; 1 query for each request."""
    if not hasattr(request, "_waiting_counts"):
        reader = getattr(request, "user", None)
        request._waiting_counts = (  # type: ignore[attr-defined]
            waiting_counts(current_inspection(request), reader)
            if isinstance(reader, User)
            else WaitingCounts()
        )
    counts: WaitingCounts = request._waiting_counts  # type: ignore[attr-defined]
    return counts


def find_assignment(request: ReaderRequest, slug: str, reference: str) -> Assignment:
    """Return an assignment of the current inspection. Raises Http404 if the reader may not open it.

    `slug` is of the organisation and `reference` of the recommendation. On a page that shows a past
    day, the organisation has its name of that day. 1 query, or 2 about a past day.
    """
    inspection = find_inspection(request)
    assignment = first_row(
        Assignment,
        "recommendation.inspection_id = %s AND recommendation.reference = %s AND body.slug = %s",
        *(inspection.pk, reference, slug),
        related=("recommendation", "body"),
    )
    if assignment is None or not may_see_documents(request.user, assignment.body):
        raise Http404
    if assignment.body_id == request.user.body_id:
        request.user.body = assignment.body  # which the navigation shows
    assignment.recommendation.inspection = inspection
    if past := getattr(request, "past", None):
        assignment.body = body_on(assignment.body, past.on)
    return assignment


def find_assignment_to_update(request: ReaderRequest, slug: str, reference: str) -> Assignment:
    """Return the same. Raises Http404 also if the reader may not send updates for it."""
    assignment = find_assignment(request, slug, reference)
    if not may_update(request.user, assignment.body):
        raise Http404
    return assignment
