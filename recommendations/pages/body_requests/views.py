"""Requests between organisations: those of an assignment, and one with its history."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.models import Body
from forces.permissions import may_see_request, may_update
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.body_requests import add_event, allowed_kinds, make_request
from recommendations.dashboards.body_requests.request import request_line, request_page
from recommendations.dashboards.body_requests.rows import (
    RequestRow,
    request_url,
    requests_of,
)
from recommendations.models import Assignment, BodyRequest
from recommendations.pages.body_requests.forms import EventForm, RequestForm
from recommendations.pages.lookups import find_assignment, find_inspection
from recommendations.request_rules import ANSWER_WORKING_DAYS, answer_due_on
from recommendations.rules import OPEN, london_day


@resumed_form.resumable
@get_or_post
def body_requests(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """The requests of an assignment, with a form for a new one for its officers."""
    assignment = find_assignment(request, slug, reference)
    if not may_see_request(request.user, assignment.body):
        raise Http404
    is_officer = may_update(request.user, assignment.body)
    if request.method == "POST" and not is_officer:
        raise Http404
    on = london_day(request.now)
    bodies = Body.objects.assignable().order_by("kind", "short_name")
    names = {body.pk: body for body in bodies}
    form = RequestForm(
        resumed_form.posted_or_resumed(request),
        bodies=[
            body
            for body in names.values()
            if body.pk != assignment.body_id and body.ended_at is None
        ],
    )
    notice = ""
    if request.method == "POST" and form.is_valid():
        try:
            made = make_request(
                assignment=assignment, by=request.user, at=request.now, **form.cleaned_data
            )
        except Refusal as refusal:
            notice = str(refusal)
        else:
            due = wording.day(answer_due_on(london_day(made.requested_at)))
            messages.success(
                request, f"Request sent to {made.body.short_name}. The answer is due by {due}."
            )
            return redirect("body_requests", slug, reference)
    rows = _rows_of(assignment, request)
    context = {
        "assignment": assignment,
        "lines": [request_line(r, names, href=request_url(r), shows_text=True) for r in rows],
        "form": form if is_officer and assignment.status in OPEN else None,
        "is_officer": is_officer,
        "answer_days": ANSWER_WORKING_DAYS,
        "due_on": answer_due_on(on),
        "notice": notice,
    }
    return render(request, "body_requests/assignment.html", context, status=409 if notice else 200)


def _rows_of(assignment: Assignment, request: ReaderRequest) -> list[RequestRow]:
    """Return the requests of the assignment: open ones first, then the newest."""
    rows = requests_of(
        assignment.recommendation.inspection,
        on=london_day(request.now),
        condition=Q(assignment=assignment),
    )
    return sorted(rows, key=lambda row: (not row.is_open, -row.pk))


@resumed_form.resumable
@get_or_post
def body_request(request: ReaderRequest, request_id: int) -> HttpResponse:
    """One request, with what the reader's organisation can do about it."""
    found = _find(request, request_id)
    on = london_day(request.now)
    page = request_page(found, on=on)
    allowed = allowed_kinds(found, page.row.state, request.user)
    if request.method == "POST" and not allowed:
        raise Http404
    form = EventForm(
        resumed_form.posted_or_resumed(request),
        allowed=allowed,
        seen=len(found.history),
        on=on,
    )
    notice = ""
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            add_event(
                request=found,
                kind=answers["kind"],
                seen=answers["seen"],
                promised_on=answers.get("promised_on"),
                reason=answers["reason"],
                by=request.user,
                at=request.now,
            )
        except Refusal as refusal:
            notice = str(refusal)
            page = request_page(_find(request, request_id), on=on)
        else:
            messages.success(request, "Saved. The other organisation will get an email.")
            return redirect("body_request", request_id)
    context = {
        "page": page,
        "assignment": found.assignment,
        "form": form if allowed else None,
        "notice": notice,
    }
    return render(request, "body_requests/request.html", context, status=409 if notice else 200)


def _find(request: ReaderRequest, request_id: int) -> BodyRequest:
    """Return a request with its history. Raises Http404 if the reader may not read it."""
    rows = BodyRequest.objects.of(find_inspection(request)).select_related("requested_by")
    found = get_object_or_404(rows, pk=request_id)
    if not may_see_request(request.user, found.assignment.body, found.body):
        raise Http404
    return found
