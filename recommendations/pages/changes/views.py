"""What changed between two days."""

from dataclasses import replace

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, may
from recommendations import rules, wording
from recommendations.actions.record_visit import note_visit
from recommendations.dashboards.changes.changes import (
    FORMS,
    GROUPINGS,
    asked_changes,
    changes_table,
)
from recommendations.dashboards.changes.changes import changes as build_changes
from recommendations.dashboards.filters import select
from recommendations.models import Inspection

GROUPS_A_PAGE = 20
ROWS_A_PAGE = 100


@require_safe
def changes(request: ReaderRequest) -> HttpResponse:
    """Of every body for those who see all papers; of the own body for its people."""
    person = request.user
    sees_all = may(person, Permission.SEE_PAPERS_OF_EVERY_BODY)
    if not sees_all and person.body_id is None:
        raise Http404
    inspection = Inspection.objects.current()
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "Changes"})
    today = rules.london_day(request.now)
    before_at = note_visit(by=person, at=request.now) if request.method == "GET" else None
    query, notes = asked_changes(request.GET, today=today)
    found = build_changes(inspection, query, reader=person)
    table = changes_table(found)
    of_page = (table.rows, ROWS_A_PAGE) if query.form else (found.groups, GROUPS_A_PAGE)
    context = {
        "query": query,
        "notes": notes,
        "changes": found,
        "head": table.head,
        "page": Paginator(*of_page).get_page(request.GET.get("page")),
        "field": select("by", "Grouped by", "", GROUPINGS.items(), chosen=query.by),
        "form_field": select("form", "Shown as", "", FORMS.items(), chosen=query.form),
    }
    if before_at is not None:
        since = replace(query, since=rules.london_day(before_at), until=today)
        context["since_visit"] = since.address
        context["visit"] = f"{wording.day(rules.london_day(before_at))}, {wording.clock(before_at)}"
    return render(request, "changes/changes.html", context)
