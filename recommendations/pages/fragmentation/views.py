"""How fragmented the work is: the measures of a day, over time and by pair of regions."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forces.permissions import Permission, requires
from recommendations import rules
from recommendations.dashboards.fragmentation.history import load_fragmentation
from recommendations.dashboards.page_downloads import page_downloads
from recommendations.models import Inspection
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.lookups import current_inspection
from recommendations.pages.past_day import PastDayRequest, shows_past_day, time_shown
from recommendations.positions.national import load


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def fragmentation(request: PastDayRequest) -> HttpResponse:
    """The measures today, or at the end of a past day."""
    inspection = current_inspection(request)
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "Fragmentation"})
    context = {
        "content": content_by_revision(request, inspection, _content),
        "position_time": time_shown(request),
    }
    return render(request, "fragmentation/fragmentation.html", context)


def _content(request: PastDayRequest, inspection: Inspection) -> dict[str, str]:
    past = request.past
    page = load_fragmentation(load(inspection, past, today=rules.london_day(request.now)))
    context = {
        "page": page,
        "head": ["Region that asks", *(f"{region}#" for region in page.regions)],
        "downloads": page_downloads(
            "fragmentation",
            past=past,
            tables=[("measures", "The measures over time"), ("regions", "By region")],
            drawings=page.charts,
        ),
    }
    html = render_content(request, "fragmentation/_fragmentation.html", context)
    return {"sentence": page.sentence, "html": html}
