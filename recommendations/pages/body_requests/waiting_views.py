"""Waiting for each other: of all organisations, and of one."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from forces.models import Body
from forces.names import body_on
from forces.permissions import Permission, requires
from recommendations import rules
from recommendations.dashboards.body_requests.rows import requests_at
from recommendations.dashboards.body_requests.waiting import (
    COLUMNS,
    DAYS_NOTE,
    ROW_KEYS,
    waiting_page,
)
from recommendations.dashboards.page_downloads import page_downloads
from recommendations.dashboards.sorting import parse_sort, sort_heads, sort_rows
from recommendations.models import Inspection
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.lookups import current_inspection
from recommendations.pages.past_day import PastDayRequest, shows_past_day, time_shown
from recommendations.positions.national import load


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def waiting(request: PastDayRequest) -> HttpResponse:
    """All requests on which it is the turn of the organisation that is asked."""
    return _page(request, None)


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def waiting_of(request: PastDayRequest, slug: str) -> HttpResponse:
    """Those that one organisation made or received."""
    found = get_object_or_404(Body.objects.assignable(), slug=slug)
    return _page(request, body_on(found, request.past.on if request.past else None))


def _page(request: PastDayRequest, body: Body | None) -> HttpResponse:
    inspection = current_inspection(request)
    if inspection is None:
        if body is not None:
            raise Http404
        return render(request, "overview/no_inspection.html", {"title": "Waiting for each other"})
    context = {
        "body": body,
        "content": content_by_revision(request, inspection, _content, body),
        "position_time": time_shown(request),
    }
    return render(request, "body_requests/waiting.html", context)


def _content(request: PastDayRequest, inspection: Inspection, body: Body | None) -> dict[str, str]:
    today, past = rules.london_day(request.now), request.past
    national = load(inspection, past, today=today)
    requests = requests_at(inspection, past, today=today)
    page = waiting_page(national, requests, reader=request.user, body=body)
    sort = parse_sort(request.GET.get("sort", ""), ROW_KEYS, default="-days")
    context = {
        "page": page,
        "body": body,
        "rows": sort_rows(page.rows, sort, ROW_KEYS),
        "head": sort_heads(COLUMNS, query=request.GET, current=sort),
        "width": len(COLUMNS),
        "days_note": DAYS_NOTE,
        "downloads": page_downloads(
            "waiting",
            of=body.slug if body else "",
            past=past,
            tables=[("waiting", "Waiting for each other"), ("medians", "Median days")],
            drawings=[page.matrix],
        ),
    }
    html = render_content(request, "body_requests/_waiting.html", context)
    return {"sentence": page.sentence, "html": html}
