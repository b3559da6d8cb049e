"""Correcting the last update: starting a new draft that corrects it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from forces.http import ReaderRequest, get_or_post
from forces.refusal import Refusal
from recommendations.actions.drafts import correction_error, open_draft
from recommendations.dashboards.assignment.update_entries import passages_of
from recommendations.pages.lookups import find_assignment_to_update
from recommendations.pages.update.drafts import closed_page, draft_of, last_update


@get_or_post
def update_correct(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """Explains corrections. Its button starts a draft with the answers of the last update."""
    assignment = find_assignment_to_update(request, slug, reference)
    last = last_update(assignment)
    reason = correction_error(assignment)
    if last is None or reason:
        return closed_page(request, assignment, reason, answers=[], status=200)
    if request.method == "POST":
        try:
            open_draft(assignment=assignment, by=request.user, at=request.now, correcting=last)
        except Refusal as refusal:
            return closed_page(request, assignment, refusal, answers=[])
        return redirect("update_check", slug, reference)
    context = {
        "assignment": assignment,
        "last": last,
        "passages": passages_of(last),
        "draft": draft_of(assignment),
        "withdraws_claim": assignment.is_waiting_for_review,
    }
    return render(request, "update/correct.html", context)
