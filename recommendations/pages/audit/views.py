"""The audit trail: searched, checked and downloaded."""

from datetime import datetime

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from forces import audit
from forces.http import ReaderRequest
from forces.models import AuditEvent
from forces.permissions import Permission, requires
from recommendations import rules, wording
from recommendations.dashboards.audit import audit_trail
from recommendations.dashboards.audit.audit_trail import HEAD, AuditQuery, asked_trail
from recommendations.dashboards.filters import select
from recommendations.exports.csv_file import csv_lines
from recommendations.models import Inspection

EVENTS_A_PAGE = 50


@require_safe
@requires(Permission.SEE_AUDIT)
def audit_search(request: ReaderRequest) -> HttpResponse:
    """Newest first; the address holds what is asked."""
    search = asked_trail(request.GET)
    page = Paginator(audit_trail.events(search.query), EVENTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    query = search.query
    acts = [(act, act.capitalize()) for act in audit_trail.acts()]
    context = {
        "query": query,
        "notes": search.notes,
        "page": page,
        "lines": audit_trail.lines(list(page.object_list)),
        "count": wording.count(page.paginator.count, "event"),
        "fields": [
            select("body", "Body", "All of them", audit_trail.bodies(), chosen=query.body),
            select("act", "Act", "Every act", acts, chosen=query.act),
        ],
    }
    return render(request, "audit/audit.html", context)


@require_POST
@requires(Permission.SEE_AUDIT)
def audit_check(request: ReaderRequest) -> HttpResponse:
    """Runs through the whole chain, and names the first broken link."""
    broken = audit.first_broken_link()
    last = AuditEvent.objects.order_by("-position").values_list("position", flat=True).first() or 0
    if broken is None:
        events = wording.count(last, "event")
        messages.success(request, f"The chain is whole: {events}, each with the right hash.")
    else:
        messages.error(
            request, f"The chain is broken at event {broken:,}: it, or one before it, was altered."
        )
    return redirect("audit")


@require_safe
@requires(Permission.SEE_AUDIT)
def audit_download(request: ReaderRequest) -> StreamingHttpResponse:
    """The same events as CSV, oldest first, with their hashes."""
    query = asked_trail(request.GET).query
    filters = query.parameters | ({"person": "named"} if query.person else {})
    audit.record(at=request.now, act="audit trail downloaded", actor=request.user, filter=filters)
    response = StreamingHttpResponse(
        csv_lines(about=_about(query, at=request.now), head=HEAD, rows=audit_trail.rows(query)),
        content_type="text/csv; charset=utf-8",
    )
    name = f"audit-trail-{rules.london_day(request.now).isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _about(query: AuditQuery, *, at: datetime) -> list[str]:
    inspection = Inspection.objects.current()
    filters = ", ".join(f"{name} {value}" for name, value in query.parameters.items())
    lines = [
        "Audit trail of the county lines recommendations tracker",
        f"Made {wording.clock(at)} on {wording.day(rules.london_day(at))}",
        f"Filter: {filters or 'none'}",
    ]
    if inspection is not None and inspection.is_synthetic:
        lines.append("Demonstration data: all of it is made up.")
    return lines
