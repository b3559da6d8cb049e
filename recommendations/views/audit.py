"""The audit trail: searched, checked and downloaded."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from forces import audit
from forces.models import AuditEvent
from forces.permissions import Permission, may
from recommendations import rules, wording
from recommendations.dashboards import audit_trail
from recommendations.dashboards.audit_trail import HEAD, AuditQuery, asked_trail
from recommendations.dashboards.filters import select
from recommendations.exports.csv_file import csv_lines
from recommendations.models import Inspection
from recommendations.views.papers import reader_of

EVENTS_A_PAGE = 50


def _refuse_others(request: HttpRequest) -> None:
    if not may(request.user, Permission.SEE_AUDIT):
        raise Http404


@require_safe
def audit_search(request: HttpRequest) -> HttpResponse:
    """Newest first; the address holds what is asked."""
    _refuse_others(request)
    asked = asked_trail(request.GET)
    page = Paginator(audit_trail.events(asked.query), EVENTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    query = asked.query
    acts = [(act, act.capitalize()) for act in audit_trail.acts()]
    context = {
        "query": query,
        "notes": asked.notes,
        "page": page,
        "lines": audit_trail.lines(list(page.object_list)),
        "count": wording.count(page.paginator.count, "event"),
        "fields": [
            select("body", "Body", "All of them", audit_trail.bodies(), chosen=query.body),
            select("act", "Act", "Every act", acts, chosen=query.act),
        ],
    }
    return render(request, "audit/search.html", context)


@require_POST
def audit_check(request: HttpRequest) -> HttpResponse:
    """Runs through the whole chain, and names the first broken link."""
    _refuse_others(request)
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
def audit_download(request: HttpRequest) -> StreamingHttpResponse:
    """The same events as CSV, oldest first, with their hashes."""
    _refuse_others(request)
    now = timezone.now()
    query = asked_trail(request.GET).query
    asked = query.parameters | ({"person": "named"} if query.person else {})
    audit.record(at=now, act="audit trail downloaded", actor=reader_of(request), filter=asked)
    response = StreamingHttpResponse(
        csv_lines(about=_about(query), head=HEAD, rows=audit_trail.rows(query)),
        content_type="text/csv; charset=utf-8",
    )
    name = f"audit-trail-{rules.london_day(now).isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _about(query: AuditQuery) -> list[str]:
    inspection = Inspection.objects.current()
    asked = ", ".join(f"{name} {value}" for name, value in query.parameters.items())
    lines = [
        "Audit trail of the county lines recommendations tracker",
        f"Made {wording.clock(timezone.now())} on {wording.day(rules.london_day(timezone.now()))}",
        f"Filter: {asked or 'none'}",
    ]
    if inspection is not None and inspection.is_synthetic:
        lines.append("Demonstration data: all of it is made up.")
    return lines
