"""Approving an update before it is submitted, taking it back, and requiring approval."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from forces.accounts import resumed_form
from forces.http import ReaderRequest, form_data, get_or_post
from forces.models import Body
from forces.permissions import Permission, may_approve, may_require_approval, requires
from forces.refusal import Refusal
from recommendations.actions.decide_approval import (
    approve_update,
    outcome_sentence,
    return_update,
)
from recommendations.actions.request_approval import take_back
from recommendations.actions.require_approval import require_approval
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.approvals import answers_to_approve
from recommendations.models import ApprovalRequest, Assignment
from recommendations.pages.approvals.forms import ApprovalForm, Outcome, RequireApprovalForm
from recommendations.pages.lookups import find_assignment, find_assignment_to_update
from recommendations.pages.update.answers import confirmed_contradictions
from recommendations.pages.update.drafts import draft_of, last_update
from recommendations.pages.update.uploads import draft_files
from recommendations.readers import chief_officers
from recommendations.rules import london_day


@resumed_form.resumable
@get_or_post
def approval(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """What is reported, next to the last answers, with the decision; or what became of it."""
    assignment = find_assignment(request, slug, reference)
    if not may_approve(request.user, assignment.body):
        raise Http404
    waiting = _latest_request(assignment)
    typed = resumed_form.pop(request)
    if waiting is None:
        return _page(request, assignment, None, None)
    if request.method != "POST":
        return _page(request, assignment, waiting, ApprovalForm(typed or None, shown=waiting))
    form = ApprovalForm(request.POST, shown=waiting)
    if not form.is_valid():
        return _page(request, assignment, waiting, form)
    return _decide(request, assignment, waiting, form)


def _decide(
    request: ReaderRequest, assignment: Assignment, waiting: ApprovalRequest, form: ApprovalForm
) -> HttpResponse:
    by, at = request.user, request.now
    if form.cleaned_data["request"] != waiting.pk:
        notice = "The update was taken back and sent again after you opened this page. Read it."
        return _page(request, assignment, waiting, ApprovalForm(shown=waiting), notice=notice)
    reason = form.cleaned_data["reason"]
    try:
        if form.cleaned_data["decision"] == Outcome.APPROVED:
            update = approve_update(request=waiting, by=by, at=at)
            messages.success(request, f"Approved and submitted as {update.reference}.")
        else:
            return_update(request=waiting, reason=reason, by=by, at=at)
            messages.success(request, f"Returned to {waiting.requested_by.name}.")
    except Refusal as refusal:
        assignment.refresh_from_db()
        current = _latest_request(assignment)
        return _page(request, assignment, current, form, notice=str(refusal), unsent=reason)
    return redirect(assignment)


def _latest_request(assignment: Assignment) -> ApprovalRequest | None:
    requests = ApprovalRequest.objects.filter(assignment=assignment)
    related = requests.select_related("requested_by", "approver", "decision__decided_by", "draft")
    return related.order_by("-number").first()


def _page(
    request: ReaderRequest,
    assignment: Assignment,
    waiting: ApprovalRequest | None,
    form: ApprovalForm | None,
    *,
    notice: str = "",
    unsent: str = "",
) -> HttpResponse:
    draft = draft_of(assignment) if waiting else None
    decision = getattr(waiting, "decision", None)
    last = last_update(assignment)
    context: dict[str, object] = {
        "assignment": assignment,
        "recommendation": assignment.recommendation,
        "due_on": assignment.due_on,
        "due_when": labels.describe_days(assignment.due_on, on=london_day(request.now)),
        "last": last,
        "approval": waiting,
        "notice": notice,
        "unsent": unsent,
        "outcome": outcome_sentence(decision, at=request.now) if decision else "",
    }
    if draft is not None and draft.is_waiting_for_approval:
        answers = answers_to_approve(draft, last)
        context |= {
            "form": form,
            "is_claim": draft.is_claim,
            "changed": [answer for answer in answers if answer.is_changed],
            "unchanged": [answer for answer in answers if not answer.is_changed],
            "confirmed": confirmed_contradictions(draft),
            "files": draft_files(draft),
        }
    return render(request, "approvals/approval.html", context, status=409 if notice else 200)


@require_POST
def approval_take_back(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """Let the officer change the draft again."""
    assignment = find_assignment_to_update(request, slug, reference)
    try:
        decision = take_back(assignment=assignment, by=request.user, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(assignment)
    if decision is None:
        latest = _latest_request(assignment)
        outcome = getattr(latest, "decision", None)
        sentence = outcome_sentence(outcome, at=request.now) if outcome else ""
        messages.info(request, sentence or "This update was not waiting for approval.")
        return redirect(assignment)
    messages.success(request, "You took the update back. Change it, then send it again.")
    return redirect("update_check", slug, reference)


@get_or_post
@requires(Permission.REQUIRE_APPROVAL)
def approval_setting(request: ReaderRequest, slug: str) -> HttpResponse:
    """Whether a chief officer has to approve each update of an organisation."""
    body = get_object_or_404(Body, slug=slug)
    if not may_require_approval(request.user, body):
        raise Http404
    form = RequireApprovalForm(form_data(request), is_required=body.requires_approval)
    if form.is_valid():
        wanted, shown = form.is_yes("required"), form.is_yes("shown")
        try:
            require_approval(body=body, wanted=wanted, shown=shown, by=request.user, at=request.now)
        except Refusal as refusal:
            messages.error(request, str(refusal))
            return redirect("approval_setting", slug)
        state = "have to be approved by a chief officer" if wanted else "no longer need approval"
        messages.success(request, f"Updates of {body.short_name} {state}.")
        return redirect("force", slug)
    officers = chief_officers(body, on=london_day(request.now)).order_by("name")
    context = {"form": form, "body": body, "officers": list(officers)}
    return render(request, "approvals/setting.html", context)
