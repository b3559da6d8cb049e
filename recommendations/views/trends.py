"""How the figures came to be, and where they lead."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from forces.permissions import Permission, may
from recommendations import rules
from recommendations.dashboards.as_at import asked_time
from recommendations.dashboards.picture import load
from recommendations.dashboards.trends import trends as build_trends
from recommendations.models import Inspection
from recommendations.views.national import national_page, shown_time


@require_safe
@national_page("trends")
def trends(request: HttpRequest) -> HttpResponse:
    """For those who see the national overview."""
    if not may(request.user, Permission.SEE_OVERVIEW):
        raise Http404
    inspection = Inspection.objects.current()
    if inspection is None:
        return render(request, "dashboards/no_inspection.html", {"title": "Trends"})
    now = timezone.now()
    today = rules.london_day(now)
    as_at, note = asked_time(request.GET.get("as_at", ""), now=now)
    picture = load(inspection, as_at, today=today)
    context = {
        "trends": build_trends(picture, before=as_at.before if as_at else None),
        "as_at": as_at,
        "trends_query": f"?as_at={as_at}" if as_at else "",
        "note": note,
        "position_time": shown_time(request, now),
    }
    return render(request, "dashboards/trends.html", context)
