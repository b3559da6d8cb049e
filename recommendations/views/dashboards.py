"""The overview and the heatmap."""

from collections.abc import Mapping
from datetime import date, datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from forces.models import User
from forces.permissions import Permission, may
from recommendations import positions, rules
from recommendations.dashboards import frames, snapshots
from recommendations.dashboards.addresses import save_address
from recommendations.dashboards.as_at import AsAt, asked_time
from recommendations.dashboards.heatmap import heatmap as build_heatmap
from recommendations.dashboards.heatmap import sentence
from recommendations.dashboards.heatmap_query import Asked, asked_of, day_links, known
from recommendations.dashboards.overview import overview as build_overview
from recommendations.dashboards.papers import ALL_PAPERS, papers_of
from recommendations.dashboards.picture import load
from recommendations.dashboards.saved_views import pinned_views
from recommendations.models import Inspection
from recommendations.positions import Position
from recommendations.views.filters import heatmap_fields
from recommendations.views.live import (
    announcement,
    is_unchanged,
    live_of,
    nothing_new,
    vary,
    wants_fragment,
)
from recommendations.views.national import national_page, pinned_box, shown_time
from recommendations.views.papers import reader_of


@require_safe
@national_page("overview")
def overview(request: HttpRequest) -> HttpResponse:
    person = reader_of(request)
    if not may(person, Permission.SEE_OVERVIEW):
        return redirect("force", person.body.slug) if person.body else redirect("heatmap")
    inspection = Inspection.objects.current()
    if inspection is None:
        return render(request, "dashboards/no_inspection.html", {"title": "National overview"})
    now = timezone.now()
    on = rules.london_day(now)
    live = live_of(request, inspection, on=on)
    if is_unchanged(request, live):
        return nothing_new()
    as_at, note = asked_time(request.GET.get("as_at", ""), now=now)
    parts = _overview_parts(person, inspection, on, as_at)
    said = str(parts[snapshots.SENTENCE])
    context = {
        "parts": parts,
        "pinned": _pinned(request, person),
        "live": None if as_at else live,
        "as_at": as_at,
        "note": note,
        "position_time": shown_time(request, now),
        "announcement": announcement(live, now=now, found=said),
    }
    return _answer(request, "dashboards/overview", context)


def _pinned(request: HttpRequest, person: User) -> SafeString:
    marks = frames.marks_of(request)
    known = getattr(request, "pinned_views", None)  # the door of the page has asked already
    views = pinned_views(person) if known is None and not marks else known or []
    box = marks.pinned if marks else pinned_box(views)
    return mark_safe(box)  # noqa: S308  # nosec B308 B703 # our template's


def _overview_parts(
    person: User, inspection: Inspection, today: date, as_at: AsAt | None
) -> dict[str, SafeString | str]:
    papers = papers_of(person)
    if papers == ALL_PAPERS and as_at is None:
        names = (snapshots.SENTENCE, snapshots.OVERVIEW)
        return dict(snapshots.parts(*names, inspection=inspection, on=today))
    shown = build_overview(load(inspection, as_at, today=today), papers=papers, as_at=as_at)
    return {
        snapshots.SENTENCE: shown.sentence,
        snapshots.OVERVIEW: snapshots.overview_html(shown),
    }


@require_safe
@national_page("heatmap")
def heatmap(request: HttpRequest) -> HttpResponse:
    person = reader_of(request)
    inspection = Inspection.objects.current()
    if inspection is None:
        title = "Progress by force and recommendation"
        return render(request, "dashboards/no_inspection.html", {"title": title})
    now = timezone.now()
    live = live_of(request, inspection, on=rules.london_day(now))
    if is_unchanged(request, live):
        return nothing_new()
    there = known(inspection)
    asked = asked_of(request.GET, known=there, now=now)
    parts, found = _heatmap_parts(person, inspection, asked, now)
    context: dict[str, object] = {
        "parts": parts,
        "live": None if asked.query.as_at else live,
        "position_time": shown_time(request, now),
        "query": asked.query,
        "today_url": request.path + asked.query.at(None).address,
        "days": day_links(
            asked.query,
            path=request.path,
            since=inspection.published_on,
            today=rules.london_day(now),
        ),
        "notes": asked.notes,
        "save_heatmap": save_address(request.path + asked.query.address),
        "fields": heatmap_fields(asked.query, there),
        "announcement": announcement(live, now=now, found=found),
    }
    return _answer(request, "dashboards/heatmap", context)


def _heatmap_parts(
    person: User, inspection: Inspection, asked: Asked, now: datetime
) -> tuple[dict[str, SafeString | str], str]:
    """The parts, and how many rows they show in words."""
    today = rules.london_day(now)
    papers = papers_of(person)
    if papers == ALL_PAPERS and asked.query.is_plain:
        names = (snapshots.SENTENCE, snapshots.HEATMAP)
        parts: dict[str, SafeString | str] = dict(
            snapshots.parts(*names, inspection=inspection, on=today)
        )
        return parts, str(parts[snapshots.SENTENCE])
    picture = load(inspection, asked.query.as_at, today=today)
    shown = build_heatmap(
        picture, query=asked.query, papers=papers, before=_before(inspection, asked.query.compare)
    )
    return {
        snapshots.SENTENCE: sentence(picture),
        snapshots.HEATMAP: snapshots.heatmap_html(shown),
    }, f"{shown.found}. {shown.sentence}"


def _before(inspection: Inspection, then: AsAt | None) -> list[Position]:
    return positions.as_at(inspection, on=then.on, before=then.before) if then else []


def _answer(request: HttpRequest, name: str, context: Mapping[str, object]) -> HttpResponse:
    """The page, or only its results where htmx asks for them."""
    is_fragment = wants_fragment(request)
    template = f"{name}_results.html" if is_fragment else f"{name}.html"
    return vary(render(request, template, {**context, "is_fragment": is_fragment}))
