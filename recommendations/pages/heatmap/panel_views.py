"""The panel next to the heatmap, as a fragment."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, may
from recommendations import rules, wording
from recommendations.dashboards.assignment.assignment import position_of
from recommendations.dashboards.assignment.timeline import timeline_of
from recommendations.dashboards.assignment.year import Year, year_of
from recommendations.dashboards.heatmap.panel import panel as build_panel
from recommendations.dashboards.past_time import AsAt, past_time_or_note
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import Assignment
from recommendations.pages.live import vary, wants_fragment
from recommendations.pages.lookups import find_assignment
from recommendations.positions.positions import Position


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
    context = {
        "panel": panel,
        "year": _year(assignment, position, as_at, panel.href) if position and panel else None,
        "as_at": as_at,
    }
    return vary(render(request, "heatmap/panel.html", context))


def _year(assignment: Assignment, position: Position, as_at: AsAt | None, href: str) -> Year:
    """Return the drawing of the assignment's year; its marks link to the full history."""
    timeline = timeline_of(assignment, until=position.on, before=as_at.before if as_at else None)
    today_text = wording.short_day(as_at.on, today=as_at.on) if as_at else "today"
    return year_of(
        assignment,
        timeline,
        due_on=position.due_on,
        today_text=today_text,
        history_url=f"{href}{'&' if as_at else '?'}full=1",
        latest_url=href,
    )
