"""Responses to the inspection: of all organisations, of one, and the form that enters one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.models import Body
from forces.names import body_on
from forces.permissions import Permission, may, may_respond, may_see_responses, requires
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.respond import respond as enter_response
from recommendations.dashboards import labels
from recommendations.dashboards.page_downloads import page_downloads
from recommendations.dashboards.parameters import parse_choice
from recommendations.dashboards.responses.body import ABOUT_REPORT, BodyResponses, body_responses
from recommendations.dashboards.responses.responses import (
    COLUMNS,
    NATIONAL_COLUMNS,
    REPORT,
    ROW_KEYS,
    SHOWN,
    UNCONFIRMED,
    addressees,
    responses_page,
    select_rows,
    subjects,
)
from recommendations.dashboards.sorting import parse_sort, sort_heads, sort_rows
from recommendations.models import Inspection, Recommendation
from recommendations.page_urls import page_url
from recommendations.pages.content_by_revision import content_by_revision, render_content
from recommendations.pages.lookups import current_inspection, find_inspection
from recommendations.pages.past_day import PastDayRequest, shows_past_day, time_shown
from recommendations.pages.responses.forms import ResponseForm
from recommendations.positions.national import load


@require_safe
@requires(Permission.SEE_POSITION)
@shows_past_day
def responses(request: PastDayRequest) -> HttpResponse:
    """List all organisations; with `?show=overdue` only those whose response is overdue."""
    inspection = current_inspection(request)
    if inspection is None:
        return render(request, "overview/no_inspection.html", {"title": "Responses"})
    context = {
        "content": content_by_revision(request, inspection, _responses),
        "position_time": time_shown(request),
    }
    return render(request, "responses/responses.html", context)


def _responses(request: PastDayRequest, inspection: Inspection) -> dict[str, str]:
    page = responses_page(load(inspection, request.past, today=rules.london_day(request.now)))
    notes: list[str] = []
    show = parse_choice(request.GET.get("show", ""), SHOWN, noun="choice", notes=notes)
    sort = parse_sort(request.GET.get("sort", ""), ROW_KEYS, default="name")
    context = {
        "page": page,
        "policing": sort_rows(select_rows(page, show), sort, ROW_KEYS),
        "national": [] if show else page.national,
        "head": sort_heads(COLUMNS, query=request.GET, current=sort),
        "national_head": sort_heads(NATIONAL_COLUMNS, query=request.GET, current=sort),
        "width": len(COLUMNS),
        "overdue": labels.FLAGS[rules.Flag.OVERDUE],
        "notes": notes,
        "segments": [
            {
                "text": text,
                "number": page.counts[key],
                "href": page_url("responses", past=request.past, show=key),
                "is_current": key == show,
            }
            for key, text in SHOWN.items()
        ],
        "unconfirmed": UNCONFIRMED,
        "downloads": page_downloads(
            "responses",
            past=request.past,
            filters={"show": show},
            tables=[("organisations", "Organisations"), ("responses", "Every response")],
        ),
    }
    html = render_content(request, "responses/_responses.html", context)
    return {"sentence": page.sentence, "html": html}


@require_safe
@shows_past_day
def responses_of(request: PastDayRequest, slug: str) -> HttpResponse:
    """Show the responses of one organisation today, or at the end of a past day."""
    inspection = find_inspection(request)
    body = body_on(_find_body(request, slug), request.past.on if request.past else None)
    is_member = request.user.body_id == body.pk
    page: BodyResponses = content_by_revision(
        request,
        inspection,
        _body_responses,
        body,
        is_member or may(request.user, Permission.SEE_ALL_DOCUMENTS),
    )
    if not page.subjects:
        raise Http404
    context = {
        "page": page,
        "body": body,
        "unconfirmed": UNCONFIRMED if body.is_local_policing_body else "",
        "may_respond": request.past is None and may_respond(request.user, body),
        "sees_all": may(request.user, Permission.SEE_POSITION),
        "position_time": time_shown(request),
    }
    return render(request, "responses/body.html", context)


def _body_responses(
    request: PastDayRequest, inspection: Inspection, body: Body, shows_names: bool
) -> BodyResponses:
    national = load(inspection, request.past, today=rules.london_day(request.now))
    return body_responses(national, body, shows_names=shows_names)


@resumed_form.resumable
@get_or_post
def respond(request: ReaderRequest, slug: str, subject: str) -> HttpResponse:
    """The form for a response to the report or to a recommendation."""
    inspection, body = find_inspection(request), _find_body(request, slug)
    if not may_respond(request.user, body):
        raise Http404
    recommendation = _find_subject(inspection, body, subject)
    earlier = inspection.responses.filter(body=body, recommendation=recommendation)
    form = ResponseForm(
        resumed_form.posted_or_resumed(request) or None,
        latest=earlier.order_by("-number").first(),
        inspection=inspection,
        on=rules.london_day(request.now),
    )
    notice = ""
    if request.method == "POST" and form.is_valid():
        try:
            enter_response(
                inspection=inspection,
                body=body,
                recommendation=recommendation,
                by=request.user,
                at=request.now,
                **form.cleaned_data,
            )
        except Refusal as refusal:
            notice = str(refusal)
        else:
            messages.success(request, "Response saved.")
            return redirect("responses_of", slug)
    context = {
        "body": body,
        "recommendation": recommendation,
        "title": str(recommendation) if recommendation else REPORT,
        "due_on": rules.response_due_on(inspection.published_on),
        "inspection": inspection,
        "is_on_behalf": request.user.body_id != body.pk,
        "form": form,
        "notice": notice,
    }
    return render(request, "responses/respond.html", context, status=409 if notice else 200)


def _find_body(request: ReaderRequest, slug: str) -> Body:
    body = get_object_or_404(Body.objects.select_related("force"), slug=slug)
    if not may_see_responses(request.user, body):
        raise Http404
    return body


def _find_subject(inspection: Inspection, body: Body, subject: str) -> Recommendation | None:
    """Return the recommendation, or None for the report. Raises Http404."""
    rows = inspection.recommendations.all()
    addressed = {} if body.is_local_policing_body else addressees(inspection)
    for about in subjects(body, rows, addressed):
        if subject == (about.reference if about else ABOUT_REPORT):
            return about
    raise Http404
