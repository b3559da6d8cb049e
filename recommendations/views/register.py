"""The recommendations and the forces: their lists, and a page for each."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from forces.models import Body
from forces.permissions import may_see_papers, may_update
from recommendations import positions, rules
from recommendations.dashboards.force_page import force_page, forces_page
from recommendations.dashboards.heatmap_query import places
from recommendations.dashboards.papers import papers_of
from recommendations.dashboards.picture import Picture, load
from recommendations.dashboards.questions import open_questions
from recommendations.dashboards.recommendation_page import (
    list_sentence,
    recommendation_page,
    recommendation_rows,
)
from recommendations.models import Inspection
from recommendations.models.question import Side
from recommendations.views.calendar import own_feed
from recommendations.views.filters import region_field
from recommendations.views.live import position_time
from recommendations.views.papers import reader_of


@require_safe
def recommendations(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    picture = _picture(now)
    if picture is None or not picture.recommendations:
        return render(request, "dashboards/no_inspection.html", {"title": "Recommendations"})
    rows = recommendation_rows(picture)
    context = {"rows": rows, "sentence": list_sentence(rows), "position_time": position_time(now)}
    return render(request, "register/recommendations.html", context)


@require_safe
def recommendation(request: HttpRequest, number: int) -> HttpResponse:
    now = timezone.now()
    picture = _picture(now)
    known = picture.recommendations if picture else []
    found = next((each for each in known if each.number == number), None)
    if picture is None or found is None:
        raise Http404
    page = recommendation_page(picture, found, papers=papers_of(reader_of(request)))
    return render(
        request, "register/recommendation.html", {"page": page, "position_time": position_time(now)}
    )


@require_safe
def forces(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    picture = _picture(now)
    if picture is None:
        return render(request, "dashboards/no_inspection.html", {"title": "Forces"})
    regions, _ = places()
    region = request.GET.get("region", "")
    is_known = not region or region in regions
    context = {
        "page": forces_page(picture, region=region if is_known else ""),
        "field": region_field(region, regions),
        "region": region if is_known else "",
        "note": "" if is_known else "There is no such region, so every force is shown.",
        "position_time": position_time(now),
    }
    return render(request, "register/forces.html", context)


@require_safe
def force(request: HttpRequest, slug: str) -> HttpResponse:
    person = reader_of(request)
    now = timezone.now()
    body = get_object_or_404(Body.objects.select_related("region", "rocu"), slug=slug)
    inspection = Inspection.objects.current()
    on = rules.london_day(now)
    of_body = positions.today(inspection, on=on, body=body) if inspection else []
    sees_papers = may_see_papers(person, body)
    context = {
        "page": force_page(
            body,
            of_body,
            list(inspection.recommendations.all()) if inspection else [],
            papers=papers_of(person),
            may_update=may_update(person, body),
        ),
        "is_own": may_update(person, body),
        "sees_papers": sees_papers,
        "questions": open_questions(inspection, asked_by=Side.ANALYSTS, body=body)
        if sees_papers
        else [],
        "calendar_feed": own_feed(person, body) if sees_papers else None,
        "position_time": position_time(now),
    }
    return render(request, "register/force.html", context)


def _picture(now: datetime) -> Picture | None:
    inspection = Inspection.objects.current()
    on = rules.london_day(now)
    return load(inspection, on=on, today=on) if inspection else None
