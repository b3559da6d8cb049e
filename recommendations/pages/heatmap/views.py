"""The heatmap."""

from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, requires
from recommendations import rules
from recommendations.dashboards import snapshots
from recommendations.dashboards.heatmap.heatmap import heatmap as build_heatmap
from recommendations.dashboards.heatmap.query import (
    HeatmapQuery,
    ParsedQuery,
    day_links,
    filter_choices,
    parse_heatmap_query,
)
from recommendations.dashboards.saved_views.addresses import save_address
from recommendations.dashboards.visibility import Visibility, visibility_of
from recommendations.models import Inspection
from recommendations.pages import live
from recommendations.pages.lookups import current_inspection
from recommendations.pages.revalidation import revalidated
from recommendations.positions import positions
from recommendations.positions.national import load


@require_safe
@requires(Permission.SEE_POSITION)
def heatmap(request: ReaderRequest) -> HttpResponse:
    """Show every force and national organisation against every recommendation."""
    return _heatmap(request, current_inspection(request))


@revalidated
def _heatmap(request: ReaderRequest, inspection: Inspection | None) -> HttpResponse:
    if inspection is None:
        title = "Progress by force and recommendation"
        return render(request, "overview/no_inspection.html", {"title": title})
    now = request.now
    today = rules.london_day(now)
    live_updates = live.live_state(request, inspection, on=today)
    if live_updates.is_unchanged:
        return live.no_change_response()
    choices = filter_choices(inspection) if request.GET else None
    parsed = (
        parse_heatmap_query(request.GET, filter_choices=choices, now=now)
        if choices
        else ParsedQuery(HeatmapQuery(), [])
    )
    query = parsed.query
    parts, summary = _content(inspection, today, query, visibility_of(request.user))
    if choices:
        parts[snapshots.HEATMAP_FILTERS] = snapshots.heatmap_filters_html(
            query, choices, is_live_off=not query.as_at and not live_updates.is_on
        )
    context = {
        "parts": parts,
        "live": None if query.as_at else live_updates,
        "position_time": live.position_time(now),
        "query": query,
        "today_url": request.path + query.at(None).address,
        "days": day_links(query, path=request.path, since=inspection.published_on, today=today),
        "notes": parsed.notes,
        "save_heatmap": save_address(request.path + query.address),
        "announcement": live.announcement(live_updates, now=now, summary=summary),
    }
    return live.page_or_results(request, "heatmap", context)


def _content(
    inspection: Inspection, today: date, query: HeatmapQuery, visibility: Visibility
) -> tuple[snapshots.Content, str]:
    """Return the content, and a summary for the status line."""
    if query.is_plain:
        names = (snapshots.SENTENCE, snapshots.HEATMAP_FILTERS, snapshots.HEATMAP)
        content = snapshots.content(
            *names, inspection=inspection, today=today, visibility=visibility
        )
        return content, content[snapshots.SENTENCE]
    national, compare = load(inspection, query.as_at, today=today), query.compare
    before = positions.as_at(inspection, on=compare.on, before=compare.before) if compare else []
    shown = build_heatmap(national, query=query, visibility=visibility, before=before)
    content = {
        snapshots.SENTENCE: escape(shown.sentence),
        snapshots.HEATMAP: snapshots.heatmap_html(shown),
    }
    return content, f"{shown.matches}. {shown.sentence}"
