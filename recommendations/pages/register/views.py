"""The lists of recommendations and forces, and the pages of a recommendation and of a region."""

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, may, requires
from recommendations import rules
from recommendations.dashboards import labels
from recommendations.dashboards.filters import region_field
from recommendations.dashboards.heatmap.query import region_and_rocu_names
from recommendations.dashboards.page_downloads import page_downloads
from recommendations.dashboards.parameters import parse_choice
from recommendations.dashboards.register.blockers import blocker_summary, updates_sentence
from recommendations.dashboards.register.force_list import FORCE_COLUMNS, FORCE_KEYS, force_list
from recommendations.dashboards.register.force_rows import ROW_KEYS
from recommendations.dashboards.register.group import (
    REGION,
    group_of,
    group_page,
    group_url,
)
from recommendations.dashboards.register.recommendation import recommendation_page
from recommendations.dashboards.register.recommendation_list import (
    RECOMMENDATION_COLUMNS,
    RECOMMENDATION_KEYS,
    list_sentence,
    recommendation_rows,
)
from recommendations.dashboards.sorting import parse_sort, sort_heads, sort_rows
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import Inspection, Recommendation
from recommendations.page_urls import page_url
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.lookups import current_inspection, find_inspection
from recommendations.pages.past_day import PastDayRequest, shows_past_day, time_shown
from recommendations.positions.national import NationalPosition, load, load_recommendation

UPDATES_PER_PAGE = 10


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def recommendations(request: PastDayRequest) -> HttpResponse:
    inspection = current_inspection(request)
    content = content_by_revision(request, inspection, _recommendations) if inspection else {}
    if not content:
        return render(request, "overview/no_inspection.html", {"title": "Recommendations"})
    context = {"content": content, "position_time": time_shown(request)}
    return render(request, "register/recommendations.html", context)


def _recommendations(request: PastDayRequest, inspection: Inspection) -> dict[str, str]:
    """Return the content of the list; empty without recommendations."""
    national = load(inspection, request.past, today=rules.london_day(request.now))
    if not national.recommendations:
        return {}
    rows = recommendation_rows(national)
    sort = parse_sort(request.GET.get("sort", ""), RECOMMENDATION_KEYS, default="number")
    context = {
        "rows": sort_rows(rows, sort, RECOMMENDATION_KEYS),
        "head": sort_heads(RECOMMENDATION_COLUMNS, query=request.GET, current=sort),
        "states": list(labels.STATES.values()),
        "downloads": page_downloads(
            "recommendations",
            past=request.past,
            tables=[
                ("recommendations", "Recommendations"),
                ("texts", "Texts and what forces are asked to do"),
            ],
        ),
    }
    html = render_content(request, "register/_recommendations.html", context)
    return {"sentence": list_sentence(rows), "html": html}


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def recommendation(request: PastDayRequest, reference: str) -> HttpResponse:
    """Show one recommendation today, or with `?as_at=2020-10-01` at the end of that London day."""
    inspection = find_inspection(request)
    context = {
        "content": content_by_revision(request, inspection, _recommendation, reference),
        "position_time": time_shown(request),
        "quotes_url": page_url("quotes", recommendation=reference),
        "text_url": reverse("recommendation_text", args=[reference])
        if may(request.user, Permission.CHECK_TEXTS)
        else "",
    }
    return render(request, "register/recommendation.html", context)


def _recommendation(
    request: PastDayRequest, inspection: Inspection, reference: str
) -> dict[str, str]:
    """Return the content of one recommendation. Raises Http404 if there is none."""
    national, recommendation = _load_or_404(request, inspection, reference)
    sort = parse_sort(request.GET.get("sort", ""), ROW_KEYS, default="force")
    page = recommendation_page(
        national, recommendation, visibility=visibility_of(request.user), sort=sort
    )
    context = {
        "page": page,
        "head": sort_heads(page.columns, query=request.GET, current=sort),
        "states": labels.KEY,
    }
    numbers = {
        "references": [item.reference for item in national.recommendations],
        "current": recommendation.reference,
        "query": request.GET.urlencode(),
    }
    return {
        "title": str(recommendation),
        "sentence": page.sentence,
        "numbers": render_content(request, "register/_numbers.html", numbers),
        "html": render_content(request, "register/_recommendation.html", context),
    }


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def latest_updates(request: PastDayRequest, reference: str) -> HttpResponse:
    """Show each organisation's latest update on a recommendation that it is still working on."""
    national, recommendation = _load_or_404(request, find_inspection(request), reference)
    by_body = {p.body_id: p for p in national.positions if p.reference == reference}
    updates = blocker_summary(national, by_body, visibility_of(request.user)).updates
    context = {
        "recommendation": recommendation,
        "sentence": updates_sentence(updates),
        "page": Paginator(updates, UPDATES_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "register/latest_updates.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def former_latest_updates(request: ReaderRequest, reference: str) -> HttpResponse:
    """Redirect the page's former URL, which is in bookmarks and saved views."""
    url = reverse("latest_updates", args=[reference], query=request.GET)
    return redirect(url, permanent=True)


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def group(request: PastDayRequest, slug: str, kind: str) -> HttpResponse:
    """Show a region or a regional organised crime unit."""
    inspection = find_inspection(request)
    context = {
        "content": content_by_revision(request, inspection, _group, slug, kind),
        "position_time": time_shown(request),
    }
    return render(request, "register/group.html", context)


def _group(request: PastDayRequest, inspection: Inspection, slug: str, kind: str) -> dict[str, str]:
    """Return the content of a group of forces. Raises Http404 if there is none."""
    national = load(inspection, request.past, today=rules.london_day(request.now))
    members = group_of(national, kind, slug)
    if not members:
        raise Http404
    page = group_page(national, kind, members, visibility=visibility_of(request.user))
    context = {"page": page, "downloads": page.downloads(kind, slug)}
    return {
        "name": page.name,
        "kind": page.kind,
        "sentence": page.sentence,
        "html": render_content(request, "register/_group.html", context),
    }


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def forces(request: PastDayRequest) -> HttpResponse:
    inspection = current_inspection(request)
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "Forces"})
    context = {
        "content": content_by_revision(request, inspection, _forces),
        "position_time": time_shown(request),
    }
    return render(request, "register/forces.html", context)


def _forces(request: PastDayRequest, inspection: Inspection) -> dict[str, str]:
    national = load(inspection, request.past, today=rules.london_day(request.now))
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
        "states": labels.FULL_KEY,
        "downloads": page_downloads(
            "forces",
            past=request.past,
            filters={"region": region},
            tables=[("forces", "Forces and national organisations")],
            drawings=[page.tile_map],
        ),
    }
    return {
        "sentence": page.sentence,
        "html": render_content(request, "register/_forces.html", context),
    }


def _load_or_404(
    request: PastDayRequest, inspection: Inspection, reference: str
) -> tuple[NationalPosition, Recommendation]:
    today = rules.london_day(request.now)
    national = load_recommendation(inspection, reference, request.past, today=today)
    for recommendation in national.recommendations:
        if recommendation.reference == reference:
            return national, recommendation
    raise Http404
