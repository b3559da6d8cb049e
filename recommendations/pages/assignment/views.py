"""An assignment's page: how it stands or stood, the next act, and its whole story."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, may, may_update
from recommendations import rules
from recommendations.actions.drafts import why_no_correction
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.assignment import due_sentence, next_action, position_of
from recommendations.dashboards.assignment.timeline import story
from recommendations.dashboards.past_time import asked_time
from recommendations.pages.deadlines.extension_views import open_request
from recommendations.pages.lookups import find_assignment
from recommendations.pages.update.step import draft_of, saved_sentence

ENTRIES_A_PAGE = 40


@require_safe
def assignment(request: ReaderRequest, slug: str, number: int) -> HttpResponse:
    """As it stands; with `?as_at=2020-10-01`, as it stood at the end of that day."""
    found = find_assignment(request, slug, number)
    today = rules.london_day(request.now)
    then, note = asked_time(request.GET.get("as_at", ""), now=request.now)
    position = position_of(found, today=today, then=then)
    history = story(found, until=then.on if then else today, before=then.before if then else None)
    is_writer = may_update(request.user, found.body) and then is None
    draft = draft_of(found) if is_writer else None
    page = Paginator(history.entries, ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "assignment": found,
        "recommendation": found.recommendation,
        "position": position,
        "tags": labels.tags(position) if position else [],
        "due": due_sentence(position) if position else "",
        "story": history,
        "page": page,
        "returned": history.returned if position and position.status in rules.OPEN else None,
        "next_act": next_action(found, draft) if is_writer else None,
        "is_writer": is_writer,
        "open_questions": found.questions.open().count() if then is None else 0,
        "open_request": open_request(found) if then is None else None,
        "decides": then is None
        and found.status not in rules.CLOSED
        and may(request.user, Permission.DECIDE_DUE_DATES),
        "may_correct": is_writer and draft is None and not why_no_correction(found),
        "draft": draft,
        "draft_state": saved_sentence(draft, request) if draft else "",
        "past_day": then,
        "as_at_note": note,
    }
    return render(request, "assignment/assignment.html", context)
