"""The recommendations and the forces: their lists, and a page for each."""

from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.models import Body
from forces.permissions import Permission, may_see_papers, may_update, requires
from recommendations import rules
from recommendations.dashboards.filters import region_field
from recommendations.dashboards.heatmap.heatmap import KEY
from recommendations.dashboards.heatmap.query import places
from recommendations.dashboards.questions.questions import open_questions
from recommendations.dashboards.register.blockers import accounts_sentence, obstacles
from recommendations.dashboards.register.force import force_page, forces_page
from recommendations.dashboards.register.group import (
    KINDS,
    beside,
    group_name,
    group_of,
    group_page,
    group_url,
    own_burn_up,
)
from recommendations.dashboards.register.recommendation import (
    list_sentence,
    recommendation_page,
    recommendation_rows,
)
from recommendations.dashboards.saved_views.saved_views import pinned_views
from recommendations.dashboards.visibility import papers_of
from recommendations.models import Inspection, Recommendation
from recommendations.models.question import Side
from recommendations.pages.calendar.views import own_feed
from recommendations.pages.live import position_time
from recommendations.positions.national import Picture, load

ACCOUNTS_A_PAGE = 10


@require_safe
@requires(Permission.SEE_POSITION)
def recommendations(request: ReaderRequest) -> HttpResponse:
    picture = _picture(request.now)
    if picture is None or not picture.recommendations:
        return render(request, "overview/no_inspection.html", {"title": "Recommendations"})
    rows = recommendation_rows(picture)
    context = {
        "rows": rows,
        "sentence": list_sentence(rows),
        "position_time": position_time(request.now),
    }
    return render(request, "register/recommendations.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def recommendation(request: ReaderRequest, number: int) -> HttpResponse:
    picture, found = _found(request.now, number)
    page = recommendation_page(picture, found, papers=papers_of(request.user))
    context = {"page": page, "query": f"?of={number}", "position_time": position_time(request.now)}
    return render(request, "register/recommendation.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def accounts(request: ReaderRequest, number: int) -> HttpResponse:
    """What each body said last on a recommendation that is still open for it, to read in one go."""
    picture, found = _found(request.now, number)
    own = {each.body_id: each for each in picture.positions if each.number == number}
    rows = obstacles(picture, own, papers_of(request.user)).accounts
    context = {
        "recommendation": found,
        "sentence": accounts_sentence(rows),
        "page": Paginator(rows, ACCOUNTS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "register/latest_updates.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def group(request: ReaderRequest, slug: str, kind: str) -> HttpResponse:
    """A region or a regional unit."""
    picture = _picture(request.now)
    members = group_of(picture, kind, slug) if picture else []
    if picture is None or not members:
        raise Http404
    page = group_page(picture, kind, members, papers=papers_of(request.user))
    context = {
        "page": page,
        "key": KEY,
        "downloads": f"/downloads/{kind}/",
        "query": f"?of={slug}",
        "position_time": position_time(request.now),
    }
    return render(request, "register/group.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def forces(request: ReaderRequest) -> HttpResponse:
    picture = _picture(request.now)
    if picture is None:
        return render(request, "overview/no_inspection.html", {"title": "Forces"})
    regions, _ = places()
    region = request.GET.get("region", "")
    is_known = not region or region in regions
    context = {
        "page": forces_page(picture, region=region if is_known else ""),
        "field": region_field(region, regions),
        "region": region if is_known else "",
        "note": "" if is_known else "There is no such region, so every force is shown.",
        "query": f"?{urlencode({'region': region})}" if region and is_known else "",
        "position_time": position_time(request.now),
    }
    return render(request, "register/forces.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def force(request: ReaderRequest, slug: str) -> HttpResponse:
    person = request.user
    body = get_object_or_404(Body.objects.select_related("region", "rocu"), slug=slug)
    inspection = Inspection.objects.current()
    on = rules.london_day(request.now)
    picture = load(inspection, today=on) if inspection else None
    of_body = list(picture.of(body).values()) if picture else []
    sees_papers = may_see_papers(person, body)
    context = {
        "beside": beside(body, picture) if picture and body.is_force else [],
        "groups": _groups_of(body),
        "page": force_page(
            body,
            of_body,
            picture.recommendations if picture else [],
            papers=papers_of(person),
            may_update=may_update(person, body),
        ),
        "is_own": may_update(person, body),
        "pinned": pinned_views(person) if may_update(person, body) else [],
        "sees_papers": sees_papers,
        "questions": open_questions(inspection, asked_by=Side.ANALYSTS, body=body)
        if sees_papers
        else [],
        "calendar_feed": own_feed(person, body) if sees_papers else None,
        "downloads_query": f"?of={body.slug}",
        "position_time": position_time(request.now),
    }
    if picture is not None:
        context["burn_up_message"], context["burn_up"] = own_burn_up(picture, body)
    return render(request, "register/force.html", context)


def _groups_of(body: Body) -> list[tuple[str, str]]:
    """Name and address of the region and the regional unit."""
    named = ((group_name(body, kind), kind) for kind in KINDS)
    return [(f"{name} {KINDS[kind]}", group_url(name, kind)) for name, kind in named if name]


def _found(at: datetime, number: int) -> tuple[Picture, Recommendation]:
    picture = _picture(at)
    known = picture.recommendations if picture else []
    found = next((each for each in known if each.number == number), None)
    if picture is None or found is None:
        raise Http404
    return picture, found


def _picture(at: datetime) -> Picture | None:
    inspection = Inspection.objects.current()
    on = rules.london_day(at)
    return load(inspection, today=on) if inspection else None
