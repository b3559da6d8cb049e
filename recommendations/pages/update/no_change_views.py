"""Confirming that nothing has changed since the last update."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from forces.http import ReaderRequest, get_or_post
from forces.refusal import Refusal
from recommendations.actions.confirm_no_change import confirm_no_change, no_change_error
from recommendations.actions.drafts import HAS_DRAFT, update_error
from recommendations.models import Assignment
from recommendations.pages.lookups import find_assignment_to_update
from recommendations.pages.update.answers import answers_of
from recommendations.pages.update.drafts import (
    draft_of,
    last_update,
    submitted_sentence,
    update_context,
)
from recommendations.pages.update.forms import LatestUpdateForm
from recommendations.rules import london_day


@get_or_post
def no_change(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """The last answers on one page, with the button that confirms them, or why it is not there."""
    assignment = find_assignment_to_update(request, slug, reference)
    if request.method != "POST":
        return _page(request, assignment)
    form = LatestUpdateForm(request.POST)
    if not form.is_valid():
        return _page(request, assignment, notice="Read the last answers again.")
    try:
        update = confirm_no_change(
            assignment=assignment,
            latest_update_id=form.cleaned_data["latest"],
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        assignment.refresh_from_db()
        return _page(request, assignment, notice=str(refusal))
    if update.submitted_at != request.now:
        sentence = submitted_sentence(update, request)
        messages.info(request, f"{sentence} It was submitted once.")
    return redirect("update_sent", slug, reference, update.number)


def _page(request: ReaderRequest, assignment: Assignment, *, notice: str = "") -> HttpResponse:
    last, draft = last_update(assignment), draft_of(assignment)
    on = london_day(request.now)
    reason = update_error(assignment, draft) or no_change_error(assignment, on=on)
    if draft is not None and not reason:
        reason = HAS_DRAFT
    context = {
        **update_context(request, assignment, last),
        "since": last and (last.confirms or last).submitted_at,
        "answers": [answer for answer in answers_of(last) if answer.text] if last else [],
        "latest_form": LatestUpdateForm(initial={"latest": last and last.pk}, auto_id=False),
        "reason": reason,
        "may_start": not update_error(assignment, draft),
        "draft": draft,
        "notice": notice if notice != reason else "",
    }
    return render(request, "update/no_change.html", context, status=409 if notice else 200)
