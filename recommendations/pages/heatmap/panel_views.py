"""The panel next to the heatmap, as a fragment."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, may
from recommendations import rules
from recommendations.dashboards.assignment.assignment import position_of
from recommendations.dashboards.heatmap.panel import panel as build_panel
from recommendations.dashboards.past_time import past_time_or_note
from recommendations.dashboards.visibility import visibility_of
from recommendations.pages.live import vary, wants_fragment
from recommendations.pages.lookups import find_assignment


@require_safe
def panel(request: ReaderRequest, slug: str, number: int) -> HttpResponse:
    """Show the panel of a cell; without JavaScript, redirect to the assignment's page."""
    assignment = find_assignment(request, slug, number)
    if not wants_fragment(request):
        return redirect(assignment)
    as_at, _ = past_time_or_note(request.GET.get("as_at", ""), now=request.now)
    position = position_of(assignment, today=rules.london_day(request.now), then=as_at)
    panel = (
        build_panel(
            assignment,
            position,
            visibility=visibility_of(request.user),
            may_change_due_date=may(request.user, Permission.DECIDE_DUE_DATES),
            as_at=as_at,
        )
        if position
        else None
    )
    context = {"panel": panel, "as_at": as_at}
    return vary(render(request, "heatmap/panel.html", context))
