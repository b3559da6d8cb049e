"""The search page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, requires
from recommendations.dashboards.search import search as read_model
from recommendations.models import Inspection
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.lookups import current_inspection


@require_safe
@requires(Permission.SEE_POSITION)
def search(request: ReaderRequest) -> HttpResponse:
    """The form, and the results for its text."""
    inspection = current_inspection(request)
    query, notes = read_model.parse_search_query(request.GET)
    context: dict[str, object] = {
        "query": query,
        "notes": notes,
        "max_length": read_model.MAX_TEXT_LENGTH,
        "has_search_page": True,
    }
    if query.text and inspection is not None:
        # Cached, because people come back to the results from each page that they open.
        context["results_html"] = content_by_revision(request, inspection, _results, query)
    return render(request, "search/search.html", context)


def _results(
    request: ReaderRequest, inspection: Inspection, query: read_model.SearchQuery
) -> SafeString:
    results = read_model.search(inspection, query, reader=request.user)
    page, kind = query.page, query.kind
    context = {
        "results": results,
        "previous": query.address(kind=kind, page=page - 1) if page > 1 else "",
        "next": query.address(kind=kind, page=page + 1) if results.has_next_page else "",
    }
    return render_content(request, "search/_results.html", context)
