"""The page after an update was sent: its reference, what happens next, and the next item due."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from recommendations.dashboards.assignment.sent import sent_update
from recommendations.models import Update
from recommendations.pages.lookups import find_assignment_to_update
from recommendations.rules import london_day


@require_safe
def update_sent(
    request: ReaderRequest, slug: str, reference: str, update_number: int
) -> HttpResponse:
    """Confirms that an update, claim or correction was received."""
    assignment = find_assignment_to_update(request, slug, reference)
    updates = Update.objects.select_related(
        "assignment__body", "assignment__recommendation__inspection", "confirms", "submitted_by"
    )
    update = updates.filter(assignment=assignment, number=update_number).first()
    if update is None:
        raise Http404
    context = {"assignment": assignment, "sent": sent_update(update, on=london_day(request.now))}
    return render(request, "update/sent.html", context)
