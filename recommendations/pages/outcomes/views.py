"""Outcomes: published figures on what happens outside the register."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forces.permissions import Permission, may, requires
from recommendations.charts.figures import KEY
from recommendations.dashboards.outcomes.outcomes import outcomes_page
from recommendations.dashboards.page_downloads import page_downloads
from recommendations.models import Inspection
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.lookups import current_inspection
from recommendations.pages.past_day import PastDayRequest, shows_past_day, time_shown


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def outcomes(request: PastDayRequest) -> HttpResponse:
    """Show the published figures as they are known today, or were at the end of a past day."""
    inspection = current_inspection(request)
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "Outcomes"})
    may_edit = request.past is None and may(request.user, Permission.EDIT_OUTCOMES)
    context = {
        "content": content_by_revision(request, inspection, _outcomes, may_edit),
        "may_edit": may_edit,
        "position_time": time_shown(request),
    }
    return render(request, "outcomes/outcomes.html", context)


def _outcomes(request: PastDayRequest, inspection: Inspection, may_edit: bool) -> dict[str, str]:
    page = outcomes_page(inspection, past=request.past)
    context = {
        "page": page,
        "may_edit": may_edit,
        "key": KEY,
        "is_synthetic": inspection.is_synthetic,
        "downloads": page_downloads(
            "outcomes",
            past=request.past,
            tables=[("figures", "Published figures"), ("corrections", "Corrected figures")],
            drawings=[card.chart for card in page.cards],
        ),
    }
    html = render_content(request, "outcomes/_outcomes.html", context)
    return {"sentence": page.sentence, "html": html}
