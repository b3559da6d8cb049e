"""The page of what changed between two days."""

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, may
from recommendations import rules, wording
from recommendations.actions.record_visit import record_visit
from recommendations.dashboards.changes import changes as read_model
from recommendations.dashboards.changes.changes import FORMS, GROUPINGS
from recommendations.dashboards.filters import select
from recommendations.models import Inspection

GROUPS_PER_PAGE = 20
ROWS_PER_PAGE = 100


@require_safe
def changes(request: ReaderRequest) -> HttpResponse:
    """Changes of every organisation, or of the reader's own, by what the reader may see."""
    reader = request.user
    sees_all = may(reader, Permission.SEE_ALL_DOCUMENTS)
    if not sees_all and reader.body_id is None:
        raise Http404
    inspection = Inspection.objects.current()
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "Changes"})
    today = rules.london_day(request.now)
    last_visit_at = record_visit(by=reader, at=request.now) if request.method == "GET" else None
    query, notes = read_model.parse_changes_query(request.GET, today=today)
    content = read_model.changes(inspection, query, reader=reader)
    table = read_model.changes_table(content)
    items = (table.rows, ROWS_PER_PAGE) if query.form else (content.groups, GROUPS_PER_PAGE)
    context = {
        "query": query,
        "notes": notes,
        "changes": content,
        "head": table.head,
        "page": Paginator(*items).get_page(request.GET.get("page")),
        "field": select("by", "Group by", "", GROUPINGS.items(), chosen=query.by),
        "form_field": select("form", "Show as", "", FORMS.items(), chosen=query.form),
    }
    if last_visit_at is not None:
        visited_on = rules.london_day(last_visit_at)
        context["since_visit"] = replace(query, since=visited_on, until=today).address
        context["visit"] = f"{wording.day(visited_on)}, {wording.clock(last_visit_at)}"
    return render(request, "changes/changes.html", context)
