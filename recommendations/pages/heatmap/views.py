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
from recommendations.dashboards.heatmap.query import Asked, HeatmapQuery, asked_of, day_links, known
from recommendations.dashboards.saved_views.addresses import save_address
from recommendations.dashboards.visibility import Papers, papers_of
from recommendations.models import Inspection
from recommendations.pages import live
from recommendations.pages.lookups import inspection_of
from recommendations.pages.revalidation import revalidated
from recommendations.positions import positions
from recommendations.positions.national import load


@require_safe
@requires(Permission.SEE_POSITION)
def heatmap(request: ReaderRequest) -> HttpResponse:
    """Every force and national body against every recommendation."""
    return _heatmap(request, inspection_of(request))


@revalidated
def _heatmap(request: ReaderRequest, inspection: Inspection | None) -> HttpResponse:
    if inspection is None:
        title = "Progress by force and recommendation"
        return render(request, "overview/no_inspection.html", {"title": title})
    now = request.now
    today = rules.london_day(now)
    updates = live.live_of(request, inspection, on=today)
    if live.is_unchanged(request, updates):
        return live.nothing_new()
    choices = known(inspection) if request.GET else None
    asked = asked_of(request.GET, known=choices, now=now) if choices else Asked(HeatmapQuery(), [])
    query = asked.query
    parts, found = _content(inspection, today, query, papers_of(request.user))
    shown_live = None if query.as_at else updates
    if choices:
        is_live_off = shown_live is not None and not shown_live.is_on
        parts[snapshots.HEATMAP_FILTERS] = snapshots.heatmap_filters_html(
            query, choices, is_live_off=is_live_off
        )
    context = {
        "parts": parts,
        "live": shown_live,
        "position_time": live.position_time(now),
        "query": query,
        "today_url": request.path + query.at(None).address,
        "days": day_links(query, path=request.path, since=inspection.published_on, today=today),
        "notes": asked.notes,
        "save_heatmap": save_address(request.path + query.address),
        "announcement": live.announcement(updates, now=now, found=found),
    }
    return live.page_or_results(request, "heatmap", context)


def _content(
    inspection: Inspection, today: date, query: HeatmapQuery, papers: Papers
) -> tuple[snapshots.Content, str]:
    """The content, and a sentence about it for the status line."""
    if query.is_plain:
        names = (snapshots.SENTENCE, snapshots.HEATMAP_FILTERS, snapshots.HEATMAP)
        content = snapshots.content(*names, inspection=inspection, today=today, papers=papers)
        return content, content[snapshots.SENTENCE]
    as_at, compare = query.as_at, query.compare
    picture = load(inspection, as_at, today=today)
    before = positions.as_at(inspection, on=compare.on, before=compare.before) if compare else []
    shown = build_heatmap(picture, query=query, papers=papers, before=before)
    content = {
        snapshots.SENTENCE: escape(shown.sentence),
        snapshots.HEATMAP: snapshots.heatmap_html(shown),
    }
    return content, f"{shown.found}. {shown.sentence}"
