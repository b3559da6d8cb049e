"""Correcting the update sent last: a new draft that names it (design, rule 5)."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from forces.http import ReaderRequest, get_or_post
from forces.refusal import Refusal
from recommendations.actions.drafts import open_draft, why_no_correction
from recommendations.dashboards.assignment.entries import passages_of
from recommendations.pages.lookups import find_assignment_to_update
from recommendations.pages.update.step import draft_of, last_update, refused


@get_or_post
def update_correct(request: ReaderRequest, slug: str, number: int) -> HttpResponse:
    """Explains; the button begins a draft with the answers of the update that is corrected."""
    assignment = find_assignment_to_update(request, slug, number)
    last = last_update(assignment)
    why_not = why_no_correction(assignment)
    if last is None or why_not:
        return refused(request, assignment, why_not, answers=[], status=200)
    if request.method == "POST":
        try:
            open_draft(assignment=assignment, by=request.user, at=request.now, correcting=last)
        except Refusal as refusal:
            return refused(request, assignment, refusal, answers=[])
        return redirect("update_check", slug, number)
    context = {
        "assignment": assignment,
        "last": last,
        "passages": passages_of(last),
        "draft": draft_of(assignment),
        "takes_back": assignment.is_waiting_for_review,
    }
    return render(request, "update/correct.html", context)
