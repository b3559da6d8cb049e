"""The page of an assignment: its position, the next action and its history."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from forces.http import ReaderRequest
from forces.permissions import Permission, may, may_update
from recommendations import rules
from recommendations.actions.drafts import correction_error
from recommendations.dashboards import labels
from recommendations.dashboards.assignment.assignment import due_sentence, next_action, position_of
from recommendations.dashboards.assignment.reminders import reminder_for
from recommendations.dashboards.assignment.timeline import timeline_of
from recommendations.dashboards.past_time import past_time_or_note
from recommendations.dashboards.visibility import visibility_of
from recommendations.pages.deadlines.extension_views import open_request
from recommendations.pages.lookups import find_assignment
from recommendations.pages.update.drafts import draft_of, saved_sentence

ENTRIES_PER_PAGE = 40


@require_safe
def assignment(request: ReaderRequest, slug: str, number: int) -> HttpResponse:
    """The assignment today, or with `?as_at=2020-10-01` at the end of that London day."""
    item = find_assignment(request, slug, number)
    today = rules.london_day(request.now)
    then, note = past_time_or_note(request.GET.get("as_at", ""), now=request.now)
    position = position_of(item, today=today, then=then)
    until, before = (then.on, then.before) if then else (today, None)
    timeline = timeline_of(item, until=until, before=before)
    is_writer = may_update(request.user, item.body) and then is None
    draft = draft_of(item) if is_writer else None
    page = Paginator(timeline.entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "assignment": item,
        "recommendation": item.recommendation,
        "position": position,
        "tags": labels.tags(position) if position else [],
        "due": due_sentence(position) if position else "",
        "timeline": timeline,
        "page": page,
        "returned": timeline.returned if position and position.is_returned else None,
        "no_change": labels.no_change(position) if position and not is_writer else "",
        "next_action": next_action(item, draft, on=today) if is_writer else None,
        "is_writer": is_writer,
        "open_questions": item.questions.open().count() if then is None else 0,
        "open_request": open_request(item) if then is None else None,
        "decides": then is None
        and item.status not in rules.CLOSED
        and may(request.user, Permission.DECIDE_DUE_DATES),
        "review_url": visibility_of(request.user).review_url(position)
        if position and then is None
        else "",
        "reminder": reminder_for(item, at=request.now)
        if then is None
        and item.status in rules.OPEN
        and may(request.user, Permission.SEND_REMINDERS)
        else None,
        "may_correct": is_writer and draft is None and not correction_error(item),
        "draft": draft,
        "draft_state": saved_sentence(draft, request) if draft else "",
        "past_day": then,
        "as_at_note": note,
    }
    return render(request, "assignment/assignment.html", context)
