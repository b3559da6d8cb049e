"""An officer's request for more time: sending it and withdrawing it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.request_extension import (
    extension_request_error,
    request_extension,
    withdraw_request,
)
from recommendations.models import Assignment, DueDateRequest
from recommendations.pages.deadlines.forms import MoreTimeForm
from recommendations.pages.lookups import find_assignment_to_update


@resumed_form.resumable
@get_or_post
def more_time(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """The open request, or the form for a request."""
    assignment = find_assignment_to_update(request, slug, reference)
    extension = open_request(assignment)
    typed = resumed_form.posted_or_resumed(request)
    form = MoreTimeForm(typed, due_on=assignment.due_on, on=rules.london_day(request.now))
    if request.method != "POST":
        return _page(request, assignment, form, extension)
    if request.POST.get("action") == "take_back":
        return _withdraw(request, assignment, form, extension)
    if extension is not None and _is_same_request(extension, form, request):
        messages.info(request, "You have already sent this request. It was sent once.")
        return redirect(assignment)
    if not form.is_valid():
        return _page(request, assignment, form, extension)
    try:
        request_extension(
            assignment=assignment,
            to=form.cleaned_data["to"],
            reason=form.cleaned_data["reason"],
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        assignment.refresh_from_db()
        return _page(request, assignment, form, open_request(assignment), notice=str(refusal))
    messages.success(request, "Request for more time sent. An analyst will decide.")
    return redirect(assignment)


def open_request(assignment: Assignment) -> DueDateRequest | None:
    """The request for more time that is not decided yet; one query."""
    requests = assignment.due_date_requests.filter(decision=None).select_related("asked_by")
    return requests.order_by("number").last()


def _is_same_request(extension: DueDateRequest, form: MoreTimeForm, request: ReaderRequest) -> bool:
    """Whether the form was submitted twice."""
    return (
        form.is_valid()
        and extension.asked_by == request.user
        and (extension.asked_due_on, extension.reason)
        == (form.cleaned_data["to"], form.cleaned_data["reason"].strip())
    )


def _withdraw(
    request: ReaderRequest,
    assignment: Assignment,
    form: MoreTimeForm,
    extension: DueDateRequest | None,
) -> HttpResponse:
    if extension is None:
        messages.info(request, "There is no open request. It was already decided or withdrawn.")
        return redirect(assignment)
    try:
        withdraw_request(request=extension, by=request.user, at=request.now)
    except Refusal as refusal:
        return _page(request, assignment, form, None, notice=str(refusal))
    messages.success(request, "Request for more time withdrawn.")
    return redirect(assignment)


def _page(
    request: ReaderRequest,
    assignment: Assignment,
    form: MoreTimeForm,
    extension: DueDateRequest | None,
    *,
    notice: str = "",
) -> HttpResponse:
    why_not = extension_request_error(assignment)
    context = {
        "assignment": assignment,
        "form": form if not why_not else None,
        "extension": extension,
        "why_not": "" if extension else why_not,
        "unsent": form["reason"].value() if notice and why_not else "",
        "notice": notice,
    }
    return render(request, "deadlines/extension.html", context, status=409 if notice else 200)
