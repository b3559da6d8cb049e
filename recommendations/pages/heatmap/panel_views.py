"""The panel beside the heatmap: a fragment; without JavaScript a cell leads to its page."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from recommendations import rules
from recommendations.dashboards.assignment.assignment import position_of
from recommendations.dashboards.heatmap.panel import panel as build_panel
from recommendations.dashboards.past_time import asked_time
from recommendations.pages.live import vary, wants_fragment
from recommendations.pages.lookups import find_assignment


@require_safe
def panel(request: ReaderRequest, slug: str, number: int) -> HttpResponse:
    assignment = find_assignment(request, slug, number)
    if not wants_fragment(request):
        return redirect(assignment)
    then, _ = asked_time(request.GET.get("as_at", ""), now=request.now)
    position = position_of(assignment, today=rules.london_day(request.now), then=then)
    shown = build_panel(assignment, position) if position else None
    return vary(render(request, "heatmap/panel.html", {"panel": shown, "then": then}))
