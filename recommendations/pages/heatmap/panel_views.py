"""The panel next to the heatmap, as a fragment."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from forces.permissions import Permission, may
from recommendations import rules, wording
from recommendations.dashboards.assignment.assignment import position_of
from recommendations.dashboards.assignment.timeline import timeline_of
from recommendations.dashboards.assignment.year import Year, year_of
from recommendations.dashboards.heatmap.panel import panel as build_panel
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import Assignment
from recommendations.page_urls import page_url
from recommendations.pages.live import vary, wants_fragment
from recommendations.pages.lookups import find_assignment
from recommendations.pages.past_day import PastDayRequest, shows_past_day
from recommendations.positions.past_time import AsAt
from recommendations.positions.positions import Position


@require_safe
@shows_past_day
def panel(request: PastDayRequest, slug: str, reference: str) -> HttpResponse:
    """Show the panel of a cell; without JavaScript, redirect to the assignment's page."""
    assignment = find_assignment(request, slug, reference)
    if not wants_fragment(request):
        return redirect(page_url("assignment", slug, reference, past=request.past))
    as_at = request.past
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
        "year": _year(assignment, position, as_at) if position else None,
    }
    return vary(render(request, "heatmap/panel.html", context))


def _year(assignment: Assignment, position: Position, as_at: AsAt | None) -> Year:
    """Return the drawing of the assignment's year; its marks link to the full history."""
    place = [assignment.body.slug, position.reference]
    timeline = timeline_of(assignment, until=position.on, before=as_at.before if as_at else None)
    today_text = wording.short_day(as_at.on, today=as_at.on) if as_at else "today"
    return year_of(
        assignment,
        timeline,
        due_on=position.due_on,
        today_text=today_text,
        history_url=page_url("assignment", *place, past=as_at, full=1),
        latest_url=page_url("assignment", *place, past=as_at),
    )
