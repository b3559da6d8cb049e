"""Requests for more time, as an analyst decides on them; and withdrawing an assignment."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from forces import kept_text
from forces.permissions import Permission, may
from forces.refusal import Refusal
from recommendations import rules
from recommendations.actions.decide_request import grant_request, refuse_request
from recommendations.actions.withdraw_assignment import (
    why_not_withdrawable,
    withdraw_assignment,
)
from recommendations.dashboards.deadlines import open_requests, recent_changes
from recommendations.forms.deadlines import RequestDecisionForm, WithdrawForm
from recommendations.models import DueDateDecision, DueDateRequest, Inspection
from recommendations.rules import CLOSED
from recommendations.views.papers import find_assignment, reader_of

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


def refuse_others(request: HttpRequest) -> None:
    if not may(request.user, Permission.DECIDE_DUE_DATES):
        raise Http404


@require_safe
def deadlines(request: HttpRequest) -> HttpResponse:
    """Requests that wait, oldest first, and the last changes."""
    refuse_others(request)
    inspection = Inspection.objects.current()
    context = {"requests": open_requests(inspection), "changes": recent_changes(inspection)}
    return render(request, "deadlines/list.html", context)


@kept_text.keeps_typed_text
@get_or_post
def due_date_request(request: HttpRequest, request_id: int) -> HttpResponse:
    """One request beside the assignment's position; the decision."""
    refuse_others(request)
    asked = _find(request_id)
    typed = request.POST if request.method == "POST" else kept_text.take(request)
    on = rules.london_day(timezone.now())
    form = RequestDecisionForm(typed, asked=asked.asked_due_on, on=on)
    if request.method != "POST":
        return _page(request, asked, form)
    if hasattr(asked, "decision"):
        return _page(request, asked, form, notice="Your decision was not recorded.")
    if not form.is_valid():
        return _page(request, asked, form)
    try:
        _decide(request, asked, form)
    except Refusal as refusal:
        return _page(request, _find(request_id), form, notice=str(refusal))
    messages.success(request, f"Your decision is recorded for {asked.assignment.body.name}.")
    return redirect("deadlines")


def _decide(request: HttpRequest, asked: DueDateRequest, form: RequestDecisionForm) -> None:
    answers = form.cleaned_data
    by, now = reader_of(request), timezone.now()
    if answers["outcome"] == DueDateDecision.Outcome.REFUSED:
        refuse_request(request=asked, words=answers["words"], by=by, at=now)
        return
    is_other = answers["outcome"] == DueDateDecision.Outcome.GRANTED_OTHER
    to = answers["to"] if is_other else None
    grant_request(request=asked, to=to, words=answers["words"], by=by, at=now)


def _find(request_id: int) -> DueDateRequest:
    found = (
        DueDateRequest.objects.filter(
            pk=request_id,
            assignment__recommendation__inspection=Inspection.objects.current(),
        )
        .select_related(
            "assignment__body",
            "assignment__recommendation",
            "asked_by",
            "decision__decided_by",
            "decision__due_date_change",
        )
        .first()
    )
    if found is None:
        raise Http404
    return found


def _page(
    request: HttpRequest, asked: DueDateRequest, form: RequestDecisionForm, *, notice: str = ""
) -> HttpResponse:
    assignment = asked.assignment
    is_decided = hasattr(asked, "decision")
    is_open = not is_decided and assignment.status not in CLOSED
    context = {
        "asked": asked,
        "assignment": assignment,
        "decision": asked.decision if is_decided else None,
        "form": form if is_open else None,
        "is_closed": assignment.status in CLOSED,
        "changes": list(assignment.due_date_changes.select_related("decided_by")),
        "unsent": form["words"].value() if notice and not is_open else "",
        "notice": notice,
    }
    return render(request, "deadlines/request.html", context, status=409 if notice else 200)


@kept_text.keeps_typed_text
@get_or_post
def withdraw(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Closes an assignment without its being done, with a reason."""
    refuse_others(request)
    assignment = find_assignment(request, slug, number)
    typed = request.POST if request.method == "POST" else kept_text.take(request)
    form = WithdrawForm(typed)
    notice = ""
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            withdraw_assignment(
                assignment=assignment, reason=reason, by=reader_of(request), at=timezone.now()
            )
        except Refusal as refusal:
            notice = str(refusal)
        else:
            messages.success(request, f"It is withdrawn for {assignment.body.name}.")
            return redirect(assignment)
    context = {
        "assignment": assignment,
        "form": form,
        "why_not": why_not_withdrawable(assignment),
        "notice": notice,
    }
    return render(request, "deadlines/withdraw.html", context, status=409 if notice else 200)
