"""The lists of recommendations and forces, and the page of each one."""

from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.models import Body
from forces.permissions import Permission, may, may_see_documents, may_update, requires
from recommendations import rules
from recommendations.dashboards.assignment.reminders import ReminderOffer, reminder_for_body
from recommendations.dashboards.filters import region_field
from recommendations.dashboards.heatmap.heatmap import KEY
from recommendations.dashboards.heatmap.query import region_and_rocu_names
from recommendations.dashboards.past_time import AsAt, past_time_or_note
from recommendations.dashboards.questions.questions import open_questions
from recommendations.dashboards.register.blockers import blocker_summary, updates_sentence
from recommendations.dashboards.register.force import force_page, forces_page
from recommendations.dashboards.register.group import (
    KINDS,
    comparison,
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
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import Assignment, Inspection, Recommendation
from recommendations.models.question import Side
from recommendations.pages.calendar.views import active_feed
from recommendations.pages.live import position_time
from recommendations.positions.national import NationalPosition, load

UPDATES_PER_PAGE = 10


@require_safe
@requires(Permission.SEE_POSITION)
def recommendations(request: ReaderRequest) -> HttpResponse:
    national = _load_national(request.now)
    if national is None or not national.recommendations:
        return render(request, "overview/no_inspection.html", {"title": "Recommendations"})
    rows = recommendation_rows(national)
    context = {
        "rows": rows,
        "sentence": list_sentence(rows),
        "position_time": position_time(request.now),
    }
    return render(request, "register/recommendations.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def recommendation(request: ReaderRequest, number: int) -> HttpResponse:
    """Show one recommendation today, or with `?as_at=2020-10-01` at the end of that London day."""
    past, _ = past_time_or_note(request.GET.get("as_at", ""), now=request.now)
    national, recommendation = _get_recommendation_or_404(request.now, number, past)
    page = recommendation_page(national, recommendation, visibility=visibility_of(request.user))
    context = {
        "page": page,
        "query": f"?of={number}",
        "position_time": past.words if past else position_time(request.now),
    }
    return render(request, "register/recommendation.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def latest_updates(request: ReaderRequest, number: int) -> HttpResponse:
    """Show each organisation's latest update on a recommendation that it is still working on."""
    national, recommendation = _get_recommendation_or_404(request.now, number)
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
def group(request: ReaderRequest, slug: str, kind: str) -> HttpResponse:
    """Show a region or a regional organised crime unit."""
    national = _load_national(request.now)
    members = group_of(national, kind, slug) if national else []
    if national is None or not members:
        raise Http404
    context = {
        "page": group_page(national, kind, members, visibility=visibility_of(request.user)),
        "key": KEY,
        "downloads": f"/downloads/{kind}/",
        "query": f"?of={slug}",
        "position_time": position_time(request.now),
    }
    return render(request, "register/group.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def forces(request: ReaderRequest) -> HttpResponse:
    national = _load_national(request.now)
    if national is None:
        return render(request, "overview/no_inspection.html", {"title": "Forces"})
    regions, _ = region_and_rocu_names()
    region = request.GET.get("region", "")
    is_valid = not region or region in regions
    shown_region = region if is_valid else ""
    context = {
        "page": forces_page(national, region=shown_region),
        "field": region_field(region, regions),
        "region": shown_region,
        "note": "" if is_valid else "There is no such region, so all forces are shown.",
        "query": f"?{urlencode({'region': region})}" if shown_region else "",
        "position_time": position_time(request.now),
    }
    return render(request, "register/forces.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def force(request: ReaderRequest, slug: str) -> HttpResponse:
    """Show one force or national organisation."""
    reader = request.user
    body = get_object_or_404(Body.objects.select_related("region", "rocu"), slug=slug)
    national = _load_national(request.now)
    is_own, sees_papers = may_update(reader, body), may_see_documents(reader, body)
    context = {
        "comparison": comparison(body, national) if national and body.is_force else [],
        "groups": _group_links(body),
        "page": force_page(
            body,
            list(national.of(body).values()) if national else [],
            national.recommendations if national else [],
            visibility=visibility_of(reader),
            may_update=is_own,
        ),
        "is_own": is_own,
        "pinned": pinned_views(reader) if is_own else [],
        "sees_papers": sees_papers,
        "reminder": _reminder(request, body, national),
        "questions": open_questions(
            national.inspection if national else None, asked_by=Side.ANALYSTS, body=body
        )
        if sees_papers
        else [],
        "calendar_feed": active_feed(reader, body) if sees_papers else None,
        "downloads_query": f"?of={body.slug}",
        "position_time": position_time(request.now),
    }
    if national is not None:
        context["burn_up_message"], context["burn_up"] = own_burn_up(national, body)
    return render(request, "register/force.html", context)


def _reminder(
    request: ReaderRequest, body: Body, national: NationalPosition | None
) -> ReminderOffer | None:
    """The offer to remind the organisation, for those who may send reminders."""
    if national is None or not may(request.user, Permission.SEND_REMINDERS):
        return None
    assignments = Assignment.objects.filter(
        body=body, recommendation__inspection=national.inspection
    )
    return reminder_for_body(body, assignments, at=request.now)


def _group_links(body: Body) -> list[tuple[str, str]]:
    """Return the name and address of the force's region and regional unit."""
    names = ((group_name(body, kind), kind) for kind in KINDS)
    return [(f"{name} {KINDS[kind]}", group_url(name, kind)) for name, kind in names if name]


def _get_recommendation_or_404(
    at: datetime, number: int, past: AsAt | None = None
) -> tuple[NationalPosition, Recommendation]:
    national = _load_national(at, past)
    for recommendation in national.recommendations if national else []:
        if national and recommendation.number == number:
            return national, recommendation
    raise Http404


def _load_national(at: datetime, past: AsAt | None = None) -> NationalPosition | None:
    inspection = Inspection.objects.current()
    return load(inspection, past, today=rules.london_day(at)) if inspection else None
