"""Trends over time."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forces.permissions import Permission, requires
from recommendations import rules
from recommendations.dashboards import snapshots
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import Inspection
from recommendations.pages.live import position_time
from recommendations.pages.lookups import current_inspection
from recommendations.pages.past_day import PastDayRequest, shows_past_day
from recommendations.pages.revalidation import revalidated


@require_safe
@requires(Permission.SEE_OVERVIEW)
@shows_past_day
def trends(request: PastDayRequest) -> HttpResponse:
    """Show the trends to those who may see the national overview."""
    return _trends(request, current_inspection(request))


@revalidated
def _trends(request: PastDayRequest, inspection: Inspection | None) -> HttpResponse:
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "Trends"})
    now = request.now
    context = {
        "parts": snapshots.content(
            *(snapshots.SENTENCE, snapshots.TRENDS_DAY, snapshots.TRENDS),
            inspection=inspection,
            today=rules.london_day(now),
            visibility=visibility_of(request.user),
            as_at=request.past,
        ),
        "position_time": position_time(now),
    }
    return render(request, "trends/trends.html", context)
