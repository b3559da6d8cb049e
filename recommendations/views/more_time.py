"""An officer asks for more time, or takes the request back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from forces import kept_text
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.ask_for_time import (
    ask_for_more_time,
    take_back_request,
    why_no_request,
)
from recommendations.forms.deadlines import MoreTimeForm
from recommendations.models import Assignment, DueDateRequest
from recommendations.views.papers import find_assignment_to_update, reader_of


@kept_text.keeps_typed_text
@require_http_methods(["GET", "HEAD", "POST"])
def more_time(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The open request, or the form for one."""
    assignment = find_assignment_to_update(request, slug, number)
    now = timezone.now()
    asked = open_request(assignment)
    typed = request.POST if request.method == "POST" else kept_text.take(request)
    form = MoreTimeForm(typed, due_on=assignment.due_on, on=rules.london_day(now))
    if request.method != "POST":
        return _page(request, assignment, form, asked)
    if request.POST.get("action") == "take_back":
        return _take_back(request, assignment, form, asked)
    if asked is not None and _is_the_same(asked, form, request):
        messages.info(request, "Your request was already sent. It was sent once.")
        return redirect(assignment)
    if not form.is_valid():
        return _page(request, assignment, form, asked)
    try:
        ask_for_more_time(
            assignment=assignment,
            to=form.cleaned_data["to"],
            reason=form.cleaned_data["reason"],
            by=reader_of(request),
            at=now,
        )
    except Refusal as refusal:
        assignment.refresh_from_db()
        return _page(request, assignment, form, open_request(assignment), notice=str(refusal))
    messages.success(request, "Your request for more time is sent. An analyst decides on it.")
    return redirect(assignment)


def open_request(assignment: Assignment) -> DueDateRequest | None:
    return (
        assignment.due_date_requests.filter(decision=None)
        .select_related("asked_by")
        .order_by("number")
        .last()
    )


def _is_the_same(asked: DueDateRequest, form: MoreTimeForm, request: HttpRequest) -> bool:
    """A second click."""
    return (
        form.is_valid()
        and asked.asked_by == request.user
        and (asked.asked_due_on, asked.reason)
        == (form.cleaned_data["to"], form.cleaned_data["reason"].strip())
    )


def _take_back(
    request: HttpRequest,
    assignment: Assignment,
    form: MoreTimeForm,
    asked: DueDateRequest | None,
) -> HttpResponse:
    if asked is None:
        messages.info(request, "No request is open: it was decided or taken back already.")
        return redirect(assignment)
    try:
        take_back_request(request=asked, by=reader_of(request), at=timezone.now())
    except Refusal as refusal:
        return _page(request, assignment, form, None, notice=str(refusal))
    messages.success(request, "Your request for more time is taken back.")
    return redirect(assignment)


def _page(
    request: HttpRequest,
    assignment: Assignment,
    form: MoreTimeForm,
    asked: DueDateRequest | None,
    *,
    notice: str = "",
) -> HttpResponse:
    why_not = why_no_request(assignment)
    context = {
        "assignment": assignment,
        "form": form if not why_not else None,
        "asked": asked,
        "why_not": "" if asked else why_not,
        "unsent": form["reason"].value() if notice and why_not else "",
        "notice": notice,
    }
    return render(request, "deadlines/more_time.html", context, status=409 if notice else 200)
