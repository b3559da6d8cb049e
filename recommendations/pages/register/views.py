"""The lists of recommendations and forces, and the page of each one."""

from datetime import datetime
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.models import Body, User
from forces.permissions import Permission, may, may_see_documents, may_update, requires
from recommendations import rules
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.reminders import ReminderOffer, reminder_for_body
from recommendations.dashboards.filters import region_field
from recommendations.dashboards.heatmap.heatmap import KEY
from recommendations.dashboards.heatmap.query import region_and_rocu_names
from recommendations.dashboards.page_downloads import page_downloads
from recommendations.dashboards.past_time import AsAt, past_time_or_note
from recommendations.dashboards.questions.questions import open_questions
from recommendations.dashboards.register.blockers import blocker_summary, updates_sentence
from recommendations.dashboards.register.force import (
    force_page,
    liaison_officers,
    marks,
    marks_head,
    row_table,
)
from recommendations.dashboards.register.force_list import FORCE_COLUMNS, FORCE_KEYS, force_list
from recommendations.dashboards.register.group import (
    KINDS,
    REGION,
    comparison,
    group_name,
    group_of,
    group_page,
    group_url,
    own_burn_up,
)
from recommendations.dashboards.register.next_actions import Reader, next_actions
from recommendations.dashboards.register.recommendation import (
    ROW_COLUMNS,
    ROW_KEYS,
    recommendation_page,
)
from recommendations.dashboards.register.recommendation_list import (
    RECOMMENDATION_COLUMNS,
    RECOMMENDATION_KEYS,
    list_sentence,
    recommendation_rows,
)
from recommendations.dashboards.saved_views.saved_views import pinned_views
from recommendations.dashboards.sorting import parse_sort, sort_heads, sort_rows
from recommendations.dashboards.visibility import visibility_of
from recommendations.models import Assignment, Inspection, Recommendation
from recommendations.models.question import Side
from recommendations.pages.calendar.views import active_feed
from recommendations.pages.live import position_time
from recommendations.positions.national import NationalPosition, load, load_recommendation

UPDATES_PER_PAGE = 10


@require_safe
@requires(Permission.SEE_POSITION)
def recommendations(request: ReaderRequest) -> HttpResponse:
    national = _load_national(request.now)
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
            "recommendations", tables=[("recommendations", "Recommendations")]
        ),
        "position_time": position_time(request.now),
    }
    return render(request, "register/recommendations.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def recommendation(request: ReaderRequest, number: int) -> HttpResponse:
    """Show one recommendation today, or with `?as_at=2020-10-01` at the end of that London day."""
    past, note = past_time_or_note(request.GET.get("as_at", ""), now=request.now)
    national, recommendation = _get_recommendation_or_404(request.now, number, past)
    sort = parse_sort(request.GET.get("sort", ""), ROW_KEYS, default="force")
    context = {
        "page": recommendation_page(
            national, recommendation, visibility=visibility_of(request.user), sort=sort
        ),
        "numbers": [item.number for item in national.recommendations],
        "head": sort_heads(ROW_COLUMNS, query=request.GET, current=sort),
        "query": request.GET.urlencode(),
        "note": note,
        "as_at": past,
        "states": labels.KEY,
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
    page = group_page(national, kind, members, visibility=visibility_of(request.user))
    context = {
        "page": page,
        "key": KEY,
        "downloads": page.downloads(kind, slug),
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
    sort = parse_sort(request.GET.get("sort", ""), FORCE_KEYS, default="name")
    page = force_list(national, region=shown_region, sort=sort)
    query = f"?{urlencode({'region': region})}" if shown_region else ""
    context = {
        "page": page,
        "field": region_field(region, regions),
        "region": shown_region,
        "region_url": group_url(shown_region, REGION) if shown_region else "",
        "note": "" if is_valid else "There is no such region, so all forces are shown.",
        "head": sort_heads(FORCE_COLUMNS, query=request.GET, current=sort),
        "sort": request.GET.get("sort", ""),
        "states": labels.KEY,
        "downloads": page_downloads(
            "forces",
            query=query,
            tables=[("forces", "Forces and national organisations")],
            drawings=[page.tile_map],
        ),
        "position_time": position_time(request.now),
    }
    return render(request, "register/forces.html", context)


@require_safe
@requires(Permission.SEE_POSITION)
def force(request: ReaderRequest, slug: str) -> HttpResponse:
    """Show one organisation today, or with `?as_at=2020-10-01` at the end of that London day."""
    reader = request.user
    body = get_object_or_404(Body.objects.select_related("region", "rocu"), slug=slug)
    past, note = past_time_or_note(request.GET.get("as_at", ""), now=request.now)
    national = _load_national(request.now, past)
    kind = _reader_of(reader, body)
    sees_documents = kind is not Reader.OTHER
    today = rules.london_day(request.now)
    reminder = _reminder(request, body, national) if past is None else None
    positions = list(national.of(body).values()) if national else []
    rows = next_actions(
        body,
        positions,
        national.recommendations if national else [],
        reader=kind,
        before=past.before if past else None,
        reminders=reminder.urls if reminder else None,
    )
    signed_in_on = today if may(reader, Permission.SEE_ALL_DOCUMENTS) else None
    highest = len(positions)
    context = {
        "page": force_page(
            body,
            positions,
            rows,
            officers=liaison_officers(body, on=signed_in_on) if sees_documents else [],
            on=national.on if national else today,
        ),
        "marks": marks(body, comparison(body, national), highest=highest)
        if national and body.is_force
        else [],
        "groups": _group_links(body),
        "table": row_table(kind),
        "marks_head": marks_head(body, highest=highest),
        "marks_widths": ("", "76", "60", "52", "148"),
        "is_own": kind.is_own,
        "pinned": pinned_views(reader) if kind is Reader.OFFICER else [],
        "sees_documents": sees_documents,
        "reminder": reminder,
        "questions": open_questions(
            national.inspection if national else None, asked_by=Side.ANALYSTS, body=body
        )
        if sees_documents
        else [],
        "calendar_feed": active_feed(reader, body) if sees_documents else None,
        "downloads_query": f"?of={body.slug}",
        "past_day": past,
        "as_at_note": note,
        "as_at_query": f"?as_at={past}" if past else "",
        "position_time": past.words if past else position_time(request.now),
    }
    if national is not None:
        context["burn_up_message"], context["burn_up"] = own_burn_up(national, body)
    return render(request, "register/force.html", context)


def _reader_of(person: User, body: Body) -> Reader:
    """Return who the person is on the page of this organisation."""
    if not may_see_documents(person, body):
        return Reader.OTHER
    if may_update(person, body):
        return Reader.OFFICER
    if may(person, Permission.SEND_REMINDERS):
        return Reader.ANALYST
    return Reader.HOME_OFFICE if may(person, Permission.SEE_ALL_DOCUMENTS) else Reader.MEMBER


def _reminder(
    request: ReaderRequest, body: Body, national: NationalPosition | None
) -> ReminderOffer | None:
    """The offer to remind the organisation, for those who may send reminders."""
    if national is None or not may(request.user, Permission.SEND_REMINDERS):
        return None
    assignments = Assignment.objects.filter(
        body=body, recommendation__inspection=national.inspection
    )
    return reminder_for_body(body, assignments.select_related("recommendation"), at=request.now)


def _group_links(body: Body) -> list[tuple[str, str]]:
    """Return the name and address of the force's region and regional unit."""
    names = ((group_name(body, kind), kind) for kind in KINDS)
    return [(f"{name} {KINDS[kind]}", group_url(name, kind)) for name, kind in names if name]


def _get_recommendation_or_404(
    at: datetime, number: int, past: AsAt | None = None
) -> tuple[NationalPosition, Recommendation]:
    inspection = Inspection.objects.current()
    if inspection is None:
        raise Http404
    national = load_recommendation(inspection, number, past, today=rules.london_day(at))
    for recommendation in national.recommendations:
        if recommendation.number == number:
            return national, recommendation
    raise Http404


def _load_national(at: datetime, past: AsAt | None = None) -> NationalPosition | None:
    inspection = Inspection.objects.current()
    return load(inspection, past, today=rules.london_day(at)) if inspection else None
