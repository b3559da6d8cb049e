"""The national overview."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from forces.permissions import Permission, may
from recommendations import rules
from recommendations.dashboards import snapshots
from recommendations.dashboards.saved_views.saved_views import pinned_views
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import Inspection
from recommendations.pages import live
from recommendations.pages.lookups import current_inspection
from recommendations.pages.past_day import PastDayRequest, shows_past_day
from recommendations.pages.revalidation import revalidated


@require_safe
@shows_past_day
def overview(request: PastDayRequest) -> HttpResponse:
    """Show the home page; readers who may not see it are redirected to their own page."""
    reader = request.user
    if not may(reader, Permission.SEE_OVERVIEW):
        body = reader.documents_body
        return redirect("force", body.slug) if body else redirect("heatmap")
    pinned = [] if live.wants_fragment(request) else pinned_views(reader)
    return _overview(request, current_inspection(request), pinned)


@revalidated
def _overview(
    request: PastDayRequest, inspection: Inspection | None, pinned: list[tuple[str, str]]
) -> HttpResponse:
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "National overview"})
    now = request.now
    today = rules.london_day(now)
    live_updates = live.live_state(request, inspection, on=today)
    if live_updates.is_unchanged:
        return live.no_change_response()
    parts = snapshots.content(
        *(snapshots.SENTENCE, snapshots.OVERVIEW_DAY, snapshots.OVERVIEW),
        inspection=inspection,
        today=today,
        visibility=visibility_of(request.user),
        as_at=request.past,
    )
    context = {
        "parts": parts,
        "pinned": pinned,
        "live": None if request.past else live_updates,
        "position_time": live.position_time(now),
        "announcement": live.announcement(live_updates, now=now, summary=parts[snapshots.SENTENCE]),
    }
    return live.page_or_results(request, "overview", context)
