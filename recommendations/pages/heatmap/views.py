"""The heatmap."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import escape
from django.views.decorators.http import require_safe
from django_htmx.http import HttpResponseClientRedirect

from forces.permissions import Permission, requires
from recommendations import rules
from recommendations.dashboards import snapshots
from recommendations.dashboards.heatmap.filter_words import chips
from recommendations.dashboards.heatmap.heatmap import heatmap as build_heatmap
from recommendations.dashboards.heatmap.query import (
    HeatmapQuery,
    ParsedQuery,
    filter_choices,
    parse_heatmap_query,
)
from recommendations.dashboards.saved_views.addresses import save_address
from recommendations.dashboards.visibility import Visibility, visibility_of
from recommendations.models import Inspection
from recommendations.pages import live
from recommendations.pages.lookups import current_inspection
from recommendations.pages.past_day import PastDayRequest, shows_past_day
from recommendations.pages.revalidation import revalidated
from recommendations.positions import positions
from recommendations.positions.national import load


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def heatmap(request: PastDayRequest) -> HttpResponse:
    """Show every force and national organisation against every recommendation."""
    return _heatmap(request, current_inspection(request))


@revalidated
def _heatmap(request: PastDayRequest, inspection: Inspection | None) -> HttpResponse:
    if inspection is None:
        title = "Progress by force and recommendation"
        return render(request, "overview/no_inspection.html", {"title": title})
    now = request.now
    today = rules.london_day(now)
    if live.is_for_another_day(request):
        return HttpResponseClientRedirect(request.get_full_path())
    live_updates = live.live_state(request, inspection, on=today)
    if live_updates.is_unchanged:
        return live.no_change_response()
    choices = filter_choices(inspection, request.past) if request.GET else None
    parsed = (
        parse_heatmap_query(request.GET, filter_choices=choices, now=now)
        if choices
        else ParsedQuery(HeatmapQuery(), [])
    )
    query = parsed.query
    request.past, request.past_note = query.as_at, ""  # the notes have what is not valid
    content = _content(inspection, today, query, visibility_of(request.user))
    if choices:
        content.parts[snapshots.HEATMAP_FILTERS] = snapshots.heatmap_filters_html(
            query,
            choices,
            inspection=inspection,
            today=today,
            is_live_off=not query.as_at and not live_updates.is_on,
        )
    context = {
        "parts": content.parts,
        "note": content.note,
        "live": None if query.as_at else live_updates,
        "position_time": live.position_time(now),
        "query": query,
        "chips": chips(query, leads=choices.leads if choices else {}, path=request.path),
        "notes": parsed.notes,
        "save_heatmap": save_address(request.path + query.address),
        "announcement": live.announcement(live_updates, now=now, summary=content.summary),
    }
    return live.page_or_results(request, "heatmap", context)


@dataclass(frozen=True)
class _Content:
    parts: snapshots.Content
    summary: str  # for the status line
    note: str = ""


def _content(
    inspection: Inspection, today: date, query: HeatmapQuery, visibility: Visibility
) -> _Content:
    if query.is_plain:
        names = (snapshots.SENTENCE, snapshots.HEATMAP_TIMES, snapshots.HEATMAP_FILTERS)
        parts = snapshots.content(
            *names, snapshots.HEATMAP, inspection=inspection, today=today, visibility=visibility
        )
        return _Content(parts, parts[snapshots.SENTENCE])
    national, compare = load(inspection, query.as_at, today=today), query.compare
    before = positions.as_at(inspection, on=compare.on, before=compare.before) if compare else []
    shown = build_heatmap(national, query=query, visibility=visibility, before=before)
    times = snapshots.heatmap_times_html(
        query.narrowed(national),
        query,
        today=today,
        forces=shown.forces,
        known={national.on: shown.done},
    )
    parts = {
        snapshots.SENTENCE: escape(shown.sentence),
        snapshots.HEATMAP_TIMES: times,
        snapshots.HEATMAP: snapshots.heatmap_html(shown),
    }
    return _Content(parts, f"{shown.matches}. {shown.sentence}", shown.note)
