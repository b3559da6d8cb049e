"""Sending a reminder to a force or other organisation."""

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from forces.http import ReaderRequest
from forces.models import Body
from forces.permissions import Permission, requires
from forces.refusal import Refusal
from recommendations import wording
from recommendations.actions.remind import remind as send_reminders
from recommendations.dashboards.assignment.reminders import needing_reminder
from recommendations.models import Assignment
from recommendations.pages.lookups import current_inspection, find_assignment


@require_POST
@requires(Permission.SEND_REMINDERS)
def remind(request: ReaderRequest, slug: str, reference: str) -> HttpResponse:
    """Reminds the organisation of one recommendation; the button is on two pages."""
    assignment = find_assignment(request, slug, reference)
    _remind(request, [assignment], assignment.body)
    if request.POST.get("page") == "force":
        return redirect("force", slug)
    return redirect(assignment)


@require_POST
@requires(Permission.SEND_REMINDERS)
def remind_body(request: ReaderRequest, slug: str) -> HttpResponse:
    """Reminds the organisation of everything that is overdue, due soon or stale."""
    body = get_object_or_404(Body, slug=slug)
    assignments = Assignment.objects.visible_documents_for(request.user).filter(
        body=body, recommendation__inspection=current_inspection(request)
    )
    _remind(request, needing_reminder(assignments, at=request.now), body)
    return redirect("force", slug)


def _remind(request: ReaderRequest, assignments: Iterable[Assignment], body: Body) -> None:
    try:
        reminders = send_reminders(assignments=assignments, by=request.user, at=request.now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return
    about = wording.count(len(reminders), "recommendation")
    messages.success(request, f"{body.name} will get a reminder of {about} by email.")
