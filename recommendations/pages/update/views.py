"""Writing an update: the start page, its steps, and deleting the draft."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from forces.accounts import resumed_form
from forces.http import ReaderRequest, get_or_post
from forces.refusal import Refusal
from recommendations.actions.confirm_no_change import no_change_error
from recommendations.actions.drafts import DraftConflict, discard_draft, open_draft, update_error
from recommendations.actions.prefer_one_page import prefer_one_page
from recommendations.dashboards.assignment.approvals import last_return
from recommendations.dashboards.assignment.update_entries import passages_of
from recommendations.forms.update import OnePageForm, StatusForm
from recommendations.forms.update_pages import STEP_BY_SLUG, next_step
from recommendations.forms.update_step import DraftVersionForm
from recommendations.models import Assignment, Draft
from recommendations.pages.lookups import find_assignment_to_update
from recommendations.pages.update.answers import answers_of
from recommendations.pages.update.drafts import (
    closed_page,
    draft_of,
    last_update,
    saved_sentence,
    update_context,
)
from recommendations.pages.update.step import StepPage
from recommendations.rules import london_day


@get_or_post
def update_start(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """Shows the last update. Its button starts or continues the draft.

    A second button starts it with all questions on one page, or on several; the choice is stored
    for the person.
    """
    assignment = find_assignment_to_update(request, slug, reference)
    is_one_page = _is_one_page(request)
    if request.method == "POST":
        return _start(request, assignment, is_one_page=is_one_page)
    draft = draft_of(assignment)
    last = last_update(assignment)
    on = london_day(request.now)
    context = {
        **update_context(request, assignment, last),
        "draft": draft,
        "draft_state": saved_sentence(draft, request) if draft else "",
        "last_passages": passages_of(last) if last else (),
        "why_not": update_error(assignment, draft),
        "not_approved": last_return(draft) if assignment.body.requires_approval else None,
        "is_one_page": is_one_page,
        "offers_no_change": draft is None and not no_change_error(assignment, on=on),
    }
    return render(request, "update/start.html", context)


def _is_one_page(request: ReaderRequest) -> bool:
    choice = request.POST.get("one")
    return choice == "1" if choice in {"0", "1"} else request.user.prefers_one_page


def _start(request: ReaderRequest, assignment: Assignment, *, is_one_page: bool) -> HttpResponse:
    """Go to the first page of a new draft, or to the first page of a draft that is incomplete."""
    if is_one_page != request.user.prefers_one_page:
        prefer_one_page(is_preferred=is_one_page, by=request.user)
    is_new = draft_of(assignment) is None
    try:
        draft = open_draft(assignment=assignment, by=request.user, at=request.now)
    except Refusal as refusal:
        return closed_page(request, assignment, refusal, answers=[])
    url_args = assignment.body.slug, assignment.recommendation.reference
    step = StatusForm if is_new else next_step(draft, on=london_day(request.now))
    if is_one_page:
        step = OnePageForm
    if step:
        return redirect("update_step", *url_args, step.slug)
    return redirect("update_check", *url_args)


@resumed_form.resumable
@get_or_post
def update_step(request: ReaderRequest, slug: str, reference: str, step: str) -> HttpResponse:
    """One page of the form. Every page is saved to the draft."""
    assignment = find_assignment_to_update(request, slug, reference)
    if step not in STEP_BY_SLUG:
        raise Http404
    page = StepPage(request, assignment, STEP_BY_SLUG[step])
    if request.method != "POST":
        return page.show()
    return page.autosave() if request.headers.get("X-Autosave") else page.save()


@get_or_post
def update_discard(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """Asks for confirmation, then deletes the draft, unless it was changed in the meantime."""
    assignment = find_assignment_to_update(request, slug, reference)
    draft = draft_of(assignment)
    if draft is None:
        messages.info(request, "There is no draft. It was already submitted or deleted.")
        return redirect(assignment)
    if draft.is_waiting_for_approval:
        reason = update_error(assignment, draft)
        return closed_page(request, assignment, reason, answers=answers_of(draft))
    if request.method != "POST":
        return _discard_page(request, assignment, draft)
    form = DraftVersionForm(request.POST)
    if not form.is_valid() or form.cleaned_data["token"] != draft.token:
        return _discard_page(request, assignment, draft, is_changed=True)
    version = form.cleaned_data["version"] or 0
    try:
        discard_draft(draft=draft, by=request.user, at=request.now, version=version)
    except DraftConflict as conflict:
        return _discard_page(request, assignment, conflict.draft, is_changed=True)
    except Refusal as refusal:
        return closed_page(request, assignment, refusal, answers=answers_of(draft))
    messages.success(request, "Draft deleted.")
    return redirect(assignment)


def _discard_page(
    request: ReaderRequest, assignment: Assignment, draft: Draft, *, is_changed: bool = False
) -> HttpResponse:
    context = {
        "assignment": assignment,
        "draft_version": DraftVersionForm.for_draft(draft),
        "answers": [answer for answer in answers_of(draft) if answer.text],
        "draft_state": saved_sentence(draft, request),
        "is_changed": is_changed,
    }
    return render(request, "update/discard.html", context, status=409 if is_changed else 200)
