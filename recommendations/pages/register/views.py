"""The lists of recommendations and forces, and the pages of a recommendation and of a region."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, requires
from recommendations import rules
from recommendations.dashboards import labels
from recommendations.dashboards.filters import region_field
from recommendations.dashboards.heatmap.heatmap import KEY
from recommendations.dashboards.heatmap.query import region_and_rocu_names
from recommendations.dashboards.page_downloads import page_downloads
from recommendations.dashboards.parameters import MAX_DIGITS, parse_choice
from recommendations.dashboards.register.blockers import blocker_summary, updates_sentence
from recommendations.dashboards.register.force_list import FORCE_COLUMNS, FORCE_KEYS, force_list
from recommendations.dashboards.register.group import (
    REGION,
    group_of,
    group_page,
    group_url,
)
from recommendations.dashboards.register.recommendation import (
    ROW_KEYS,
    recommendation_page,
)
from recommendations.dashboards.register.recommendation_list import (
    RECOMMENDATION_COLUMNS,
    RECOMMENDATION_KEYS,
    list_sentence,
    recommendation_rows,
)
from recommendations.dashboards.sorting import parse_sort, sort_heads, sort_rows
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import Recommendation
from recommendations.pages.live import position_time
from recommendations.pages.lookups import find_inspection, national_position
from recommendations.pages.past_day import PastDayRequest, shows_past_day
from recommendations.positions.national import NationalPosition, load_recommendation

UPDATES_PER_PAGE = 10


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def recommendations(request: PastDayRequest) -> HttpResponse:
    national = national_position(request, request.past)
    if national is None or not national.recommendations:
        return render(request, "overview/no_inspection.html", {"title": "Recommendations"})
    rows = recommendation_rows(national)
    sort = parse_sort(request.GET.get("sort", ""), RECOMMENDATION_KEYS, default="number")
    context = {
        "rows": sort_rows(rows, sort, RECOMMENDATION_KEYS),
        "head": sort_heads(RECOMMENDATION_COLUMNS, query=request.GET, current=sort),
        "states": list(labels.STATES.values()),
        "sentence": list_sentence(rows),
        "downloads": page_downloads(
            "recommendations",
            past=request.past,
            tables=[("recommendations", "Recommendations")],
        ),
        "position_time": _position_time(request),
    }
    return render(request, "register/recommendations.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def recommendation(request: PastDayRequest, number: int) -> HttpResponse:
    """Show one recommendation today, or with `?as_at=2020-10-01` at the end of that London day."""
    national, recommendation = _get_recommendation_or_404(request, number)
    sort = parse_sort(request.GET.get("sort", ""), ROW_KEYS, default="force")
    page = recommendation_page(
        national, recommendation, visibility=visibility_of(request.user), sort=sort
    )
    context = {
        "page": page,
        "numbers": [item.number for item in national.recommendations],
        "head": sort_heads(page.columns, query=request.GET, current=sort),
        "query": request.GET.urlencode(),
        "states": labels.KEY,
        "position_time": _position_time(request),
    }
    return render(request, "register/recommendation.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def latest_updates(request: PastDayRequest, number: int) -> HttpResponse:
    """Show each organisation's latest update on a recommendation that it is still working on."""
    national, recommendation = _get_recommendation_or_404(request, number)
    by_body = {p.body_id: p for p in national.positions if p.number == number}
    updates = blocker_summary(national, by_body, visibility_of(request.user)).updates
    context = {
        "recommendation": recommendation,
        "sentence": updates_sentence(updates),
        "page": Paginator(updates, UPDATES_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "register/latest_updates.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def former_latest_updates(request: ReaderRequest, number: int) -> HttpResponse:
    """Redirect the page's former URL, which is in bookmarks and saved views."""
    url = reverse("latest_updates", args=[number], query=request.GET)
    return redirect(url, permanent=True)


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def group(request: PastDayRequest, slug: str, kind: str) -> HttpResponse:
    """Show a region or a regional organised crime unit."""
    national = national_position(request, request.past)
    members = group_of(national, kind, slug) if national else []
    if national is None or not members:
        raise Http404
    page = group_page(national, kind, members, visibility=visibility_of(request.user))
    context = {
        "page": page,
        "key": KEY,
        "downloads": page.downloads(kind, slug),
        "position_time": _position_time(request),
    }
    return render(request, "register/group.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def forces(request: PastDayRequest) -> HttpResponse:
    national = national_position(request, request.past)
    if national is None:
        return render(request, "overview/no_inspection.html", {"title": "Forces"})
    regions, _ = region_and_rocu_names()
    notes: list[str] = []
    region = parse_choice(request.GET.get("region", ""), regions, noun="region", notes=notes)
    sort = parse_sort(request.GET.get("sort", ""), FORCE_KEYS, default="name")
    page = force_list(national, region=region, sort=sort)
    context = {
        "page": page,
        "field": region_field(region, regions),
        "region": region,
        "region_url": group_url(region, REGION, past=request.past) if region else "",
        "notes": notes,
        "head": sort_heads(FORCE_COLUMNS, query=request.GET, current=sort),
        "sort": request.GET.get("sort", ""),
        "states": labels.KEY,
        "downloads": page_downloads(
            "forces",
            past=request.past,
            filters={"region": region},
            tables=[("forces", "Forces and national organisations")],
            drawings=[page.tile_map],
        ),
        "position_time": _position_time(request),
    }
    return render(request, "register/forces.html", context)


def _position_time(request: PastDayRequest) -> str:
    return request.past.words if request.past else position_time(request.now)


def _get_recommendation_or_404(
    request: PastDayRequest, number: int
) -> tuple[NationalPosition, Recommendation]:
    if number >= 10**MAX_DIGITS:
        raise Http404
    today = rules.london_day(request.now)
    national = load_recommendation(find_inspection(request), number, request.past, today=today)
    for recommendation in national.recommendations:
        if recommendation.number == number:
            return national, recommendation
    raise Http404
