"""Changing the due date of one assignment."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from forces.accounts import resumed_form
from forces.accounts.memberships import bodies_of
from forces.http import ReaderRequest, get_or_post
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.change_due_date import fixed_due_date_error
from recommendations.actions.change_many_due_dates import change_many_due_dates
from recommendations.models import Assignment
from recommendations.pages.deadlines.forms import DueDateForm
from recommendations.pages.lookups import find_assignment


@resumed_form.resumable
@get_or_post
@requires(Permission.DECIDE_DUE_DATES)
def due_date(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """The form for a new due date. `shown` is the date that the analyst saw when opening it."""
    assignment = find_assignment(request, slug, reference)
    typed = resumed_form.posted_or_resumed(request)
    form = DueDateForm(typed, due_on=assignment.due_on)
    if request.method != "POST" or not form.is_valid():
        return _page(request, assignment, form)
    answers = form.cleaned_data
    try:
        change_many_due_dates(
            moves={assignment.pk: (answers["shown"], answers["to"])},
            reason=answers["reason"],
            by=request.user,
            at=request.now,
        )
    except Refusal as refusal:
        return _page(request, find_assignment(request, slug, reference), form, notice=str(refusal))
    due = wording.day(answers["to"])
    messages.success(request, f"Due date changed to {due} for {assignment.body.name}.")
    return redirect(assignment)


def _page(
    request: ReaderRequest, assignment: Assignment, form: DueDateForm, *, notice: str = ""
) -> HttpResponse:
    is_own = assignment.body_id in bodies_of(request.user, at=request.now)
    why_not = fixed_due_date_error(assignment, is_own=is_own)
    context = {
        "assignment": assignment,
        "form": None if why_not else form,
        "why_not": why_not,
        "unsent": form["reason"].value() if notice and why_not else "",
        "notice": notice,
    }
    return render(request, "deadlines/due_date.html", context, status=409 if notice else 200)
