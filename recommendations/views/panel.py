"""The panel beside the heatmap: a fragment; without JavaScript a cell leads to its page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from recommendations import positions, rules
from recommendations.dashboards.as_at import asked_time
from recommendations.dashboards.panel import panel as build_panel
from recommendations.views.live import vary, wants_fragment
from recommendations.views.papers import find_assignment


@require_safe
def panel(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    assignment = find_assignment(request, slug, number)
    if not wants_fragment(request):
        return redirect(assignment)
    now = timezone.now()
    then, _ = asked_time(request.GET.get("as_at", ""), now=now)
    inspection, body = assignment.recommendation.inspection, assignment.body
    stood = positions.at(inspection, then, on=rules.london_day(now), body=body)
    found = next((each for each in stood if each.number == number), None)
    shown = build_panel(assignment, found) if found else None
    return vary(render(request, "dashboards/panel.html", {"panel": shown, "then": then}))
