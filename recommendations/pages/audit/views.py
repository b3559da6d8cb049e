"""The audit trail: search, check for tampering, and download."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from forces import audit
from forces.audit_check import check_trail
from forces.http import ReaderRequest
from forces.permissions import Permission, requires
from recommendations import rules, wording
from recommendations.dashboards.audit import audit_trail
from recommendations.dashboards.audit.audit_trail import (
    NEWEST_FIRST,
    parse_audit_query,
)
from recommendations.dashboards.filters import select
from recommendations.dashboards.sorting import Column, sort_heads
from recommendations.exports.csv_file import csv_lines
from recommendations.exports.export import dated_file_name
from recommendations.pages.lookups import current_inspection

PAGE_SIZE = 50  # events
MAX_FINDINGS = 5  # named in the answer to a check
COLUMNS = (
    Column("Number#"),
    Column("When", "when"),
    *(Column("Who"), Column("Action"), Column("About"), Column("Details"), Column("Request")),
)
WIDTHS = ("68", "184", "170", "184", "240", "", "68")


@require_safe
@requires(Permission.SEE_AUDIT)
def audit_search(request: ReaderRequest) -> HttpResponse:
    acts, bodies = audit_trail.act_options(), audit_trail.body_options()
    query, notes = parse_audit_query(request.GET, acts=acts, bodies=bodies)
    page = Paginator(audit_trail.events(query), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "query": query,
        "notes": notes,
        "page": page,
        "lines": audit_trail.lines(list(page.object_list), current=current_inspection(request)),
        "head": sort_heads(COLUMNS, query=request.GET, current=query.sort or NEWEST_FIRST),
        "widths": WIDTHS,
        "number_attributes": {"inputmode": "numeric"},
        "count": wording.count(page.paginator.count, "event"),
        "fields": [
            select("body", "Organisation", "All organisations", bodies.items(), chosen=query.body),
            select("act", "Action", "All actions", acts.items(), chosen=query.act),
        ],
    }
    return render(request, "audit/audit.html", context)


@require_POST
@requires(Permission.SEE_AUDIT)
def audit_check(request: ReaderRequest) -> HttpResponse:
    """Checks every event and the rows that they record, and names what does not fit."""
    result = check_trail()
    if findings := result.findings:
        more = (
            f" And {len(findings) - MAX_FINDINGS:,} more." if len(findings) > MAX_FINDINGS else ""
        )
        texts = " ".join(finding.text for finding in findings[:MAX_FINDINGS])
        messages.error(request, f"{texts}{more} Ask whoever runs the service to check the trail.")
    else:
        events = wording.count(result.head.count, "event")
        rows = wording.count(result.rows_recorded + result.rows_recorded_later, "row")
        messages.success(request, f"No tampering found. Checked {events}, which record {rows}.")
    return redirect("audit")


@require_safe
@requires(Permission.SEE_AUDIT)
def audit_download(request: ReaderRequest) -> StreamingHttpResponse:
    """The events that match as CSV, oldest first, with their hashes."""
    query, _ = parse_audit_query(
        request.GET, acts=audit_trail.act_options(), bodies=audit_trail.body_options()
    )
    # The name that was searched for is personal data, which the trail could never delete.
    filters = query.parameters | ({"person": "named"} if query.person else {})
    audit.record(at=request.now, act="audit trail downloaded", actor=request.user, filter=filters)
    response = StreamingHttpResponse(
        csv_lines(
            head=audit_trail.CSV_HEADINGS,
            rows=audit_trail.csv_rows(query),
        ),
        content_type="text/csv; charset=utf-8",
    )
    day, inspection = rules.london_day(request.now), current_inspection(request)
    name = dated_file_name("audit-trail", inspection, on=day, kind="csv")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
