"""Decisions on requests for more time, and the withdrawal of a recommendation for a force."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from forces.accounts import resumed_form
from forces.accounts.memberships import bodies_of
from forces.http import ReaderRequest, get_or_post
from forces.names import name_writers, with_names_then
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.decide_extension import DECIDE, grant_request, refuse_request
from recommendations.actions.hold_claim import own_claim_error
from recommendations.actions.record_ending import record_ending, record_ending_error
from recommendations.actions.withdraw_assignment import (
    withdraw_assignment,
    withdrawal_error,
)
from recommendations.dashboards import labels
from recommendations.dashboards.deadlines.deadlines import open_requests, recent_changes
from recommendations.models import DueDateDecision, DueDateRequest
from recommendations.pages.deadlines.forms import (
    EndingForm,
    RequestDecisionForm,
    WithdrawForm,
)
from recommendations.pages.lookups import current_inspection, find_assignment
from recommendations.rules import CLOSED, Status


@require_safe
@requires(Permission.DECIDE_DUE_DATES)
def deadlines(request: ReaderRequest) -> HttpResponse:
    """Open requests, oldest first, and recent due date changes."""
    inspection = current_inspection(request)
    context = {
        "requests": open_requests(inspection),
        "closed_statuses": CLOSED,
        "changes": recent_changes(inspection),
    }
    return render(request, "deadlines/list.html", context)


@resumed_form.resumable
@get_or_post
@requires(Permission.DECIDE_DUE_DATES)
def due_date_request(request: ReaderRequest, request_id: int) -> HttpResponse:
    """One request with the assignment's position, and the form for the decision."""
    extension = _find_request(request, request_id)
    typed = resumed_form.posted_or_resumed(request)
    on = rules.london_day(request.now)
    form = RequestDecisionForm(typed, requested=extension.asked_due_on, on=on)
    if request.method != "POST":
        return _page(request, extension, form)
    if hasattr(extension, "decision"):
        return _page(request, extension, form, notice="Your decision was not recorded.")
    if not form.is_valid():
        return _page(request, extension, form)
    try:
        _decide(request, extension, form)
    except Refusal as refusal:
        return _page(request, _find_request(request, request_id), form, notice=str(refusal))
    messages.success(request, f"Decision recorded for {extension.assignment.body.name}.")
    return redirect("deadlines")


def _decide(request: ReaderRequest, extension: DueDateRequest, form: RequestDecisionForm) -> None:
    answers = form.cleaned_data
    if answers["outcome"] == DueDateDecision.Outcome.REFUSED:
        refuse_request(request=extension, words=answers["words"], by=request.user, at=request.now)
        return
    is_other = answers["outcome"] == DueDateDecision.Outcome.GRANTED_OTHER
    to = answers["to"] if is_other else None
    grant_request(request=extension, to=to, words=answers["words"], by=request.user, at=request.now)


def _find_request(request: ReaderRequest, request_id: int) -> DueDateRequest:
    """A request of the current inspection; 404 if there is none."""
    requests = DueDateRequest.objects.select_related(
        *("assignment__body", "assignment__recommendation", "asked_by"),
        *("decision__decided_by", "decision__due_date_change"),
    )
    inspection = current_inspection(request)
    extension = get_object_or_404(
        requests, pk=request_id, assignment__recommendation__inspection=inspection
    )
    decision = getattr(extension, "decision", None)
    name_writers(
        [
            (extension, "asked_by", "asked_at"),
            *([(decision, "decided_by", "decided_at")] if decision else []),
        ]
    )
    return extension


def _page(
    request: ReaderRequest,
    extension: DueDateRequest,
    form: RequestDecisionForm,
    *,
    notice: str = "",
) -> HttpResponse:
    assignment = extension.assignment
    is_decided = hasattr(extension, "decision")
    why_not = own_claim_error(assignment, by=request.user, at=request.now, what=DECIDE)
    is_open = not is_decided and assignment.status not in CLOSED and not why_not
    context = {
        "extension": extension,
        "assignment": assignment,
        "decision": extension.decision if is_decided else None,
        "form": form if is_open else None,
        "is_closed": assignment.status in CLOSED,
        "why_not": why_not,
        "changes": with_names_then(
            assignment.due_date_changes.select_related("decided_by"), "decided_by", "decided_at"
        ),
        "unsent": form["words"].value() if notice and not is_open else "",
        "notice": notice,
    }
    return render(request, "deadlines/request.html", context, status=409 if notice else 200)


@resumed_form.resumable
@get_or_post
@requires(Permission.DECIDE_DUE_DATES)
def withdraw(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """Closes an assignment that was not implemented, or changes why it was closed."""
    assignment = find_assignment(request, slug, reference)
    is_withdrawn = assignment.status == Status.WITHDRAWN
    form_class = EndingForm if is_withdrawn else WithdrawForm
    form = form_class(resumed_form.posted_or_resumed(request), assignment=assignment)
    error_of = record_ending_error if is_withdrawn else withdrawal_error
    write: Callable[..., object] = record_ending if is_withdrawn else withdraw_assignment
    notice = ""
    if request.method == "POST" and form.is_valid():
        try:
            write(assignment=assignment, **form.cleaned_data, by=request.user, at=request.now)
        except Refusal as refusal:
            notice = str(refusal)
        else:
            done = "Why it was withdrawn is saved" if is_withdrawn else "Recommendation withdrawn"
            messages.success(request, f"{done} for {assignment.body.name}.")
            return redirect(assignment)
    is_own = assignment.body_id in bodies_of(request.user, at=request.now)
    context = {
        "assignment": assignment,
        "form": form,
        "ended": labels.state_of(assignment).word if is_withdrawn else "",
        "why_not": error_of(assignment, is_own=is_own),
        "notice": notice,
    }
    return render(request, "deadlines/withdraw.html", context, status=409 if notice else 200)
