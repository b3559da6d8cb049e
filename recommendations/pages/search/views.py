"""Search."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, requires
from recommendations.dashboards.search.search import A_PAGE, FURTHEST, asked_search
from recommendations.dashboards.search.search import search as find
from recommendations.dashboards.visibility import papers_of
from recommendations.models import Inspection


@require_safe
@requires(Permission.SEE_POSITION)
def search(request: ReaderRequest) -> HttpResponse:
    """The form, and what was found for it."""
    reader = request.user
    inspection = Inspection.objects.current()
    query, note = asked_search(request.GET)
    context: dict[str, object] = {"query": query, "note": note, "has_search_page": True}
    if query.text and inspection is not None:
        found = find(inspection, query, papers=papers_of(reader))
        before, after = query.page - 1, query.page + 1
        context |= {
            "found": found,
            "previous": query.address(kind=query.kind, page=before) if before else "",
            "next": query.address(kind=query.kind, page=after)
            if found.total > A_PAGE * query.page and query.page < FURTHEST
            else "",
        }
    return render(request, "search/search.html", context)
